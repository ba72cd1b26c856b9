/** The list of things to do with React, what it holds in a class outside of components, and thirty edits of it. */
import react from '../../src/server/react.ts';
import { FILTERS, type App } from './swap-app.ts';

const files: App['files'] = {
  'index.html': `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>To do</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/style.css"></head>
<body><main></main><script type="module" src="/main.jsx"></script></body>
</html>`,
  'style.css': `body { color: rgb(20, 20, 20); }\n`,
  'main.jsx': `import { createRoot } from 'react-dom/client';
import { App } from './App.jsx';

createRoot(document.querySelector('main')).render(<App />);
`,
  'App.jsx': `import { useState } from 'react';
import { Item } from './Item.jsx';
import { Clicks } from './Clicks.jsx';
import { useTodos } from './use-todos.js';
import { store } from './store.js';
import { FILTERS, count } from './filters.js';

export function App() {
  const [draft, setDraft] = useState('');
  const [filter, setFilter] = useState('all');
  const todos = useTodos();
  const submit = (event) => {
    event.preventDefault();
    store.add(draft);
    setDraft('');
  };
  return (
    <>
      <h1>To do</h1>
      <form onSubmit={submit}><input className="new" value={draft} onChange={(event) => setDraft(event.target.value)} /></form>
      <ul>{todos.filter(FILTERS[filter].accepts).map((todo) => <Item key={todo.id} todo={todo} />)}</ul>
      <p className="left">{count(store.left)}</p>
      <nav>{Object.entries(FILTERS).map(([name, { label }]) => <button key={name} onClick={() => setFilter(name)}>{label}</button>)}</nav>
      <Clicks />
    </>
  );
}
`,
  'Item.jsx': `import { useState } from 'react';
import { store } from './store.js';

export function Item({ todo }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <li className={todo.done ? 'done' : ''}>
      <label>{todo.title}</label>
      <button className="toggle" onClick={() => store.toggle(todo)}>✓</button>
      <button className="more" onClick={() => setOpen(!isOpen)}>…</button>
      {isOpen && <p className="details">number {todo.id}</p>}
    </li>
  );
}
`,
  'Clicks.jsx': `import { Component } from 'react';

export class Clicks extends Component {
  state = { clicks: 0 };

  onClick = () => this.setState(({ clicks }) => ({ clicks: clicks + 1 }));

  render() {
    return <button className="clicks" onClick={this.onClick}>{this.state.clicks} clicks</button>;
  }
}
`,
  'use-todos.js': `import { useSyncExternalStore } from 'react';
import { store } from './store.js';

export function useTodos() {
  return useSyncExternalStore(store.subscribe, () => store.all);
}
`,
  'store.js': `class Todo {
  done = false;
  constructor(id, title) {
    this.id = id;
    this.title = title;
  }
}

export class Store {
  #listeners = new Set();
  #todos = [];

  get all() { return this.#todos; }
  get left() { return this.#todos.filter(({ done }) => !done).length; }

  subscribe = (listener) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  add(title) {
    this.#change([...this.#todos, new Todo(this.#todos.length + 1, title)]);
  }

  toggle(todo) {
    todo.done = !todo.done;
    this.#change([...this.#todos]);
  }

  #change(todos) {
    this.#todos = todos;
    for (const listener of this.#listeners) listener();
  }
}

export const store = new Store();
`,
  'filters.js': FILTERS,
};

/** Three things, the second done and open; two clicks; a word that was typed and not entered. */
const arrange = `(async () => {
  const frame = () => new Promise((resolve) => setTimeout(resolve));
  const input = () => document.querySelector('.new');
  const type = async (text) => {
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(input(), text);
    input().dispatchEvent(new Event('input', { bubbles: true }));
    await frame();
  };
  for (const title of ['Milk', 'Bread', 'Tea'].slice(document.querySelectorAll('li').length)) {
    await type(title);
    input().form.requestSubmit();
    await frame();
  }
  const second = document.querySelector('li:nth-child(2)');
  if (!second.matches('.done')) second.querySelector('.toggle').click();
  if (!second.querySelector('.details')) second.querySelector('.more').click();
  for (let n = Number.parseInt(document.querySelector('.clicks').textContent); n < 2; n++) {
    document.querySelector('.clicks').click();
    await frame();
  }
  await type('Jam and');
  input().focus();
  input().setSelectionRange(3, 3);
  window.input = input();
  window.item = document.querySelector('li:nth-child(2)');
  await frame();
})()`;

