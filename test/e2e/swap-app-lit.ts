/** The list of things to do with Lit, whose elements have to ask for a drawing themselves, and thirty edits of it. */
import { FILTERS, type App } from './swap-app.ts';

const files: App['files'] = {
  'index.html': `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>To do</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/style.css"></head>
<body><todo-app></todo-app><script type="module" src="/main.js"></script></body>
</html>`,
  'style.css': `body { color: rgb(20, 20, 20); }\n`,
  'main.js': `import './todo-app.js';\n`,
  'todo-app.js': `import { LitElement, html, css } from 'lit';
import './todo-item.js';
import { store } from './store.js';
import { FILTERS, count } from './filters.js';

export class TodoApp extends LitElement {
  static properties = { draft: { state: true }, filter: { type: String } };
  static styles = css\`h1 { color: rgb(10, 10, 10); }\`;

  constructor() {
    super();
    this.draft = '';
    this.filter = 'all';
  }

  connectedCallback() {
    super.connectedCallback();
    this.leave = store.subscribe(() => this.requestUpdate());
  }

  onSubmit(event) {
    event.preventDefault();
    store.add(this.draft);
    this.draft = '';
  }

  onInput = (event) => {
    this.draft = event.target.value;
  };

  render() {
    return html\`
      <h1>To do</h1>
      <form @submit=\${this.onSubmit}><input class="new" .value=\${this.draft} @input=\${this.onInput}></form>
      <ul>\${store.all.filter(FILTERS[this.filter].accepts).map((todo) => html\`<todo-item .todo=\${todo}></todo-item>\`)}</ul>
      <p class="left">\${count(store.left)}</p>
      <nav>\${Object.entries(FILTERS).map(([name, { label }]) => html\`<button @click=\${() => (this.filter = name)}>\${label}</button>\`)}</nav>
    \`;
  }
}

if (!customElements.get('todo-app')) customElements.define('todo-app', TodoApp);
`,
  'todo-item.js': `import { LitElement, html } from 'lit';
import { store } from './store.js';

export class TodoItem extends LitElement {
  static properties = { todo: { attribute: false }, isOpen: { state: true } };
  #opened = 0;

  open() {
    this.isOpen = !this.isOpen;
    this.#opened++;
  }

  render() {
    return html\`<label>\${this.todo.title}</label>
      <button class="toggle" @click=\${() => store.toggle(this.todo)}>✓</button>
      <button class="more" @click=\${this.open}>…</button>
      \${this.isOpen ? html\`<p class="details">opened \${this.#opened}</p>\` : ''}\`;
  }
}

if (!customElements.get('todo-item')) customElements.define('todo-item', TodoItem);
`,
  'store.js': `class Todo {
  done = false;
  constructor(title) {
    this.title = title;
  }
}

export class Store {
  #listeners = new Set();
  #todos = [];

  get all() { return this.#todos; }
  get left() { return this.#todos.filter(({ done }) => !done).length; }

  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  add(title) {
    this.#todos.push(new Todo(title));
    this.tell();
  }

  toggle(todo) {
    todo.done = !todo.done;
    this.tell();
  }

  tell() {
    for (const listener of this.#listeners) listener();
  }
}

export const store = new Store();
`,
  'filters.js': FILTERS,
};

/** Three things, the second done and open; a word that was typed and not entered. */
const arrange = `(async () => {
  const app = document.querySelector('todo-app');
  const root = app.shadowRoot;
  const input = root.querySelector('.new');
  const type = async (text) => {
    input.value = text;
    input.dispatchEvent(new Event('input'));
    await app.updateComplete;
  };
  for (const title of ['Milk', 'Bread', 'Tea'].slice(root.querySelectorAll('todo-item').length)) {
    await type(title);
    input.form.requestSubmit();
    await app.updateComplete;
  }
  const item = root.querySelector('todo-item:nth-child(2)');
  if (!item.todo.done) item.shadowRoot.querySelector('.toggle').click();
  if (!item.isOpen) item.shadowRoot.querySelector('.more').click();
  await type('Jam and');
  input.focus();
  input.setSelectionRange(3, 3);
  Object.assign(window, { app, root, input, item });
  /** Draws everything, as whoever is told of an update does. */
  window.redraw = async () => {
    for (const element of [app, ...root.querySelectorAll('todo-item')]) {
      element.requestUpdate();
      await element.updateComplete;
    }
  };
  await item.updateComplete;
})()`;

const state = `() => {
  const { shadowRoot: root, filter } = document.querySelector('todo-app');
  const { item, input } = window;
  return {
    draft: root.querySelector('.new').value, focus: root.activeElement === input, cursor: input?.selectionStart, input: input?.isConnected ?? false, item: item?.isConnected ?? false,
    isOpen: root.querySelector('todo-item:nth-child(2)')?.isOpen ?? false, filter, items: [...root.querySelectorAll('todo-item')].map(({ todo }) => [todo.title, todo.done]),
  };
}`;

