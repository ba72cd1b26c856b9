import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { createProgram } from './program.ts';

const text = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);

describe('an update', () => {
  it('runs a self-accepting module again and nothing else; importers see the new export', async () => {
    const program = createProgram({
      '/main.js': `import { name } from './a.js'; log('main'); state.read = () => name;`,
      '/a.js': `log('a1'); export const name = 'one'; import.meta.hot.accept((module) => log('accepted ' + module.name));`,
    });
    await program.start();
    assert.deepEqual(program.take(), ['a1', 'main']);
    const outcome = await program.save({ '/a.js': `log('a2'); export const name = 'two'; import.meta.hot.accept();` });
    assert.equal(outcome.kind, 'updated');
    assert.deepEqual(program.take(), ['a2', 'accepted two']);
    assert.equal((program.state['read'] as () => string)(), 'two');
  });

  it('goes up to the importer that accepts the dependency, and runs what lies between', async () => {
    const program = createProgram({
      '/main.js': `import './view.js'; log('main'); import.meta.hot.accept('./view.js', (view) => log('accepted ' + view.title));`,
      '/view.js': `import { part } from './part.js'; log('view'); export const title = 'view of ' + part;`,
      '/part.js': `log('part'); export const part = 1;`,
    });
    await program.start();
    program.take();
    const outcome = await program.save({ '/part.js': `log('part'); export const part = 2;` });
    assert.deepEqual(program.take(), ['part', 'view', 'accepted view of 2']);
    assert.deepEqual(outcome.kind === 'updated' && outcome.boundaries, [{ boundary: '/main.js', via: '/view.js', kind: 'dependency' }]);
  });

  it('reloads when nobody accepts, and says the path and the rule', async () => {
    const program = createProgram({
      '/main.js': `import './view.js';`,
      '/view.js': `import './part.js';`,
      '/part.js': `export const part = 1;`,
    });
    await program.start();
    const outcome = await program.save({ '/part.js': `export const part = 2;` });
    assert.deepEqual(outcome, {
      kind: 'reload',
      path: ['/part.js', '/view.js', '/main.js'],
      reason: '/main.js accepts nothing',
      refusals: [],
    });
  });

  it('ignores modules that do not run here, and content that is the same', async () => {
    const program = createProgram({ '/main.js': `log('main');`, '/other.js': `log('other');` });
    await program.start();
    program.take();
    assert.deepEqual(await program.save({ '/other.js': `log('changed');` }), { kind: 'ignored' });
    assert.deepEqual(await program.save({ '/main.js': `log('main');` }), { kind: 'ignored' });
    assert.deepEqual(program.take(), []);
  });

  it('disposes every replaced module once, dependents first, with its data, before anything new runs', async () => {
    const program = createProgram({
      '/main.js': `import './a.js'; import './b.js'; import.meta.hot.accept('./a.js'); import.meta.hot.accept('./b.js');`,
      '/a.js': `import './shared.js'; import.meta.hot.dispose((data) => { data.from = 'a'; log('dispose a'); });`,
      '/b.js': `import './shared.js'; import.meta.hot.dispose(() => log('dispose b'));`,
      '/shared.js': `log('shared'); import.meta.hot.dispose(() => log('dispose shared 1')); import.meta.hot.dispose(async () => { await null; log('dispose shared 2'); });`,
    });
    await program.start();
    program.take();
    await program.save({ '/shared.js': `log('new shared');` });
    assert.deepEqual(program.take(), ['dispose b', 'dispose a', 'dispose shared 1', 'dispose shared 2', 'new shared']);
  });

  it('keeps hot.data over updates', async () => {
    const source = (n: number): string =>
      `import.meta.hot.data.count = (import.meta.hot.data.count ?? 0) + 1; log(import.meta.hot.data.count); import.meta.hot.accept(); // ${n}`;
    const program = createProgram({ '/main.js': source(1) });
    await program.start();
    await program.save({ '/main.js': source(2) });
    await program.save({ '/main.js': source(3) });
    assert.deepEqual(program.take(), [1, 2, 3]);
  });

  it('gives the array form only the updated slots', async () => {
    const program = createProgram({
      '/main.js': `import './a.js'; import './b.js'; import.meta.hot.accept(['./a.js', './b.js'], ([a, b]) => log([a?.n, b?.n]));`,
      '/a.js': `export const n = 1;`,
      '/b.js': `export const n = 1;`,
    });
    await program.start();
    await program.save({ '/b.js': `export const n = 2;` });
    await program.save({ '/a.js': `export const n = 3;`, '/b.js': `export const n = 4;` });
    assert.deepEqual(program.take(), [
      [undefined, 2],
      [3, 4],
    ]);
  });

  it('calls stacked callbacks in order, each awaited, and goes on after one that throws', async () => {
    const source = (n: number): string => `export const n = ${n};
import.meta.hot.accept(async () => { await null; log('first'); });
import.meta.hot.accept(() => { throw new Error('second'); });
import.meta.hot.accept((module) => log('third ' + module.n));`;
    const program = createProgram({ '/main.js': source(1) });
    await program.start();
    const outcome = await program.save({ '/main.js': source(2) });
    assert.deepEqual(program.take(), ['first', 'third 2']);
    assert.deepEqual(outcome.kind === 'updated' && outcome.errors.map(text), ['second']);
  });
});

