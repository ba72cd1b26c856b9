/**
 * Preact with hot-swap: what else is in a module with components stays what it is while they are edited, and their hooks as prefresh sees it.
 * What becomes of the components themselves is preact.test.ts.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import preact from '../../src/server/preact.ts';
import { openComponents } from './refresh-support.ts';

const FILES = {
  'main.tsx': `import { render } from 'preact'; import { App } from './app'; render(<App />, document.querySelector('main')!);`,
  'app.tsx': `import { createContext } from 'preact'; import { useContext, useState } from 'preact/hooks'; import { forwardRef, memo } from 'preact/compat';
    import { useTicks } from './use-ticks';
    let clicks = 0;
    const Theme = createContext('light');
    class Basket { #things = 0; add() { this.#things += 1; } text() { return 'basket ' + this.#things; } }
    const basket = new Basket();
    function Inner() { return <i id="inner">{useContext(Theme)}</i>; }
    const Box = memo(forwardRef(function Button(_, ref: any) { const [n, set] = useState(0); return <button id="box" ref={ref} onClick={() => set(n + 1)}>box {n}</button>; }));
    window.same = ((held) => () => held === Box)(Box);
    export const count = () => clicks;
    export function App() {
      const [n, set] = useState(0); const { n: ticks, add } = useTicks();
      const click = () => { clicks++; basket.add(); add(); set(n + 1); };
      return <><button id="app" onClick={click}>app {n} ticks {ticks} clicks {count()} {basket.text()}</button><Theme.Provider value="dark"><Inner /></Theme.Provider><Box /></>;
    }`,
  'use-ticks.ts': `import { useState } from 'preact/hooks'; export function useTicks() { const [n, set] = useState(0); return { n, add: () => set(n + 1) }; }`,
};

test('module-level state, contexts and instances stay beside components; changed hooks begin anew', async (t) => {
  const site = await openComponents(t, preact(), FILES, { app: 'app 0 ticks 0 clicks 0 basket 0', inner: 'dark', box: 'box 0' });
  await site.page.click('#app');
  await site.page.click('#box');
  await site.shows({ app: 'app 1 ticks 1 clicks 1 basket 1', box: 'box 1' });
  await site.edit('app.tsx', '>app {', '>App {', { app: 'App 1 ticks 1 clicks 1 basket 1', box: 'box 1' });
  await site.edit('app.tsx', `'basket '`, `'BASKET '`, { app: 'App 1 ticks 1 clicks 1 BASKET 1' });
  await site.edit('app.tsx', '>box {', '>Box {', { box: 'Box 1', inner: 'dark' });
  await site.edit('app.tsx', '(_, ref: any) { const', '(_, ref: any) { useState(1); const', {
    box: 'Box 0',
    app: 'App 1 ticks 1 clicks 1 BASKET 1',
  });
  await site.edit('use-ticks.ts', 'set(n + 1)', 'set(n + 10)', { app: 'App 1 ticks 1 clicks 1 BASKET 1' });
  await site.page.click('#app');
  await site.shows({ app: 'App 2 ticks 11 clicks 2 BASKET 2' });
  await site.edit('use-ticks.ts', '= useState(0);', '= useState(5); useState(1);', { app: 'App 0 ticks 5 clicks 2 BASKET 2' });
  assert.equal(await site.page.evaluate('same()'), true);
  assert.ok(await site.tab.isSameDocument());
  assert.deepEqual(site.tab.errors, []);
});
