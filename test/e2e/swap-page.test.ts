/**
 * Hot-swap in a page that the dev server serves: which changes are made in place, who is told, what runs again instead and why, and
 * where the author's lines are afterwards. What becomes of each construct of the language is test/swap's matter.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { html, openHot } from './hot-page.ts';

const COUNTER = `say('counter runs');
export class Counter {
  #hits = 0;
  onClick = () => { this.#hits += 1; };
  text() { return 'hits ' + this.#hits; }
}
export const counter = new Counter();
export let moved = 0;
export function move() { moved++; return 'v1 ' + moved; }
`;

const files = (main: string): Record<string, string> => ({ 'main.js': main, 'counter.js': COUNTER });

/** Holds on to what it got before any edit. */
const HOLDS = `
  const { counter, move, Counter } = counterModule;
  const { onClick } = counter;
  window.probe = () => { onClick(); return [counter.text(), move(), counter instanceof Counter, new Counter().text()].join(', '); };`;

test('below a container: objects, functions and state are what they were, with the new code; update() runs once', async (t) => {
  const site = await openHot(
    t,
    files(`import { container } from 'hmr-dev/client';
import * as counterModule from './counter.js';
${HOLDS}
await container({ './counter.js': 'model' }, ({ model }) => say('update ' + model.counter.text()));`),
    { hotswap: 'classes' },
  );
  const { page } = site;
  assert.deepEqual(await site.said(2), ['counter runs', 'update hits 0']);
  assert.equal(await page.evaluate('probe()'), 'hits 1, v1 1, true, hits 0');
  await site.save({ 'counter.js': COUNTER.replace("'hits '", "'HITS '").replace("'v1 '", "'v2 '").replace('+= 1', '+= 10') });
  assert.deepEqual(await site.said(), ['update HITS 1']);
  assert.equal(await page.evaluate('probe()'), 'HITS 11, v2 2, true, HITS 0');
  assert.deepEqual(await site.printed(), ['hot updated: /main.js via /counter.js']);
  assert.match(site.terminal().at(-1) ?? '', /counter\.js: hot updated \/main\.js via \/counter\.js, in place: \/counter\.js/);
});

test('what a module is, is asked for when it changes for the first time, and of importers when a value of theirs does', async (t) => {
  const asked: number[] = [];
  const site = await openHot(
    t,
    {
      'main.js': `import { area } from './area.js'; import './other.js'; import.meta.hot.accept('./area.js', () => say(area()));`,
      'area.js': `import { side } from './side.js'; const size = side * side; export const area = () => 'area ' + size;`,
      'side.js': `export const side = 2; export const half = () => side / 2;`,
      'other.js': `export const other = () => 1;`,
    },
    {
      hotswap: 'classes',
      prepare: async (page) =>
        void page.on('request', (request) => {
          const of = new URL(request.url()).searchParams.get('of');
          if (of !== null) asked.push(of.split('.').length);
        }),
    },
  );
  const side = (half: string, value = '2'): Record<string, string> => ({
    'side.js': `export const side = ${value}; export const half = () => ${half};`,
  });
  assert.deepEqual(asked, []);
  await site.save(side('side / 2.0'));
  assert.deepEqual([await site.said(), asked], [['area 4'], [1]]);
  await site.save(side('side / 3'));
  assert.deepEqual([await site.said(), asked], [['area 4'], [1]]);
  await site.save(side('side / 3', '3'));
  assert.deepEqual([await site.said(), asked], [['area 9'], [1, 1]]);
  await site.save({ 'area.js': `import { side } from './side.js'; const size = side * side; export const area = () => 'AREA ' + size;` });
  assert.deepEqual([await site.said(), asked], [['AREA 9'], [1, 1]]);
});

test('the reason names the line of the author, in TypeScript too', async (t) => {
  const text = (what: string): string => `interface Shape {
  readonly sides: number;
}
type Name = string;
export const text = (name: Name, shape?: Shape): string => name + (shape?.sides ?? 0);

say('${what}');
`;
  const site = await openHot(
    t,
    {
      'main.js': `import './view.ts'; import.meta.hot.accept('./view.ts', () => say('taken'));`,
      'view.ts': text('one'),
    },
    { hotswap: 'classes' },
  );
  await site.said();
  await site.save({ 'view.ts': text('two') });
  assert.deepEqual(await site.said(), ['two', 'taken']);
  assert.match((await site.printed()).join('\n'), /not changed in place: \/view\.ts:7 \(a statement at module level changed\)/);
});