describe('a failing update', () => {
  it('puts the old exports back, hands undefined to accept, and is tried again by the next save', async () => {
    const program = createProgram({
      '/main.js': `import { n } from './a.js'; state.read = () => n;`,
      '/a.js': `export const n = 1; import.meta.hot.accept((module) => log(module === undefined));`,
    });
    await program.start();
    const read = program.state['read'] as () => number;
    const failed = await program.save({ '/a.js': `export let n = 2; n = 3; throw new Error('no');` });
    assert.equal(failed.kind === 'failed' && text(failed.error), 'no');
    assert.deepEqual(program.take(), [true]);
    assert.equal(read(), 1);
    assert.equal((await program.save({ '/a.js': `export const n = 4; import.meta.hot.accept();` })).kind, 'updated');
    assert.equal(read(), 4);
  });

  it('runs the module again when the author goes back to the old text', async () => {
    const good = `log('good'); export const n = 1; import.meta.hot.accept();`;
    const program = createProgram({ '/main.js': `import './a.js';`, '/a.js': good });
    await program.start();
    await program.save({ '/a.js': `throw new Error('no');` });
    program.take();
    assert.equal((await program.save({ '/a.js': good })).kind, 'updated');
    assert.deepEqual(program.take(), ['good']);
  });

  it('touches nothing when the new modules do not link', async () => {
    const program = createProgram({
      '/main.js': `import { n } from './a.js'; import.meta.hot.accept('./a.js'); state.read = () => n;`,
      '/a.js': `export const n = 1; import.meta.hot.dispose(() => log('disposed'));`,
    });
    await program.start();
    const outcome = await program.save({ '/a.js': `export const other = 2;` });
    assert.match(outcome.kind === 'failed' ? text(outcome.error) : '', /'\/a\.js' does not provide an export named 'n'.*\/main\.js/);
    assert.deepEqual(program.take(), []);
    assert.equal((program.state['read'] as () => number)(), 1);
  });

  it('keeps all modules of a transaction old when one of them throws', async () => {
    const program = createProgram({
      '/main.js': `import { a } from './a.js'; import { b } from './b.js'; import.meta.hot.accept(['./a.js', './b.js'], () => log('accepted')); state.read = () => [a, b];`,
      '/a.js': `export const a = 1;`,
      '/b.js': `export const b = 1;`,
    });
    await program.start();
    await program.save({ '/a.js': `export const a = 2;`, '/b.js': `export const b = 2; throw new Error('no');` });
    assert.deepEqual([...(program.state['read'] as () => number[])()], [1, 1]);
    assert.deepEqual(program.take(), []);
  });

  it('does not let what a replaced module still does reach importers', async () => {
    const program = createProgram({
      '/main.js': `import { n } from './a.js'; import.meta.hot.accept('./a.js'); state.read = () => n;`,
      '/a.js': `export let n = 1; state.old = () => { n = 'stale'; };`,
    });
    await program.start();
    const old = program.state['old'] as () => void;
    await program.save({ '/a.js': `export let n = 2;` });
    old();
    assert.equal((program.state['read'] as () => unknown)(), 2);
  });
});

