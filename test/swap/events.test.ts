/**
 * What a program hears of a swap and what it has to say to it, where changes are made in place only on request: the events, `cancel`,
 * `import.meta.hot.swap`, and that who migrates is changed in place too.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { story, type SwapCase } from './case.ts';
import { runProgram, type RunReport } from './host.ts';
import { runText } from './texts.ts';

const LISTENS = `const names = { 'hmr-dev:swap-before': 'before', 'hmr-dev:swap-after': 'after', 'hmr-dev:swap-refused': 'refused', 'hmr-dev:swap-rollback': 'rollback' };
for (const [event, name] of Object.entries(names)) {
  import.meta.hot.on(event, ({ type, paths, notes, refusals, err }) => {
    log([name, type, paths?.join(), ...(notes ?? []), ...(refusals ?? []).map(({ path, reason, line }) => path + ':' + line + ' ' + reason), err?.message].filter(Boolean).join(' '));
  });
}
`;

async function run(swapCase: Omit<SwapCase, 'name' | 'starts'>): Promise<RunReport> {
  return runProgram({ ...runText({ ...swapCase, name: '', starts: [] }, 'classes'), swapsOnRequest: true });
}

const edits = (files: string, ...steps: (readonly [string, string])[]): SwapCase =>
  story({ name: '', starts: [], files, steps: steps.map((edit) => ({ edit: [edit] })) });

describe('events of hot-swap', () => {
  const program = `${LISTENS}import.meta.hot.swap = true;
const K = 1;
const list = [K];
function f() { return 'v1'; }
f();
probe(() => [f()]);`;

  test('before and after, with paths and notes', async () => {
    const { saves } = await run(edits(program, ["'v1'", "'v2'"], ['K = 1', 'K = 2']));
    assert.deepEqual(saves[0]?.look.logged, ['before swap /main.js', 'after swap /main.js']);
    assert.deepEqual(saves[1]?.look.logged, [
      'before swap /main.js',
      'after swap /main.js /main.js: list was made with K, which changed; it is kept',
    ]);
  });

  test('refused, with the line and the reason', async () => {
    const { saves } = await run(edits(program, ['\nf();', '\nf(1);']));
    assert.deepEqual(saves[0]?.look.logged, ['refused swap /main.js:11 a statement at module level changed']);
    assert.equal(saves[0].kind, 'reload');
  });

  test('rollback, with the error', async () => {
    const hook = "migrate({ K() { throw new Error('no') } });\nconst K = 2";
    const { saves } = await run(edits(program, ['swap = true;\nconst K = 1', hook]));
    assert.deepEqual(saves[0]?.look, { logged: ['before swap /main.js', 'rollback swap /main.js no'], probed: ['v1'] });
    assert.equal(saves[0].kind, 'failed');
  });

  test('a listener cancels: the module is treated as if it could not be changed in place', async () => {
    const cancels = `${program}\nimport.meta.hot.on('hmr-dev:swap-before', ({ cancel }) => cancel('not now'));`;
    const { saves } = await run(edits(cancels, ["'v1'", "'v2'"]));
    const [save] = saves;
    assert.deepEqual(save?.look, {
      logged: ['before swap /main.js', 'refused swap /main.js:undefined not now'],
      probed: ['v1'],
    });
    assert.deepEqual([save.kind, save.swapped, save.reasons], ['reload', [], ['not now']]);
  });
});

describe('objects that stay as they are', () => {
  const program = `${LISTENS}import.meta.hot.swap = true;
class Apple { seeds = 1; #core = 2; peel = () => 3; constructor() { this.skin = 'red'; } cut() { return this.#core; } }
const apple = new Apple();
probe(() => [apple.seeds, apple.skin]);`;
  const note =
    '/main.js: objects of Apple that are there keep what the constructor and fields have given them; new ones get the new (import.meta.hot.migrate changes them)';

  for (const [from, to] of [
    ["'red'", "'green'"],
    ['seeds = 1', 'seeds = 5'],
    ['#core = 2', '#core = 5'],
  ] as const) {
    test(`a note says so, once: ${to}`, async () => {
      const { saves } = await run(edits(program, [from, to], ['return this.#core', 'return 0']));
      assert.deepEqual(saves[0]?.look, { logged: ['before swap /main.js', `after swap /main.js ${note}`], probed: ['1', 'red'] });
      assert.deepEqual(saves[1]?.look.logged, ['before swap /main.js', 'after swap /main.js']);
    });
  }

  for (const [from, to] of [
    ['=> 3', '=> 4'],
    ['return this.#core', 'return 0'],
    ['seeds = 1;', 'seeds = 1; leaf = true;'],
    ["'red'", "'green'"],
  ] as const) {
    const migrates = from === "'red'" ? '\nimport.meta.hot.migrate({ Apple() {} });' : '';
    test(`none is due: ${to}${migrates}`, async () => {
      const { saves } = await run(edits(program + migrates, [from, to]));
      assert.deepEqual(saves[0]?.look.logged, ['before swap /main.js', 'after swap /main.js']);
    });
  }
});

describe('what of a class was made with a value that changes', () => {
  const program = `const K = 1;
class Parent {}
export class Child extends Parent { static size = K; ['at' + K]() {} }
`;

  test('below a boundary the module runs again', async () => {
    const files = { '/main.js': `import './m.js';\nimport.meta.hot.accept('./m.js', () => {});`, '/m.js': program };
    const { saves } = await run(story({ name: '', starts: [], files, steps: [{ edit: { '/m.js': [['K = 1', 'K = 2']] } }] }));
    assert.deepEqual([saves[0]?.kind, saves[0]?.swapped], ['updated', []]);
    assert.deepEqual(saves[0]?.reasons, ['Child was made with K, whose value changes']);
  });

  test('where nobody runs anything again, a note says so', async () => {
    const { saves } = await run(edits(`${LISTENS}import.meta.hot.swap = true;\n${program}`, ['K = 1', 'K = 2']));
    assert.equal(
      saves[0]?.look.logged[1],
      'after swap /main.js /main.js: Child was made with K, which changed; what is static in it is kept',
    );
  });
});

describe('who asks to be changed in place', () => {
  const plain = `function f() { return 'v1'; }
class Apple { seeds = 1; }
probe(() => [f()]);
`;

  for (const asks of ['import.meta.hot.swap = true;', 'import.meta.hot.migrate({ Apple() {} });']) {
    test(`a module that nobody accepts: ${asks}`, async () => {
      const { saves } = await run(edits(plain + asks, ["'v1'", "'v2'"]));
      assert.deepEqual(saves[0]?.swapped, ['/main.js']);
      assert.deepEqual(saves[0].look.probed, ['v2']);
    });
  }

  test('nobody', async () => {
    const { saves } = await run(edits(plain, ["'v1'", "'v2'"]));
    assert.equal(saves[0]?.kind, 'reload');
  });

  test('a module asked no longer', async () => {
    const { saves } = await run(edits(`${plain}import.meta.hot.swap = true;`, ['hot.swap = true', 'hot.swap = false'], ["'v1'", "'v2'"]));
    assert.deepEqual(saves[0]?.swapped, ['/main.js']);
    assert.equal(saves[1]?.kind, 'reload');
  });

  test('a module that accepts itself is changed in place, not run again, when it says so', async () => {
    const accepts = `log('runs');\n${plain}import.meta.hot.accept();`;
    const again = await run(edits(accepts, ["'v1'", "'v2'"]));
    assert.deepEqual(again.saves[0]?.swapped, []);
    assert.deepEqual(again.saves[0].look.logged, ['runs']);
    const inPlace = await run(edits(`${accepts}\nimport.meta.hot.swap = true;`, ["'v1'", "'v2'"]));
    assert.deepEqual(inPlace.saves[0]?.swapped, ['/main.js']);
    assert.deepEqual(inPlace.saves[0].look.logged, []);
  });
});