test('where nobody can say what a module is, it runs again', async (t) => {
  const site = await openHot(
    t,
    {
      'main.js': `import './view.js'; import.meta.hot.accept('./view.js', (view) => say(view.text()));`,
      'view.js': `say('view runs'); export const text = () => 'one';`,
    },
    { hotswap: 'classes', prepare: async (page) => void (await page.route(/describe\.js/, (route) => route.abort())) },
  );
  assert.deepEqual(await site.said(), ['view runs']);
  await site.save({ 'view.js': `say('view runs'); export const text = () => 'two';` });
  assert.deepEqual(await site.said(), ['view runs', 'two']);
  assert.match((await site.printed()).join('\n'), /not changed in place: \/view\.js \(the server that it came from/);
  // The version that runs now came with what it is.
  await site.save({ 'view.js': `say('view runs'); export const text = () => 'three';` });
  assert.deepEqual(await site.said(), ['three']);
});

test('an accept callback gets the same namespace; a module that accepts itself without one runs again', async (t) => {
  const site = await openHot(
    t,
    {
      'main.js': `import * as view from './view.js'; import './self.js';
import.meta.hot.accept('./view.js', (module) => say(['accepted', module === view, module.text()]));`,
      'view.js': `say('view runs'); export const text = () => 'one';`,
      'self.js': `say('self runs'); export const text = () => 'one'; import.meta.hot.accept();`,
    },
    { hotswap: 'classes' },
  );
  assert.deepEqual(await site.said(), ['view runs', 'self runs']);
  await site.save({ 'view.js': `say('view runs'); export const text = () => 'two';` });
  assert.deepEqual(await site.said(), [['accepted', true, 'two']]);
  await site.save({ 'self.js': `say('self runs'); export const text = () => 'two'; import.meta.hot.accept();` });
  assert.deepEqual(await site.said(), ['self runs']);
});

test('what disposes of itself, or cannot be changed in place, runs again; the reason names the line', async (t) => {
  const site = await openHot(
    t,
    {
      'main.js': `import './view.js'; import './other.js';
import.meta.hot.accept('./view.js', () => say('took view')); import.meta.hot.accept('./other.js', () => say('took other'));`,
      'view.js': `say('view runs'); export const text = () => 'one'; import.meta.hot.dispose(() => say('disposed'));`,
      'other.js': `export const text = () => 'one';\nsay('other runs');`,
    },
    { hotswap: 'classes' },
  );
  await site.said();
  await site.save({ 'view.js': `say('view runs'); export const text = () => 'two'; import.meta.hot.dispose(() => say('disposed'));` });
  assert.deepEqual(await site.said(), ['disposed', 'view runs', 'took view']);
  await site.save({ 'other.js': `export const text = () => 'two';\nsay('other runs anew');` });
  assert.deepEqual(await site.said(), ['other runs anew', 'took other']);
  assert.match((await site.printed()).join('\n'), /not changed in place: \/other\.js:2 \(a statement at module level changed\)/);
});

test('without a boundary the page reloads; `import.meta.hot.swap = true` and the option `always` change it in place', async (t) => {
  const MAIN = `import { text } from './view.js';\nwindow.read = () => text();\nsay('main runs');\n`;
  const site = await openHot(t, { 'main.js': MAIN, 'view.js': `export function text() { return 'one'; }` }, { hotswap: 'classes' });
  await site.saveAndReload({ 'view.js': `export function text() { return 'two'; }` });
  await site.saveAndReload({ 'view.js': `import.meta.hot.swap = true; export function text() { return 'two'; }` });
  await site.said();
  await site.save({ 'view.js': `import.meta.hot.swap = true; export function text() { return 'three'; }` });
  assert.equal(await site.page.evaluate('read()'), 'three');
  assert.deepEqual(await site.said(), []);

  const always = await openHot(t, { 'main.js': MAIN, 'view.js': `export function text() { return 'one'; }` }, { hotswap: 'always' });
  assert.deepEqual(await always.said(), ['main runs']);
  await always.save({ 'view.js': `export function text() { return 'two'; }` });
  await always.save({ 'main.js': MAIN.replace('text()', `'main says ' + text()`) });
  assert.equal(await always.page.evaluate('read()'), 'main says two');
  assert.deepEqual(await always.said(), []);
  assert.deepEqual(await always.printed(), ['hot updated in place: /view.js', 'hot updated in place: /main.js']);
});

test('two modules in one save, of which the second throws: neither has changed, and the next save mends it', async (t) => {
  const site = await openHot(
    t,
    {
      'main.js': `import { a } from './a.js'; import { b } from './b.js'; window.read = () => a() + b();`,
      'a.js': `export const a = () => 'a1';`,
      'b.js': `export const b = () => 'b1';`,
    },
    { hotswap: 'always' },
  );
  const reports = await site.saveTogether({
    'a.js': `export const a = () => 'a2';`,
    'b.js': `export const b = () => 'b2';\nthrow new Error('no');`,
  });
  assert.deepEqual(
    reports.map(({ kind }) => kind),
    ['failed'],
  );
  assert.equal(await site.page.evaluate('read()'), 'a1b1');
  await site.save({ 'b.js': `export const b = () => 'b3';` });
  assert.equal(await site.page.evaluate('read()'), 'a2b3');
});

test('errors of new code in old objects are told with the line of the file, before and after edits, in TypeScript too', async (t) => {
  const VIEW = `interface Size { readonly width: number }\n\nexport class View {\n  size: Size = { width: 1 };\n  draw(): void {}\n}\nexport const view = new View();\n`;
  const site = await openHot(
    t,
    { 'index.html': html('/main.ts'), 'main.ts': `import { view } from './view.ts';\nwindow.draw = () => view.draw();\n`, 'view.ts': VIEW },
    { hotswap: 'always' },
  );
  await site.save({ 'view.ts': VIEW.replace('draw(): void {}', `draw(): void {\n    throw new Error('here');\n  }`) });
  const told = new Promise((resolve) => void site.server.server.on('page-error', ({ place }) => resolve(place)));
  await site.page.evaluate(`void addEventListener('draw', () => draw()); dispatchEvent(new Event('draw'))`);
  assert.deepEqual(await told, { file: 'view.ts', line: 6, column: 11 });
});