describe('boundaries', () => {
  it('hands a fresh namespace over at every version; the old one keeps its values', async () => {
    const program = createProgram({
      '/main.js': `import * as first from './a.js'; state.spaces = [first]; import.meta.hot.accept('./a.js', (module) => state.spaces.push(module));`,
      '/a.js': `export const n = 1;`,
    });
    await program.start();
    await program.save({ '/a.js': `export const n = 2;` });
    const [before, after] = program.state['spaces'] as { n: number }[];
    assert.notEqual(before, after);
    assert.deepEqual([before?.n, after?.n], [1, 2]);
  });

  it('asks one outside a changed cycle first', async () => {
    const program = createProgram({
      '/main.js': `import './a.js'; import.meta.hot.accept('./a.js', () => log('main accepted'));`,
      '/a.js': `import './b.js'; log('a'); import.meta.hot.accept(() => log('a accepted'));`,
      '/b.js': `import './a.js'; log('b'); export const n = 1;`,
    });
    await program.start();
    program.take();
    await program.save({ '/b.js': `import './a.js'; log('b'); export const n = 2;` });
    assert.deepEqual(program.take(), ['b', 'a', 'main accepted']);
  });

  it('acceptExports holds as long as importers use no other export', async () => {
    const make = (used: string): ReturnType<typeof createProgram> =>
      createProgram({
        '/main.js': `import ${used} from './a.js';`,
        '/a.js': `export const one = 1, two = 2; import.meta.hot.acceptExports(['one'], () => log('accepted'));`,
      });
    const change = { '/a.js': `export const one = 'new', two = 2;` };
    for (const [used, kind] of [
      ['{ one }', 'updated'],
      ['{ one, two }', 'reload'],
      ['* as all', 'reload'],
    ] as const) {
      const program = make(used);
      await program.start();
      assert.equal((await program.save(change)).kind, kind, used);
    }
  });

  it('decline reloads, whoever accepts', async () => {
    const program = createProgram({
      '/main.js': `import './a.js'; import.meta.hot.accept('./a.js');`,
      '/a.js': `import.meta.hot.decline(); export const n = 1;`,
    });
    await program.start();
    const outcome = await program.save({ '/a.js': `export const n = 2;` });
    assert.equal(outcome.kind === 'reload' && outcome.reason, '/a.js declined hot updates');
  });

  it('one branch without a boundary reloads', async () => {
    const program = createProgram({
      '/main.js': `import './a.js'; import './b.js'; import.meta.hot.accept('./a.js');`,
      '/a.js': `import './shared.js';`,
      '/b.js': `import './shared.js';`,
      '/shared.js': `export const n = 1;`,
    });
    await program.start();
    assert.equal((await program.save({ '/shared.js': `export const n = 2;` })).kind, 'reload');
  });

  it('invalidate hands on to the importers, with its message where it ends in a reload', async () => {
    const files = {
      '/main.js': `import './mid.js'; import.meta.hot.accept('./mid.js', () => log('main accepted'));`,
      '/mid.js': `import './a.js'; log('mid');`,
      '/a.js': `export const n = 1; import.meta.hot.accept(() => import.meta.hot.invalidate('too much'));`,
    };
    const program = createProgram(files);
    await program.start();
    program.take();
    const outcome = await program.save({ '/a.js': `log('a'); export const n = 2; import.meta.hot.accept();` });
    assert.equal(outcome.kind, 'updated');
    assert.deepEqual(program.take(), ['a', 'mid', 'main accepted']);

    const alone = createProgram({ '/main.js': `import './a.js';`, '/a.js': files['/a.js'] });
    await alone.start();
    const reload = await alone.save({ '/a.js': `export const n = 2;` });
    assert.equal(reload.kind, 'reload');
    assert.match(reload.kind === 'reload' ? reload.reason : '', /^\/a\.js invalidated itself: too much; \/main\.js accepts nothing/);
  });

  it('invalidate outside an update starts one, and two that invalidate each other end', async () => {
    const program = createProgram({
      '/main.js': `import './a.js'; log('main'); import.meta.hot.accept(); `,
      '/a.js': `state.invalidate = () => import.meta.hot.invalidate();`,
    });
    await program.start();
    program.take();
    (program.state['invalidate'] as () => void)();
    await program.runtime.apply([]);
    assert.deepEqual(program.take(), ['main']);
    assert.deepEqual(
      program.outcomes.map(({ kind }) => kind),
      ['updated'],
    );
  });
});