const state = `() => ({
  draft: document.querySelector('.new').value, focus: document.activeElement === input, cursor: input.selectionStart, input: input.isConnected,
  item: item.isConnected, done: [...document.querySelectorAll('li')].map((li) => li.className), isOpen: document.querySelector('.details') !== null,
  clicks: Number.parseInt(document.querySelector('.clicks').textContent), titles: [...document.querySelectorAll('li label')].map((label) => label.textContent.replace(/[^A-Z]/g, '')),
})`;

export const reactApp: App = {
  files,
  arrange,
  state,
  ready: { h1: 'To do', '.left': '0 left' },
  options: { hotswap: 'classes', plugins: [react()] },
  edits: [
    {
      what: 'markup of the app',
      edit: { 'App.jsx': [['<h1>To do</h1>', '<h1 title="all of it">Today</h1>']] },
      shows: { h1: 'Today', 'h1 @title': 'all of it' },
    },
    {
      what: 'markup of a line',
      edit: { 'Item.jsx': [['<label>{todo.title}</label>', '<label>{todo.title}!</label>']] },
      shows: { 'li:nth-child(1) label': 'Milk!' },
    },
    { what: 'a style', edit: { 'style.css': [['rgb(20, 20, 20)', 'rgb(0, 0, 120)']] }, shows: { 'h1 ::color': 'rgb(0, 0, 120)' } },
    {
      what: 'a handler within a component',
      edit: { 'Item.jsx': [['setOpen(!isOpen)', 'setOpen(isOpen ? false : true)']] },
      shows: { 'li:nth-child(1) label': 'Milk!' },
    },
    { what: 'a function', edit: { 'filters.js': [["' left'", "' to do'"]] }, shows: { '.left': '2 to do' } },
    {
      what: 'data: another filter',
      edit: { 'filters.js': [['!todo.done },', "!todo.done },\n  done: { label: 'Done', accepts: (todo) => todo.done },"]] },
      shows: { nav: 'AllOpenDone' },
    },
    { what: 'data: a label', edit: { 'filters.js': [["'Open'", "'Not done'"]] }, shows: { nav: 'AllNot doneDone' } },
    {
      what: 'a method of the store',
      edit: {
        'store.js': [
          ['return this.#todos.filter(({ done }) => !done).length;', 'return this.#todos.filter(({ done }) => !done).length * 10;'],
        ],
      },
      shows: { '.left': '20 to do' },
    },
    {
      what: 'a getter is added to the store, and used, in one save',
      edit: {
        'store.js': [['  get left()', '  get size() { return this.#todos.length; }\n  get left()']],
        'App.jsx': [['{count(store.left)}', '{count(store.left)} of {store.size}']],
      },
      shows: { '.left': '20 to do of 3' },
    },
    {
      what: 'a field is added to what the store holds',
      edit: {
        'store.js': [['done = false;', "done = false;\n  tag = 'home';"]],
        'Item.jsx': [['{todo.title}!', '{todo.title} ({todo.tag})']],
      },
      shows: { 'li:nth-child(1) label': 'Milk (home)' },
    },
    {
      what: 'a private field is added to the store',
      edit: {
        'store.js': [
          ['  #todos = [];', '  #todos = [];\n  #changes = 0;'],
          ['this.#todos = todos;', 'this.#todos = todos;\n    this.#changes++;'],
          ['get size() { return this.#todos.length; }', "get size() { return this.#todos.length + '/' + this.#changes; }"],
        ],
      },
      shows: { '.left': '20 to do of 3/0' },
    },
    {
      what: 'a constructor: only what is made after',
      edit: { 'store.js': [['this.title = title;', "this.title = '* ' + title;"]] },
      shows: { 'li:nth-child(1) label': 'Milk (home)' },
      says: [/objects of Todo that are there keep/],
    },
    {
      what: 'a method of a class component',
      edit: { 'Clicks.jsx': [[' clicks<', ' times<']] },
      shows: { '.clicks': '2 times' },
    },
    {
      what: 'an arrow function in a field of a class component',
      edit: { 'Clicks.jsx': [['clicks: clicks + 1', 'clicks: clicks + 0']] },
      act: `document.querySelector('.clicks').click()`,
      shows: { '.clicks': '2 times' },
    },
    {
      what: 'the state that a class component begins with: only of what is made after',
      edit: { 'Clicks.jsx': [['{ clicks: 0 }', '{ clicks: 1 }']] },
      shows: { '.clicks': '2 times' },
      says: [/objects of Clicks that are there keep/],
    },
    {
      what: 'a hook of our own, whose hooks stay',
      edit: { 'use-todos.js': [['() => store.all)', '() => store.all, () => [])']] },
      shows: { h1: 'Today' },
    },
    {
      what: 'a hook is added to a line: lines begin anew',
      edit: {
        'Item.jsx': [
          ['  return (', '  const [n, setN] = useState(1);\n  return ('],
          ['({todo.tag})', '({todo.tag}) {n}'],
        ],
      },
      shows: { 'li:nth-child(1) label': 'Milk (home) 1' },
      loses: ['item', 'isOpen'],
    },
    {
      what: 'an effect is added to a line: lines begin anew',
      edit: {
        'Item.jsx': [
          ['{ useState }', '{ useEffect, useState }'],
          ['  return (', '  useEffect(() => setN(2), []);\n  return ('],
        ],
      },
      shows: { 'li:nth-child(1) label': 'Milk (home) 2' },
      loses: ['item', 'isOpen'],
    },
    { what: 'what an effect does', edit: { 'Item.jsx': [['setN(2)', 'setN(3)']] }, shows: { 'li:nth-child(1) label': 'Milk (home) 3' } },
    {
      what: 'a hook is removed from a line: lines begin anew',
      edit: { 'Item.jsx': [['  useEffect(() => setN(3), []);\n', '']] },
      shows: { 'li:nth-child(1) label': 'Milk (home) 1' },
      loses: ['item', 'isOpen'],
    },
    {
      what: 'a value that a hook begins with',
      edit: { 'App.jsx': [["useState('')", "useState('Butter')"]] },
      shows: { h1: 'Today' },
      loses: ['draft', 'focus', 'input', 'item', 'isOpen', 'clicks'],
    },
    {
      what: 'a component is added, and used',
      edit: {
        'App.jsx': [
          ['import { Clicks }', "import { Note } from './Note.jsx';\nimport { Clicks }"],
          ['<Clicks />', '<Note />\n      <Clicks />'],
        ],
      },
      add: { 'Note.jsx': `export const Note = () => <aside>a note</aside>;\n` },
      shows: { aside: 'a note' },
    },
    { what: 'the component that was added', edit: { 'Note.jsx': [['a note', 'another note']] }, shows: { aside: 'another note' } },
    {
      what: 'it gets a property',
      edit: {
        'Note.jsx': [
          ['() =>', '({ text }) =>'],
          ['another note', '{text}'],
        ],
        'App.jsx': [['<Note />', '<Note text="mine" />']],
      },
      shows: { aside: 'mine' },
    },
    {
      what: 'it is removed',
      edit: {
        'App.jsx': [
          ['<Note text="mine" />\n      ', ''],
          ["import { Note } from './Note.jsx';\n", ''],
        ],
      },
      shows: { aside: null },
    },
    {
      what: 'a new version that throws: nothing of it is there',
      edit: { 'filters.js': [["' to do';\n}", "' never';\n}\nthrow new Error('not yet');"]] },
      shows: { '.left': '20 to do of 3/0' },
      says: [/not yet/],
    },
    {
      what: 'and mended',
      edit: { 'filters.js': [["' never';\n}\nthrow new Error('not yet');", "' left';\n}"]] },
      shows: { '.left': '20 left of 3/0' },
    },
    {
      what: 'a method of the store, once more',
      edit: { 'store.js': [['.length * 10', '.length * 100']] },
      shows: { '.left': '200 left of 3/0' },
    },
    {
      what: 'another list from the store',
      edit: { 'store.js': [['this.#change([...this.#todos]);', 'this.#change([...this.#todos].reverse());']] },
      shows: { 'li:nth-child(1) label': 'Milk (home) 1' },
    },
    {
      what: 'a statement at module level of the store',
      edit: { 'store.js': [['export const store', "document.title = 'Store';\nexport const store"]] },
      shows: { title: 'Store' },
    },
    {
      what: 'that statement is changed: the store runs again, and is empty',
      edit: { 'store.js': [["'Store';", "'Stored';"]] },
      shows: { title: 'Stored', li: null },
      loses: ['item', 'done', 'isOpen', 'titles'],
      says: [/not changed in place: \/store\.js:\d+ \(a statement at module level changed\)/],
    },
  ],
};
