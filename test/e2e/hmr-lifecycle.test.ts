/**
 * `import.meta.hot` in Chromium: how a module ends (dispose, prune), hands on (invalidate), and talks (on, off, send).
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openHot } from './hot-page.ts';

test('dispose: several, in order, each awaited with data, for every replaced module once, before anything new runs', async (t) => {
  const part = (n: number): string => `say('part ${n}'); export const part = ${n}; import.meta.hot.dispose(() => say('dispose part'));`;
  const site = await openHot(t, {
    'main.js': `import './a.js'; import './b.js'; import.meta.hot.accept('./a.js'); import.meta.hot.accept('./b.js');`,
    'a.js': `import { part } from './part.js'; say('a of ' + part, import.meta.hot.data.from ?? null);
      import.meta.hot.dispose((data) => { data.from = 'a'; say('dispose a 1'); });
      import.meta.hot.dispose(async (data) => { await new Promise((resolve) => requestAnimationFrame(resolve)); say('dispose a 2', data.from); });`,
    'b.js': `import { part } from './part.js'; say('b of ' + part);
      import.meta.hot.dispose(() => { say('dispose b'); throw new Error('b cannot end'); });`,
    'part.js': part(1),
  });
  await site.said();
  await site.save({ 'part.js': part(2) });
  assert.deepEqual(await site.said(), [
    'dispose b',
    'dispose a 1',
    ['dispose a 2', 'a'],
    'dispose part',
    'part 2',
    ['a of 2', 'a'],
    'b of 2',
  ]);
  const [first, second, thrown] = await site.printed();
  assert.deepEqual([first, second], ['hot updated: /main.js via /a.js', 'hot updated: /main.js via /b.js']);
  assert.match(thrown ?? '', /^what the update called has thrown\. Error: b cannot end/);
  await site.tab.untilText('hmr-dev-overlay', /b cannot end/);
});

test('prune: after dispose, when the last importer is gone, also of what it imported; imported again, it starts anew', async (t) => {
  const gone = (
    name: string,
    imports: string,
  ): string => `${imports} say('${name}', import.meta.hot.data.kept ?? null); import.meta.hot.data.kept = true;
    import.meta.hot.dispose(() => say('dispose ${name}')); import.meta.hot.prune((data) => say('prune ${name}', data.kept));`;
  const both = `import './gone.js'; import './stays.js'; import.meta.hot.accept(); import.meta.hot.on('vite:beforePrune', ({ type, paths }) => say(type, paths));`;
  const site = await openHot(t, {
    'main.js': both,
    'gone.js': gone('gone', `import './deep.js'; import './stays.js';`),
    'deep.js': gone('deep', ''),
    'stays.js': gone('stays', ''),
  });
  await site.said();
  await site.save({ 'main.js': both.replace(`import './gone.js'; `, '') });
  assert.deepEqual(await site.said(), [
    ['prune', ['/gone.js', '/deep.js']],
    'dispose gone',
    ['prune gone', true],
    'dispose deep',
    ['prune deep', true],
  ]);
  // Nothing of it runs any more: a save means nothing to the page.
  assert.equal((await site.save({ 'deep.js': gone('deeper', '') }))[0]?.kind, 'ignored');
  await site.save({ 'main.js': both });
  assert.deepEqual(await site.said(), [
    ['deeper', null],
    ['gone', null],
  ]);
});

test('prune: an import() that the new version does not name any more is gone as well', async (t) => {
  const lazy = `say('lazy'); import.meta.hot.prune(() => say('prune lazy'));`;
  const site = await openHot(t, { 'main.js': `await import('./lazy.js'); import.meta.hot.accept();`, 'lazy.js': lazy });
  // An import() may come in after the page has loaded.
  await site.page.waitForFunction(() => (globalThis as { said?: unknown[] }).said?.length === 1);
  assert.deepEqual(await site.said(), ['lazy']);
  await site.save({ 'main.js': `import.meta.hot.accept();` });
  assert.deepEqual(await site.said(), ['prune lazy']);
});

test('invalidate: hands on to the importers, with its message in the console; each module once', async (t) => {
  const leaf = (n: number): string =>
    `say('leaf'); export const n = ${n}; import.meta.hot.accept(() => { say('not for me'); import.meta.hot.invalidate('it grew'); });`;
  const site = await openHot(t, {
    'main.js': `import './mid.js'; say('main'); import.meta.hot.accept('./mid.js', () => say('main took mid'));
      import.meta.hot.on('vite:invalidate', ({ path, message }) => say(path, message));`,
    'mid.js': `import { n } from './leaf.js'; say('mid of ' + n);`,
    'leaf.js': leaf(1),
  });
  await site.said();
  await site.save({ 'leaf.js': leaf(2) });
  assert.deepEqual(await site.said(), ['leaf', 'not for me', ['/leaf.js', 'it grew'], 'mid of 2', 'main took mid']);
  assert.deepEqual(await site.printed(), ['invalidate /leaf.js: it grew', 'hot updated: /leaf.js', 'hot updated: /main.js via /mid.js']);
  assert.equal(await site.terminalLine('leaf.js'), 'leaf.js: hot updated /leaf.js, hot updated /main.js via /mid.js');
});

test('invalidate where nobody above accepts: a reload that says who began', async (t) => {
  const leaf = (n: number): string => `export const n = ${n}; import.meta.hot.accept(() => import.meta.hot.invalidate());`;
  const site = await openHot(t, { 'main.js': `import './leaf.js';`, 'leaf.js': leaf(1) });
  await site.saveAndReload({ 'leaf.js': leaf(2) });
  const reason = '/main.js ← /leaf.js: /leaf.js invalidated itself; /main.js accepts nothing';
  assert.ok((await site.printed()).includes(`page reload /leaf.js (${reason})`));
  assert.ok(site.tab.console.lines.includes('[hmr-dev] invalidate /leaf.js'));
  assert.equal(await site.terminalLine('leaf.js'), `leaf.js: page reload (${reason})`);
});

test('invalidate: modules that hand on to each other end, whatever they do', async (t) => {
  const side = (other: string, n: number): string =>
    `import './${other}.js'; say('${n}'); import.meta.hot.accept(() => import.meta.hot.invalidate());`;
  const site = await openHot(t, {
    'main.js': `import './a.js'; import.meta.hot.accept('./a.js', () => say('main'));`,
    'a.js': side('b', 1),
    'b.js': `import './a.js'; import.meta.hot.accept(() => import.meta.hot.invalidate()); say('b');`,
  });
  await site.said();
  assert.equal(
    (await site.save({ 'b.js': `import './a.js'; import.meta.hot.accept(() => import.meta.hot.invalidate()); say('b2');` }))[0]?.kind,
    'updated',
  );
  assert.deepEqual((await site.said()).slice(-1), ['main']);
});

test('invalidate outside of an update starts one', async (t) => {
  const site = await openHot(t, {
    'main.js': `import './leaf.js'; say('main'); import.meta.hot.accept(); import.meta.hot.on('vite:afterUpdate', () => say('done'));`,
    'leaf.js': `window.invalidate = () => import.meta.hot.invalidate('on demand');`,
  });
  await site.said();
  await site.page.evaluate('invalidate()');
  await site.tab.waitForConsole(/hot updated: \/main\.js/);
  assert.deepEqual(await site.printed(), ['invalidate /leaf.js: on demand', 'hot updated: /main.js']);
  assert.deepEqual(await site.said(), ['main', 'done']);
});

test('on: events of an update have both names, their payload, and end with the module', async (t) => {
  const main = (n: number): string => `import './view.js'; import.meta.hot.accept('./view.js', () => say('callback')); // ${n}
    for (const brand of ['vite', 'hmr-dev']) for (const name of ['beforeUpdate', 'afterUpdate'])
      import.meta.hot.on(brand + ':' + name, ({ type, updates }) => say(brand, name, type, updates.map(({ type, path, acceptedPath }) => [type, path, acceptedPath])));
    const ended = () => say('never'); import.meta.hot.on('vite:beforeUpdate', ended); import.meta.hot.off('vite:beforeUpdate', ended);
    import.meta.hot.accept();`;
  const site = await openHot(t, { 'main.js': main(1), 'view.js': `say('view 1');` });
  await site.said();
  await site.save({ 'view.js': `say('view 2');` });
  const updates = [['js-update', '/main.js', '/view.js']];
  assert.deepEqual(await site.said(), [
    ['vite', 'beforeUpdate', 'update', updates],
    ['hmr-dev', 'beforeUpdate', 'update', updates],
    'view 2',
    'callback',
    ['vite', 'afterUpdate', 'update', updates],
    ['hmr-dev', 'afterUpdate', 'update', updates],
  ]);
  // Replaced twice, and still one set of listeners.
  await site.save({ 'main.js': main(2) + ' say("main 2");' });
  await site.save({ 'main.js': main(3) + ' say("main 3");' });
  await site.said();
  await site.save({ 'view.js': `say('view 3');` });
  assert.equal((await site.said()).length, 6);
});

test('on: a reload waits for listeners of beforeFullReload, also when the terminal asked for it', async (t) => {
  const site = await openHot(t, {
    'main.js': `for (const name of ['vite:beforeFullReload', 'hmr-dev:beforeFullReload']) import.meta.hot.on(name, async ({ type, path }) => {
      await new Promise((resolve) => requestAnimationFrame(resolve)); console.log('before', name, type, path); });`,
  });
  const { lines } = site.tab.console;
  const before = lines.length;
  await site.saveAndReload({ 'main.js': (await site.files.read('main.js')) + ' say();' });
  assert.ok(
    lines.includes('before vite:beforeFullReload full-reload /main.js') &&
      lines.includes('before hmr-dev:beforeFullReload full-reload /main.js'),
  );
  await site.tab.waitForConsole(/connected\.$/, before);
  const from = lines.length;
  // To its end: a page that is closed in the middle of a reload has kept Chromium waiting for ever.
  const loaded = site.page.waitForEvent('load');
  site.server.server.reload('asked for');
  await site.tab.waitForConsole(/before hmr-dev:beforeFullReload full-reload \/$/, from);
  await site.tab.waitForConsole(/page reload \/ \(asked for\)/, from);
  await loaded;
});

test('on: the connection is lost and found again, build errors come and go', async (t) => {
  const site = await openHot(t, {
    'main.js': `for (const name of ['vite:ws:connect', 'hmr-dev:ws:disconnect', 'vite:error']) import.meta.hot.on(name, (event) => console.log('event', name, event.err?.message));`,
  });
  await site.files.write('main.js', 'const = 1;');
  await site.tab.waitForConsole(/^event vite:error .*Expected identifier|Unexpected/);
  await site.server.close();
  await site.tab.waitForConsole(/^event hmr-dev:ws:disconnect/);
  assert.ok((await site.printed()).includes('connection lost; waiting for the server. The page stays as it is.'));
});

test('custom events: server.send reaches every listener of a page, hot.send reaches the server', async (t) => {
  const site = await openHot(t, {
    'main.js': `import.meta.hot.on('my:greeting', (data) => say('got', data)); import.meta.hot.on('my:greeting', () => { throw new Error('cannot hear'); });
      import.meta.hot.on('my:greeting', () => { say('third'); console.log('all heard'); }); window.answer = (data) => import.meta.hot.send('my:answer', data);`,
  });
  site.server.server.send('my:greeting', { text: 'hello' });
  await site.tab.waitForConsole(/all heard/);
  assert.deepEqual(await site.said(), [['got', { text: 'hello' }], 'third']);
  // One after the other: each is a request of its own.
  for (const [call, message] of [
    ['answer({ n: 1 })', { event: 'my:answer', data: { n: 1 } }],
    ['answer()', { event: 'my:answer' }],
  ] as const) {
    const heard = new Promise((resolve) => {
      const end = site.server.server.on('message', (given) => {
        end();
        resolve(given);
      });
    });
    await site.page.evaluate(call);
    assert.deepEqual(await heard, message);
  }
});