describe('the graph over updates', () => {
  it('does not take an importer that threw for a boundary: the rest of it never runs', async () => {
    const main = `import { n } from './dep.js'; import.meta.hot.accept('./dep.js', () => log('taken')); if (n === 1) throw new Error('main'); log('rest');`;
    const program = createProgram({ '/main.js': main, '/dep.js': `export const n = 1;` });
    await assert.rejects(program.start(), { message: 'main' });
    const outcome = await program.save({ '/dep.js': `export const n = 2;` });
    assert.deepEqual(outcome, { kind: 'reload', path: ['/dep.js', '/main.js'], reason: '/main.js had not run to its end', refusals: [] });
    assert.deepEqual(program.take(), []);
  });

  it('does not end what was imported by a whole address', async () => {
    const program = createProgram({
      '/main.js': `import './gone.js'; import.meta.hot.accept(); state.loaded = import(import.meta.url.replace('main', 'plugins/a'));`,
      '/gone.js': `import.meta.hot.prune(() => log('prune gone'));`,
      '/plugins/a.js': `import.meta.hot.prune(() => log('prune a'));`,
    });
    await program.start();
    await program.state['loaded'];
    await program.save({ '/main.js': `import.meta.hot.accept();` });
    assert.deepEqual(program.take(), ['prune gone']);
  });

  it('loads what a new version imports', async () => {
    const program = createProgram({ '/main.js': `import.meta.hot.accept();`, '/late.js': `log('late'); export const late = 'late';` });
    await program.start();
    await program.save({ '/main.js': `import { late } from './late.js'; log(late); import.meta.hot.accept();` });
    assert.deepEqual(program.take(), ['late', 'late']);
  });

  it('prunes what nobody imports any more, after dispose, and forgets its data', async () => {
    const program = createProgram({
      '/main.js': `import './gone.js'; import.meta.hot.accept();`,
      '/gone.js': `import './deep.js'; log(import.meta.hot.data.kept); import.meta.hot.data.kept = true; import.meta.hot.dispose(() => log('dispose')); import.meta.hot.prune(() => log('prune'));`,
      '/deep.js': `import.meta.hot.prune(() => log('prune deep'));`,
    });
    await program.start();
    program.take();
    const outcome = await program.save({ '/main.js': `import.meta.hot.accept();` });
    assert.deepEqual(program.take(), ['dispose', 'prune', 'prune deep']);
    assert.deepEqual(outcome.kind === 'updated' && outcome.pruned, ['/gone.js', '/deep.js']);
    await program.save({ '/main.js': `import './gone.js'; import.meta.hot.accept();` });
    assert.deepEqual(program.take(), [undefined]);
  });

  it('follows a barrel that takes a name from elsewhere, for importers that do not run again', async () => {
    const program = createProgram({
      '/main.js': `import { name } from './barrel.js'; import.meta.hot.accept('./barrel.js'); state.read = () => name;`,
      '/barrel.js': `export * from './one.js';`,
      '/one.js': `export const name = 'one';`,
      '/two.js': `export const name = 'two';`,
    });
    await program.start();
    const read = program.state['read'] as () => string;
    await program.save({ '/barrel.js': `export * from './two.js';` });
    assert.equal(read(), 'two');
    await program.save({ '/two.js': `export const name = 'two again';` });
    assert.equal(read(), 'two again');
    await program.save({ '/one.js': `export const name = 'not read';` });
    assert.equal(read(), 'two again');
  });

  it('updates modules with top-level await, and is superseded by a newer save while one hangs', async () => {
    const program = createProgram({
      '/main.js': `import { n } from './a.js'; import.meta.hot.accept('./a.js', () => log('accepted ' + n));`,
      '/a.js': `export const n = await 1;`,
    });
    await program.start();
    const hanging = program.save({ '/a.js': `export const n = await new Promise(() => {});` });
    await new Promise((resolve) => setImmediate(resolve));
    const next = program.save({ '/a.js': `export const n = await 3;` });
    assert.deepEqual([(await hanging).kind, (await next).kind], ['superseded', 'updated']);
    assert.deepEqual(program.take(), ['accepted 3']);
  });

  for (const event of ['beforeUpdate', 'afterUpdate', 'beforePrune']) {
    it(`leaves a listener of ${event} that hangs when a newer save comes`, async () => {
      const program = createProgram({
        '/main.js': `import.meta.hot.on('hmr-dev:${event}', () => new Promise(() => log('hangs'))); import './a.js';`,
        '/a.js': `import './gone.js'; import.meta.hot.accept();`,
        '/gone.js': ``,
      });
      await program.start();
      const hanging = program.save({ '/a.js': `log('a2'); import.meta.hot.accept();` });
      await program.heard('hangs');
      void program.save({ '/a.js': `log('a3'); import.meta.hot.accept();` });
      assert.equal((await hanging).kind, 'updated');
      await program.heard('a3');
    });
  }

  it('counts an import() that ran as an importer', async () => {
    const program = createProgram({
      '/main.js': `state.load = () => import('./lazy.js'); import.meta.hot.accept('./lazy.js', (lazy) => log('accepted ' + lazy.n));`,
      '/lazy.js': `export const n = 1;`,
    });
    await program.start();
    assert.equal((await program.save({ '/lazy.js': `export const n = 2;` })).kind, 'ignored');
    assert.equal((await (program.state['load'] as () => Promise<{ n: number }>)()).n, 2);
    assert.equal((await program.save({ '/lazy.js': `export const n = 3;` })).kind, 'updated');
    assert.deepEqual(program.take(), ['accepted 3']);
  });

  it("leaves modules that the page imports itself to the page's own listener", async () => {
    const program = createProgram({
      '/main.js': `state.app = log('app'); const load = (file) => import('/' + file); state.load = load; state.view = await load('view.js');`,
      '/view.js': `export const n = 1;`,
    });
    program.handWritten = true;
    await program.start();
    const outcome = await program.save({ '/view.js': `export const n = 2;` });
    assert.equal(outcome.kind, 'updated');
    const load = program.state['load'] as (file: string) => Promise<{ n: number }>;
    assert.equal((await load('view.js')).n, 2);
    assert.deepEqual(program.take(), ['app']);
  });
});