/** A changed template is another one for Lit: what it has drawn is drawn anew, and elements in it are new ones. */
const loses = ['focus', 'input', 'item', 'isOpen'];

const act = 'redraw()';
const first = 'todo-app >>> todo-item:nth-child(1) >>> label';
const second = 'todo-app >>> todo-item:nth-child(2) >>> label';
const details = 'todo-app >>> todo-item:nth-child(2) >>> .details';
const [h1, left, nav] = ['todo-app >>> h1', 'todo-app >>> .left', 'todo-app >>> nav'];

export const litApp: App = {
  files,
  arrange,
  state,
  ready: { [h1]: 'To do', [left]: '0 left' },
  options: { hotswap: 'always' },
  edits: [
    {
      what: 'markup of the app',
      edit: { 'todo-app.js': [['<h1>To do</h1>', '<h1 title="all of it">Today</h1>']] },
      act,
      shows: { [h1]: 'Today', [`${h1} @title`]: 'all of it' },
      loses,
    },
    {
      what: 'markup of a line',
      edit: { 'todo-item.js': [['${this.todo.title}</label>', '${this.todo.title}!</label>']] },
      act,
      shows: { [first]: 'Milk!' },
    },
    {
      what: 'a style of the page',
      edit: { 'style.css': [['rgb(20, 20, 20)', 'rgb(0, 0, 120)']] },
      shows: { 'body ::color': 'rgb(0, 0, 120)' },
    },
    { what: 'a function', edit: { 'filters.js': [["' left'", "' to do'"]] }, act, shows: { [left]: '2 to do' } },
    {
      what: 'data: another filter',
      edit: { 'filters.js': [['!todo.done },', "!todo.done },\n  done: { label: 'Done', accepts: (todo) => todo.done },"]] },
      act,
      shows: { [nav]: 'AllOpenDone' },
    },
    { what: 'data: a label', edit: { 'filters.js': [["'Open'", "'Not done'"]] }, act, shows: { [nav]: 'AllNot doneDone' } },
    {
      what: 'a function in data',
      edit: { 'filters.js': [['() => true', '({ title }) => title !== 0']] },
      act,
      shows: { [first]: 'Milk!' },
    },
    {
      what: 'a method of the store',
      edit: { 'store.js': [['this.#todos.filter(({ done }) => !done).length', 'this.#todos.filter(({ done }) => !done).length * 10']] },
      act,
      shows: { [left]: '20 to do' },
    },
    {
      what: 'a getter is added to the store, and used, in one save',
      edit: {
        'store.js': [['  get left()', '  get size() { return this.#todos.length; }\n  get left()']],
        'todo-app.js': [['${count(store.left)}', '${count(store.left)} of ${store.size}']],
      },
      act,
      shows: { [left]: '20 to do of 3' },
      loses,
    },
    {
      what: 'a field is added to what the store holds',
      edit: {
        'store.js': [['done = false;', "done = false;\n  tag = 'home';"]],
        'todo-item.js': [['${this.todo.title}!', '${this.todo.title} (${this.todo.tag})']],
      },
      act,
      shows: { [first]: 'Milk (home)' },
    },
    {
      what: 'a private field is added to the store',
      edit: {
        'store.js': [
          ['  #todos = [];', '  #todos = [];\n  #told = 0;'],
          ['  tell() {', '  tell() {\n    this.#told++;'],
          ['return this.#todos.length; }', "return this.#todos.length + '/' + this.#told; }"],
        ],
      },
      act,
      shows: { [left]: '20 to do of 3/0' },
    },
    {
      what: 'what tells listeners, asked by an old listener',
      edit: { 'store.js': [['this.#told++;', 'this.#told += 100;']] },
      act: '(async () => { item.shadowRoot.querySelector(".toggle").click(); item.shadowRoot.querySelector(".toggle").click(); await app.updateComplete; })()',
      shows: { [left]: '20 to do of 3/200' },
    },
    {
      what: 'a listener in a template',
      edit: { 'todo-item.js': [['store.toggle(this.todo)', '(this.title = "toggled")']] },
      act: '(async () => { await redraw(); item.shadowRoot.querySelector(".toggle").click(); })()',
      shows: { 'todo-app >>> todo-item:nth-child(2) @title': 'toggled' },
    },
    {
      what: 'a method that a template has given to a listener',
      edit: { 'todo-item.js': [['this.#opened++;', 'this.#opened += 10;']] },
      act: '(async () => { const more = item.shadowRoot.querySelector(".more"); more.click(); more.click(); await item.updateComplete; })()',
      shows: { [details]: 'opened 21' },
    },
    {
      what: 'a private field',
      edit: { 'todo-item.js': [['opened ${this.#opened}', 'opened ${this.#opened} times']] },
      act,
      shows: { [details]: 'opened 21 times' },
    },
    {
      what: 'a private field is added to an element',
      edit: {
        'todo-item.js': [
          ['#opened = 0;', "#opened = 0;\n  #by = 'me';"],
          ['times', 'times by ${this.#by}'],
        ],
      },
      act,
      shows: { [details]: 'opened 21 times by me' },
    },
    {
      what: 'an arrow function in a field, which a listener holds',
      edit: { 'todo-app.js': [['this.draft = event.target.value;', 'this.draft = event.target.value.trimStart();']] },
      act: '(async () => { for (const text of ["  Jam", "  Jam and"]) { input.value = text; input.dispatchEvent(new Event("input")); await app.updateComplete; } input.setSelectionRange(3, 3); })()',
      shows: { [h1]: 'Today' },
    },
    {
      what: 'a method with its caller gets another name',
      edit: {
        'todo-item.js': [
          ['  open() {', '  toggleDetails() {'],
          ['${this.open}', '${this.toggleDetails}'],
        ],
      },
      act,
      shows: { [first]: 'Milk (home)' },
    },
    {
      what: 'a getter is added to an element, and used',
      edit: {
        'todo-item.js': [
          ['  render() {', "  get mark() { return this.todo.done ? '✔' : '○'; }\n\n  render() {"],
          ['<label>', '<label>${this.mark} '],
        ],
      },
      act,
      shows: { [first]: '○ Milk (home)', [second]: '✔ Bread (home)' },
    },
    {
      what: 'a constructor: only what is made after',
      edit: { 'todo-app.js': [["this.filter = 'all';", "this.filter = 'open';"]] },
      act,
      shows: { [h1]: 'Today' },
    },
    {
      what: 'lifecycle: what is called after each drawing is added',
      edit: { 'todo-app.js': [['  onSubmit(', "  updated() {\n    this.dataset.updated = 'yes';\n  }\n\n  onSubmit("]] },
      act,
      shows: { 'todo-app @data-updated': 'yes' },
    },
    {
      what: 'lifecycle: it is changed',
      edit: { 'todo-app.js': [["'yes'", "'again'"]] },
      act,
      shows: { 'todo-app @data-updated': 'again' },
    },
    {
      what: 'lifecycle: what is called before each drawing is added',
      edit: { 'todo-item.js': [['  toggleDetails', "  willUpdate() {\n    this.lang = 'en';\n  }\n\n  toggleDetails"]] },
      act,
      shows: { 'todo-app >>> todo-item:nth-child(1) @lang': 'en' },
    },
    {
      what: 'a module is added, and used',
      edit: {
        'todo-app.js': [
          ['import { store }', "import { note } from './note.js';\nimport { store }"],
          ['<nav>', '${note()}<nav>'],
        ],
      },
      add: { 'note.js': "import { html } from 'lit';\nexport const note = () => html`<aside>a note</aside>`;\n" },
      act,
      shows: { 'todo-app >>> aside': 'a note' },
      loses,
    },
    {
      what: 'the module that was added',
      edit: { 'note.js': [['a note', 'another note']] },
      act,
      shows: { 'todo-app >>> aside': 'another note' },
    },
    {
      what: 'it is removed',
      edit: {
        'todo-app.js': [
          ["import { note } from './note.js';\n", ''],
          ['${note()}', ''],
        ],
      },
      act,
      shows: { 'todo-app >>> aside': null },
      loses,
    },
    {
      what: 'styles of an element',
      edit: { 'todo-app.js': [['rgb(10, 10, 10)', 'rgb(0, 99, 0)']] },
      act,
      shows: { [`${h1} ::color`]: 'rgb(0, 99, 0)' },
    },
    {
      what: 'a property is added to an element, whose list of them Lit has read already',
      edit: {
        'todo-app.js': [
          ['filter: { type: String } }', 'filter: { type: String }, owner: { type: String } }'],
          ['<h1 title="all of it">Today', '<h1 title="all of it">Today ${this.owner}'],
        ],
      },
      act: '(async () => { await redraw(); app.setAttribute("owner", "me"); await app.updateComplete; })()',
      shows: { [h1]: 'Today' },
      loses,
    },
    {
      what: 'a new version that throws: nothing of it is there',
      edit: { 'filters.js': [["' to do';\n}", "' never';\n}\nthrow new Error('not yet');"]] },
      act,
      shows: { [left]: '20 to do of 3/200' },
      says: [/not yet/],
    },
    {
      what: 'and mended',
      edit: { 'filters.js': [["' never';\n}\nthrow new Error('not yet');", "' left';\n}"]] },
      act,
      shows: { [left]: '20 left of 3/200' },
    },
    {
      what: 'a statement at module level that is changed: the page reloads',
      edit: { 'todo-item.js': [["if (!customElements.get('todo-item')) customElements", 'customElements']] },
      shows: { [h1]: 'Today' },
      reloads: true,
      loses: ['focus', 'cursor', 'input', 'item', 'isOpen', 'filter', 'items'],
      says: [/not changed in place: \/todo-item\.js:\d+ \(a statement at module level changed\)/],
    },
  ],
};
