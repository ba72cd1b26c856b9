/**
 * React with hot-swap: what else is in a module with components stays what it is while they are edited, and whoever shows something of it is
 * drawn anew. What becomes of the components themselves is react.test.ts.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import react from '../../src/server/react.ts';
import { openComponents } from './refresh-support.ts';

const MAIN = `import { createRoot } from 'react-dom/client'; import { App } from './app';
  createRoot(document.querySelector('main')!).render(<App />);`;

test('module-level state, stores, contexts, functions, classes and instances stay beside components', async (t) => {
  const site = await openComponents(
    t,
    react(),
    {
      'main.tsx': MAIN,
      'app.tsx': `import { createContext, useContext, useState } from 'react';
        let clicks = 0;
        const Theme = createContext('light');
        export const store = { items: ['tent'] };
        export class Basket { #things = 0; add() { this.#things += 1; return this; } text() { return 'basket ' + this.#things; } }
        const basket = new Basket();
        const format = (n: number) => 'n ' + n;
        window.held = { store, basket, format, Theme };
        function Inner() { return <i id="inner">{useContext(Theme)} {store.items.join()}</i>; }
        export function App() {
          const [n, set] = useState(0);
          const click = () => { clicks++; basket.add(); store.items.push('pot'); set(n + 1); };
          return <><button id="app" onClick={click}>{format(n)} clicks {clicks} {basket.text()}</button><Theme.Provider value="dark"><Inner /></Theme.Provider></>;
        }`,
    },
    { app: 'n 0 clicks 0 basket 0', inner: 'dark tent' },
  );
  await site.page.click('#app');
  await site.shows({ app: 'n 1 clicks 1 basket 1', inner: 'dark tent,pot' });
  await site.edit('app.tsx', ' clicks {', ' CLICKS {', { app: 'n 1 CLICKS 1 basket 1' });
  await site.edit('app.tsx', `'basket '`, `'BASKET '`, { app: 'n 1 CLICKS 1 BASKET 1' });
  await site.edit('app.tsx', `'n '`, `'N '`, { app: 'N 1 CLICKS 1 BASKET 1' });
  await site.edit('app.tsx', 'clicks++', 'clicks += 10', {});
  await site.page.click('#app');
  await site.shows({ app: 'N 2 CLICKS 11 BASKET 2', inner: 'dark tent,pot,pot' });
  // A hook more: the component begins anew, and nothing else.
  await site.edit('app.tsx', '= useState(0);', '= useState(0); useState(1);', { app: 'N 0 CLICKS 11 BASKET 2' });
  assert.equal(await site.page.evaluate('held.basket.text() + held.format(7) + held.store.items.length'), 'BASKET 2N 73');
  // Another component above moves every mark of the transform.
  await site.edit('app.tsx', 'function Inner()', 'function First() { useState(0); return <b id="first">first</b>; }\nfunction Inner()', {});
  await site.page.click('#app');
  await site.edit('app.tsx', '<><button', '<><First /><button', { first: 'first', app: 'N 1 CLICKS 21 BASKET 3' });
  assert.ok(await site.tab.isSameDocument());
  assert.deepEqual(site.tab.errors, []);
});

test('what memo, forwardRef and other functions make of components stays, and draws the new code; effects and memos begin anew', async (t) => {
  const site = await openComponents(
    t,
    react(),
    {
      'main.tsx': MAIN,
      'hoc.ts': `import { createElement } from 'react';
        export const named = (Inner: any) => function Named(props: object) { return createElement(Inner, props); };`,
      'app.tsx': `import { forwardRef, memo, useEffect, useMemo, useState } from 'react'; import { named } from './hoc';
        export const Box = memo(forwardRef<HTMLButtonElement>(function Inner(_, ref) {
          const [n, set] = useState(0);
          const label = useMemo(() => 'box', []);
          useEffect(() => { say('on'); return () => say('off'); }, []);
          return <button id="box" ref={ref} onClick={() => set(n + 1)}>{label} {n}</button>;
        }));
        const Wrapped = named(() => { const [n, set] = useState(0); return <button id="wrapped" onClick={() => set(n + 1)}>wrapped {n}</button>; });
        const Again = memo(Wrapped);
        function Titled({ title }: { title?: string }) { const [n, set] = useState(0); return <button id="titled" onClick={() => set(n + 1)}>{title} {Titled.kind} {n}</button>; }
        Titled.kind = 'kind';
        window.held = { Box, Wrapped };
        window.same = () => held.Box === Box && held.Wrapped === Wrapped;
        export const App = () => <><Box /><Wrapped /><Again /><Titled title="titled" /><output id="same">{String(window.same())}</output></>;`,
    },
    { box: 'box 0', same: 'true' },
  );
  for (const id of ['box', 'wrapped', 'titled']) await site.page.locator(`#${id}`).first().click();
  await site.shows({ box: 'box 1', titled: 'titled kind 1' });
  await site.said();
  await site.edit('app.tsx', `=> 'box'`, `=> 'BOX'`, { box: 'BOX 1', same: 'true' });
  assert.deepEqual(await site.said(2), ['off', 'on']);
  await site.edit('app.tsx', '>wrapped {n}', '>Wrapped {n}', { box: 'BOX 1' });
  assert.equal(await site.page.locator('#wrapped').first().textContent(), 'Wrapped 1');
  await site.edit('app.tsx', '>{title} {', '>{title}: {', { titled: 'titled: kind 1' });
  await site.edit('app.tsx', 'const label', 'useState(1); const label', { box: 'BOX 0', titled: 'titled: kind 1', same: 'true' });
  await site.edit('app.tsx', 'useState(1); const label', 'const label', { box: 'BOX 0' });
  await site.page.click('#box');
  await site.edit('app.tsx', `'BOX'`, `'Box'`, { box: 'Box 1', same: 'true' });
  assert.deepEqual(site.tab.errors, []);
});

test('class components keep their instances', async (t) => {
  const site = await openComponents(
    t,
    react(),
    {
      'main.tsx': MAIN,
      'app.tsx': `import { Component, PureComponent } from 'react';
        export class Old extends PureComponent<object, { n: number }> {
          state = { n: 0 };
          click = () => this.setState({ n: this.state.n + 1 });
          render() { return <button id="old" onClick={this.click}>old {this.state.n}</button>; }
        }
        export class App extends Component { render() { return <Old />; } }`,
    },
    { old: 'old 0' },
  );
  await site.page.click('#old');
  await site.edit('app.tsx', '>old {', '>Old {', { old: 'Old 1' });
  await site.edit('app.tsx', 'this.state.n + 1', 'this.state.n + 10', { old: 'Old 1' });
  await site.page.click('#old');
  await site.shows({ old: 'Old 11' });
  assert.ok(await site.tab.isSameDocument());
});

test('helpers beside a component, and modules between a change and who takes it: all that shows them is drawn', async (t) => {
  const site = await openComponents(
    t,
    react(),
    {
      'main.tsx': MAIN,
      'app.tsx': `import { useState } from 'react'; import { Child, format } from './child'; import { slots } from './slots';
        export const App = () => { const [n, set] = useState(0); return <><button id="app" onClick={() => set(n + 1)}>{format(n)}</button><Child /><slots.Inner /></>; };`,
      'child.tsx': `export const format = (n: number) => 'format ' + n; export const Child = () => <p id="child">{format(7)}</p>;`,
      'slots.tsx': `import { useTicks } from './use-ticks'; import { word } from './word';
        const Inner = () => { const { n, add } = useTicks(); return <button id="inner" onClick={add}>{word()} {n}</button>; };
        export const slots = { Inner };`,
      'use-ticks.ts': `import { useState } from 'react'; export function useTicks() { const [n, set] = useState(0); return { n, add: () => set(n + 1) }; }`,
      'word.ts': `export const word = () => 'word';`,
    },
    { app: 'format 0', inner: 'word 0' },
  );
  for (const id of ['app', 'inner']) await site.page.click(`#${id}`);
  await site.shows({ app: 'format 1', inner: 'word 1' });
  await site.edit('child.tsx', `'format '`, `'FORMAT '`, { app: 'FORMAT 1', child: 'FORMAT 7', inner: 'word 1' });
  await site.edit('word.ts', `'word'`, `'WORD'`, { app: 'FORMAT 1', inner: 'WORD 1' });
  await site.edit('use-ticks.ts', '= useState(0);', '= useState(5); useState(1);', { app: 'FORMAT 1', inner: 'WORD 5' });
  assert.ok(await site.tab.isSameDocument());
  assert.deepEqual(site.tab.errors, []);
});

test('hooks in an object literal count as the own ones of who calls them; of what a class component was made with the console tells', async (t) => {
  const site = await openComponents(
    t,
    react(),
    {
      'main.tsx': MAIN,
      'app.tsx': `import { Component, useMemo, useState } from 'react';
        const hooks = { useLabel() { const [n] = useState(5); const twice = useMemo(() => n * 2, [n]); return 'label ' + twice; } };
        class Counter extends Component {
          state = { n: 1 };
          word: string;
          constructor(props: object) { super(props); this.word = 'one'; }
          render() { return <button id="counter" onClick={() => this.setState({ n: this.state.n + 1 })}>{this.word} {this.state.n}</button>; }
        }
        function Labelled() { return <i id="labelled">{hooks.useLabel()}</i>; }
        export const App = () => <><Counter /><Labelled /></>;`,
    },
    { counter: 'one 1', labelled: 'label 10' },
  );
  await site.page.click('#counter');
  await site.shows({ counter: 'one 2' });
  await site.edit('app.tsx', `'label '`, `'LABEL '`, { labelled: 'LABEL 10' });
  await site.edit('app.tsx', 'n * 2', 'n * 3', { labelled: 'LABEL 15' });
  await site.edit('app.tsx', 'useState(5)', 'useState(7)', { labelled: 'LABEL 21' });
  await site.edit('app.tsx', 'const twice', 'const [more] = useState(1); const twice', { labelled: 'LABEL 21' });
  await site.edit('app.tsx', `'LABEL ' + twice`, `'LABEL ' + (twice + more)`, { labelled: 'LABEL 22', counter: 'one 2' });
  const keeps = /objects of Counter that are there keep what the constructor and fields have given them/;
  for (const [from, to] of [
    ['n: 1 }', 'n: 10 }'],
    [`'one'`, `'two'`],
  ] as const) {
    await site.printed();
    await site.edit('app.tsx', from, to, { counter: 'one 2' });
    assert.match((await site.printed()).join('\n'), keeps);
  }
  assert.ok(await site.tab.isSameDocument());
  assert.deepEqual(site.tab.errors, []);
});