test('a module knows its exports at its own end, and keeps those of its version', async () => {
  const program = createProgram({
    '/main.js': `export let n = 1; const { exports } = import.meta.hot; log(exports.n); import.meta.hot.accept((next) => log([exports.n, next.n]));`,
  });
  await program.start();
  await program.save({ '/main.js': `export const n = 2;` });
  assert.deepEqual(program.take(), [1, [1, 2]]);
});

describe('events', () => {
  it('have a name of ours and the one of Vite, and end with the module', async () => {
    const program = createProgram({
      '/main.js': `import.meta.hot.accept(); import.meta.hot.on('vite:beforeUpdate', () => log('vite')); import.meta.hot.on('hmr-dev:afterUpdate', () => log('after'));`,
    });
    await program.start();
    await program.save({
      '/main.js': `import.meta.hot.accept(); const f = () => log('off'); import.meta.hot.on('x', f); import.meta.hot.off('x', f); import.meta.hot.on('x', (data) => log(data));`,
    });
    await program.runtime.events.emit('x', 'custom');
    assert.deepEqual(program.take(), ['vite', 'custom']);
  });

  it('tell that modules are replaced after they have accepted themselves and before importers hear, and not while something is handed on', async () => {
    const program = createProgram({
      '/main.js': `import './view.js'; import.meta.hot.on('hmr-dev:replaced', () => log('replaced')); import.meta.hot.accept('./view.js', () => log('main'));`,
      '/view.js': `import './part.js'; import.meta.hot.accept(() => { log('view'); import.meta.hot.invalidate(); });`,
      '/part.js': ``,
    });
    await program.start();
    await program.save({ '/part.js': `export const n = 1;` });
    assert.deepEqual(program.take(), ['view', 'replaced', 'main']);
  });

  it('keep a listener that two versions of a module share, and end both names of an event', async () => {
    const source = (n: number): string => `state.shared ??= (data) => log(data); import.meta.hot.on('x', state.shared);
      import.meta.hot.on('vite:y', state.shared); import.meta.hot.off('hmr-dev:y', state.shared); import.meta.hot.accept(); // ${n}`;
    const program = createProgram({ '/main.js': source(1) });
    await program.start();
    await program.save({ '/main.js': source(2) });
    await program.runtime.events.emit('x', 'heard');
    await program.runtime.events.emit('vite:y', 'ended');
    assert.deepEqual(program.take(), ['heard']);
  });

  it('reach every listener, also after one that throws and one that waits', async () => {
    const program = createProgram({
      '/main.js': `const { hot } = import.meta; hot.on('x', async () => { await state.opened; log('one'); });
        hot.on('x', () => { log('two'); throw new Error('three'); }); hot.on('x', () => log('four'));`,
    });
    let open = (): void => undefined;
    program.state['opened'] = new Promise<void>((resolve) => (open = resolve));
    await program.start();
    const emitted = program.runtime.events.emit('x', undefined);
    assert.deepEqual(program.take(), ['two', 'four']);
    open();
    await emitted;
    assert.deepEqual(program.take(), ['one']);
    assert.deepEqual(program.errors.map(text), ['three']);
  });

  it('send goes to the host', async () => {
    const program = createProgram({ '/main.js': `import.meta.hot.send('hi', { n: 1 });` });
    await program.start();
    assert.equal(program.sent.length, 1);
    assert.equal(program.sent[0]?.[0], 'hi');
  });
});

