/**
 * HMR code as libraries ship it, in Chromium: a refresh runtime in the manner of React's (asks for the module at `import.meta.url`, compares the
 * exports of two versions, invalidates when they no longer fit), a store that keeps itself in `hot.data`, a style runtime.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openHot, sorted } from './hot-page.ts';

const REFRESH = `say('refresh runtime');
const families = new Map();
const mounted = new Set();
const isComponent = ([name, value]) => typeof value === 'function' && /^[A-Z]/.test(name);
const isBoundary = (exports) => Object.keys(exports).length > 0 && Object.entries(exports).every(isComponent);

export function component(id, render) {
  const family = families.get(id) ?? { current: undefined };
  family.current = render;
  families.set(id, family);
  return Object.assign((...args) => family.current(...args), { family });
}

export function mount(element, Component, state) {
  const draw = () => { element.textContent = Component(state); };
  mounted.add(draw);
  draw();
}

export function connect(url, hot) {
  import(/* @vite-ignore */ url).then((current) => {
    if (!isBoundary(current)) return;
    hot.accept((next) => {
      if (!next) return;
      const message = !isBoundary(next) ? 'it exports more than components'
        : Object.keys(next).join() !== Object.keys(current).join() ? 'its exports changed' : undefined;
      if (message) { hot.invalidate(message); return; }
      queueMicrotask(() => { for (const draw of mounted) draw(); say('redrawn'); });
    });
    say('connected ' + Object.keys(current).join());
  });
}`;

const button = (text: string, extra = ''): string => `import { component, connect } from './refresh.js';
export const Button = component('Button', (state) => \`${text} \${state.clicks}\`);
${extra}
connect(import.meta.url, import.meta.hot);`;

const files = {
  'refresh.js': REFRESH,
  'main.js': `import { App } from './app.js'; import { mount } from './refresh.js';
    window.state = { clicks: 3 }; say('main'); mount(document.querySelector('main'), App, state);`,
  'app.js': `import { Button } from './button.js'; import { component, connect } from './refresh.js'; say('app');
    export const App = component('App', (state) => '[' + Button(state) + ']'); connect(import.meta.url, import.meta.hot);`,
  'button.js': button('pressed'),
};

test('a component is replaced in place: state, importers and the runtime stay', async (t) => {
  const site = await openHot(t, files);
  await site.tab.untilText('main', '[pressed 3]');
  await site.page.waitForFunction(`said.includes('connected App')`);
  await site.said();
  await site.save({ 'button.js': button('clicked') });
  await site.tab.untilText('main', '[clicked 3]');
  assert.deepEqual(sorted(await site.said()), ['connected Button', 'redrawn']);
  assert.deepEqual(await site.printed(), ['hot updated: /button.js']);
});

test('exports that no longer fit: invalidated with the reason, taken by the component above, the runtime runs once', async (t) => {
  const site = await openHot(t, files);
  await site.page.waitForFunction(`said.includes('connected App')`);
  await site.said();
  await site.save({ 'button.js': button('pressed', 'export const Link = component("Link", () => "link");') });
  await site.page.waitForFunction(`said.includes('connected App')`);
  const said = await site.said();
  assert.deepEqual(
    said.filter((line) => line === 'refresh runtime' || line === 'main'),
    [],
  );
  assert.ok(said.includes('app') && said.includes('redrawn'));
  assert.deepEqual(await site.printed(), ['invalidate /button.js: its exports changed', 'hot updated: /button.js', 'hot updated: /app.js']);
  assert.equal(await site.terminalLine('button.js'), 'button.js: hot updated /button.js, hot updated /app.js');
});

test('a module that is no boundary any more and has none above reloads, with its reason', async (t) => {
  const site = await openHot(t, { ...files, 'app.js': `export { Button as App } from './button.js';` });
  await site.page.waitForFunction(`said.includes('connected Button')`);
  await site.saveAndReload({ 'button.js': button('pressed', 'export const count = 1;') });
  const path = '/main.js ← /app.js ← /button.js';
  assert.equal(
    await site.terminalLine('button.js'),
    `button.js: page reload (${path}: /button.js invalidated itself: it exports more than components; /main.js accepts nothing)`,
  );
});

test("a store keeps itself in hot.data, as Pinia and its kin do; the old module's users see the new rules", async (t) => {
  const store = (step: number): string => `export const state = import.meta.hot?.data.state ?? { n: 0 };
    export function add() { state.n += ${step}; }
    if (import.meta.hot) { import.meta.hot.data.state = state; import.meta.hot.accept((next) => { if (next) say('same state', next.state === state); }); }`;
  const site = await openHot(t, {
    'main.js': `import { add, state } from './store.js'; window.go = () => { add(); return state.n; };`,
    'store.js': store(1),
  });
  assert.equal(await site.page.evaluate('go()'), 1);
  await site.save({ 'store.js': store(10) });
  assert.deepEqual(await site.said(), [['same state', true]]);
  assert.equal(await site.page.evaluate('go()'), 11);
});

test('a style runtime: inserts, replaces, and takes its element out when pruned', async (t) => {
  const sheet = (color: string): string => `const id = 'sheet:' + import.meta.url;
    const element = document.getElementById(id) ?? document.head.appendChild(Object.assign(document.createElement('style'), { id }));
    element.textContent = 'main { color: ${color} }';
    import.meta.hot.accept(); import.meta.hot.prune(() => element.remove());`;
  const site = await openHot(t, { 'main.js': `import './sheet.js'; import.meta.hot.accept();`, 'sheet.js': sheet('rgb(1, 2, 3)') });
  const color = (): Promise<string> => site.page.locator('main').evaluate((element) => getComputedStyle(element).color);
  assert.equal(await color(), 'rgb(1, 2, 3)');
  await site.save({ 'sheet.js': sheet('rgb(4, 5, 6)') });
  assert.equal(await color(), 'rgb(4, 5, 6)');
  await site.save({ 'main.js': `import.meta.hot.accept();` });
  assert.equal(await color(), 'rgb(0, 0, 0)');
});