describe('a container', () => {
  const app = `import { container } from 'hmr-dev/client';
log('main');
state.done = container({ './view.js': 'view', './model.js': 'model' }, ({ view, model }) => log([view.name, model.name]));`;
  const files = {
    '/main.js': app,
    '/view.js': `import { part } from './part.js'; export const name = 'view ' + part;`,
    '/part.js': `export const part = 1;`,
    '/model.js': `export const name = 'model';`,
  };

  it('runs its update at the start, and once for each batch', async () => {
    const program = createProgram(files);
    await program.start();
    await program.state['done'];
    assert.deepEqual(program.take(), ['main', ['view 1', 'model']]);
    const outcome = await program.save({ '/part.js': `export const part = 2;`, '/model.js': `export const name = 'model 2';` });
    assert.equal(outcome.kind, 'updated');
    assert.deepEqual(program.take(), [['view 2', 'model 2']]);
  });

  it('takes loaders by property', async () => {
    const program = createProgram({
      ...files,
      '/main.js': `import { container } from 'hmr-dev/client'; state.done = container({ view: () => import('./view.js') }, ({ view }) => log(view.name));`,
    });
    await program.start();
    await program.state['done'];
    await program.save({ '/view.js': `export const name = 'new view';` });
    assert.deepEqual(program.take(), ['view 1', 'new view']);
  });

  it('keeps what it had when the update function throws, and shows the error', async () => {
    const program = createProgram({
      '/main.js': `import { container } from 'hmr-dev/client'; state.done = container({ './view.js': 'view' }, ({ view }) => view.render());`,
      '/view.js': `export const render = () => log('one');`,
    });
    await program.start();
    await program.state['done'];
    const outcome = await program.save({ '/view.js': `export const render = () => { throw new Error('two'); };` });
    assert.deepEqual(outcome.kind === 'updated' && outcome.errors.map(text), ['two']);
    await program.save({ '/view.js': `export const render = () => log('three');` });
    assert.deepEqual(program.take(), ['one', 'three']);
  });

  it('rejects with what the first run throws', async () => {
    const program = createProgram({
      '/main.js': `import { container } from 'hmr-dev/client'; state.done = container({ './view.js': 'view' }, () => { throw new Error('first'); });`,
      '/view.js': `export {};`,
    });
    await program.start();
    await assert.rejects(program.state['done'] as Promise<void>, { message: 'first' });
  });
});
