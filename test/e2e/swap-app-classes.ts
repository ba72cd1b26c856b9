/** A list of things to do in plain classes, as a person would write it who uses no framework, and thirty edits of it. */
import { FILTERS, type App } from './swap-app.ts';

const files: App['files'] = {
  'index.html': `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>To do</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/style.css"></head>
<body><main></main><script type="module" src="/main.js"></script></body>
</html>`,
  'style.css': `body { font-family: sans-serif; color: rgb(20, 20, 20); }\nli.done label { color: rgb(150, 150, 150); }\n`,
  'main.js': `import { container } from 'hmr-dev/client';

let app;
await container({ './app.js': 'code' }, ({ code }) => {
  app ??= new code.TodoApp(document.querySelector('main'));
  app.draw();
});
`,
  'app.js': `import { TodoList } from './todos.js';
import { ItemView } from './item-view.js';
import { FILTERS, count } from './filters.js';
import { TITLE } from './texts.js';

/** Holds everything that is on screen, from the first load on. */
export class TodoApp {
  static LIMIT = 5;
  #filter = 'all';
  #views = new Map();
  todos = new TodoList();
  seconds = 0;

  constructor(root) {
    this.root = root;
    root.innerHTML = '<h1></h1><form><input class="new"></form><ul></ul><p class="left"></p><nav></nav><output></output>';
    this.input = root.querySelector('.new');
    root.querySelector('form').addEventListener('submit', this.onSubmit);
    root.addEventListener('click', (event) => this.onClick(event));
    this.timer = setInterval(() => this.tick(), 100);
  }

  onSubmit = (event) => {
    event.preventDefault();
    if (this.add(this.input.value)) this.input.value = '';
  };

  onClick(event) {
    const action = event.target.dataset.action;
    if (action) this.actions[action].call(this, event.target.dataset.value);
  }

  actions = {
    filter(name) { this.#filter = name; this.draw(); },
    toggle(id) { this.todos.find(Number(id)).toggle(); this.draw(); },
  };

  get filter() { return this.#filter; }

  add(title) {
    if (!title.trim() || this.todos.size >= TodoApp.LIMIT) return false;
    this.todos.add(title);
    this.draw();
    return true;
  }

  tick() {
    this.seconds += 1;
    this.root.querySelector('output').textContent = 'open for ' + (this.seconds > 0 ? 'a while' : '');
  }

  draw() {
    const { root, todos } = this;
    root.querySelector('h1').textContent = TITLE;
    this.input.placeholder = 'What is to do?';
    const shown = todos.all.filter(FILTERS[this.#filter].accepts);
    root.querySelector('ul').replaceChildren(...shown.map((todo) => this.viewOf(todo).draw()));
    root.querySelector('.left').textContent = count(todos.left);
    root.querySelector('nav').innerHTML = Object.entries(FILTERS)
      .map(([name, { label }]) => '<button data-action="filter" data-value="' + name + '">' + label + '</button>').join('');
  }

  viewOf(todo) {
    if (!this.#views.has(todo)) this.#views.set(todo, new ItemView(todo));
    return this.#views.get(todo);
  }
}
`,
  'todos.js': `let nextId = 1;

export class Todo {
  #done = false;

  constructor(title) {
    this.id = nextId++;
    this.title = title;
  }

  get done() { return this.#done; }

  toggle() { this.#done = !this.#done; }

  text() { return this.title; }
}

export class TodoList {
  #todos = [];

  get all() { return this.#todos; }
  get size() { return this.#todos.length; }
  get left() { return this.#todos.filter((todo) => !todo.done).length; }

  add(title) { this.#todos.push(new Todo(title)); }

  find(id) { return this.#todos.find((todo) => todo.id === id); }
}
`,
  'item-view.js': `/** One line. Its element stays as long as the todo. */
export class ItemView {
  element = document.createElement('li');

  constructor(todo) {
    this.todo = todo;
  }

  html() {
    return '<label>' + this.todo.text() + '</label>';
  }

  draw() {
    const { element, todo } = this;
    element.className = todo.done ? 'done' : '';
    element.dataset.id = todo.id;
    element.innerHTML = this.html();
    return element;
  }
}
`,
  'filters.js': FILTERS,
  'texts.js': `export const TITLE = 'To do';\n`,
};

/** Three things, the second done; a word that was typed and not entered, with the cursor in it. */
const arrange = `(() => {
  const app = document.querySelector('main');
  const input = app.querySelector('.new');
  for (const title of ['Milk', 'Bread', 'Tea']) {
    input.value = title;
    app.querySelector('form').requestSubmit();
  }
  window.item = app.querySelector('li:nth-child(2)');
  window.input = input;
  input.value = 'Jam and';
  input.focus();
  input.setSelectionRange(3, 3);
})()`;

const state = `() => ({
  typed: input.value, focus: document.activeElement === input, cursor: input.selectionStart, input: input.isConnected,
  item: item.isConnected, titles: [...document.querySelectorAll('li label')].map((label) => label.textContent.replace(/[^A-Z]/g, '')),
})`;

export const classesApp: App = {
  files,
  arrange,
  state,
  ready: { h1: 'To do', '.left': '0 left' },
  options: { hotswap: 'classes' },
  edits: [
    {
      what: 'a method: what a line says',
      edit: { 'todos.js': [['return this.title;', "return this.title + '!';"]] },
      shows: { 'li:nth-child(1) label': 'Milk!', 'li:nth-child(3)': 'Tea!' },
    },
    {
      what: 'markup: a line has a box to tick, which an old handler reaches',
      edit: {
        'item-view.js': [
          [
            "return '<label>'",
            `return '<input type="checkbox" data-action="toggle" data-value="' + this.todo.id + '"' + (this.todo.done ? ' checked' : '') + '><label>'`,
          ],
        ],
      },
      act: `document.querySelector('li:nth-child(2) input').click()`,
      shows: { 'li:nth-child(2) @class': 'done', '.left': '2 left' },
    },
    {
      what: 'a function',
      edit: { 'filters.js': [["n + ' left'", "n + (n === 1 ? ' thing' : ' things') + ' to do'"]] },
      shows: { '.left': '2 things to do' },
    },
    { what: 'a constant', edit: { 'texts.js': [["'To do'", "'Today'"]] }, shows: { h1: 'Today' } },
    {
      what: 'a style',
      edit: { 'style.css': [['rgb(20, 20, 20)', 'rgb(0, 0, 120)']] },
      shows: { 'h1 ::color': 'rgb(0, 0, 120)' },
    },
    {
      what: 'a class of the stylesheet and the markup that uses it, in one save',
      edit: { 'style.css': [['li.done label', 'li.is-done label']], 'item-view.js': [["'done' : ''", "'is-done' : ''"]] },
      shows: { 'li:nth-child(2) label ::color': 'rgb(150, 150, 150)' },
    },
    {
      what: 'data: another filter',
      edit: { 'filters.js': [['!todo.done },', "!todo.done },\n  done: { label: 'Done', accepts: (todo) => todo.done },"]] },
      shows: { nav: 'AllOpenDone' },
    },
    {
      what: 'data: a label',
      edit: { 'filters.js': [["'Open'", "'To do'"]] },
      shows: { nav: 'AllTo doDone' },
    },
    {
      what: 'a function in data',
      edit: { 'filters.js': [['accepts: () => true', "accepts: (todo) => todo.title !== 'Nothing'"]] },
      shows: { 'ul @class': null, 'li:nth-child(3)': 'Tea!' },
    },
    {
      what: 'an arrow function in a field, which a listener holds',
      edit: { 'app.js': [['if (this.add(this.input.value))', 'if (this.add(this.input.value.toUpperCase()))']] },
      shows: { h1: 'Today' },
    },
    {
      what: 'what an interval calls',
      edit: { 'app.js': [["'open for '", "'seen for '"]] },
      shows: { output: 'seen for a while' },
    },
    {
      what: 'a field is added: objects of before have it as well',
      edit: {
        'todos.js': [
          ['  #done = false;', "  #done = false;\n  tag = 'home';"],
          ["this.title + '!'", "this.title + ' (' + this.tag + ')'"],
        ],
      },
      shows: { 'li:nth-child(1) label': 'Milk (home)' },
    },
    {
      what: 'a private field is added',
      edit: {
        'todos.js': [
          ['  #done = false;', '  #done = false;\n  #toggles = 0;'],
          ['this.#done = !this.#done; }', 'this.#done = !this.#done; this.#toggles++; }'],
          ["' (' + this.tag + ')'", "' ' + this.#toggles"],
        ],
      },
      act: `document.querySelector('li:nth-child(2) input').click(); document.querySelector('li:nth-child(2) input').click()`,
      shows: { 'li:nth-child(1) label': 'Milk 0', 'li:nth-child(2) label': 'Bread 2' },
    },
    {
      what: 'a getter becomes another one, a method is added, and used by another module in one save',
      edit: {
        'todos.js': [['  toggle()', '  short() { return this.title.slice(0, 3); }\n\n  toggle()']],
        'item-view.js': [['this.todo.text()', 'this.todo.short()']],
      },
      shows: { 'li:nth-child(2) label': 'Bre' },
    },
    {
      what: 'a method is removed',
      edit: { 'todos.js': [["  text() { return this.title + ' ' + this.#toggles; }\n", '']] },
      shows: { 'li:nth-child(2) label': 'Bre' },
    },
    {
      what: 'a constructor: only what is made after',
      edit: { 'todos.js': [['this.title = title;', "this.title = '* ' + title;"]] },
      shows: { 'li:nth-child(1) label': 'Mil' },
      says: [/objects of Todo that are there keep/],
    },
    {
      what: 'a static field',
      edit: {
        'app.js': [
          ['LIMIT = 5', 'LIMIT = 3'],
          ["'What is to do?'", "todos.size >= TodoApp.LIMIT ? 'Enough' : 'What is to do?'"],
        ],
      },
      shows: { '.new @placeholder': 'Enough' },
    },
    {
      what: 'a module is added, and imported',
      edit: {
        'item-view.js': [
          ['/** One line.', "import { mark } from './mark.js';\n\n/** One line."],
          ['this.todo.short()', 'mark(this.todo) + this.todo.title'],
        ],
      },
      add: { 'mark.js': `export const mark = (todo) => (todo.done ? '✔ ' : '○ ');\n` },
      shows: { 'li:nth-child(2) label': '✔ Bread', 'li:nth-child(1) label': '○ Milk' },
    },
    {
      what: 'the module that was added',
      edit: { 'mark.js': [["'✔ '", "'[x] '"]] },
      shows: { 'li:nth-child(2) label': '[x] Bread' },
    },
    {
      what: 'a parent class is put in between',
      edit: {
        'item-view.js': [
          [
            '/** One line.',
            "class View {\n  draw() {\n    this.element.title = 'a view';\n    return this.element;\n  }\n}\n\n/** One line.",
          ],
          ['export class ItemView {', 'export class ItemView extends View {'],
          ['    return element;', '    return super.draw();'],
        ],
      },
      shows: { 'li:nth-child(1) @title': 'a view' },
    },
    { what: 'the parent class', edit: { 'item-view.js': [["'a view'", "'a line'"]] }, shows: { 'li:nth-child(1) @title': 'a line' } },
    {
      what: 'a function gets a parameter, with its caller',
      edit: {
        'filters.js': [
          ['count(n) {', 'count(n, all) {'],
          ["' to do';", "' of ' + all;"],
        ],
        'app.js': [['count(todos.left)', 'count(todos.left, todos.size)']],
      },
      shows: { '.left': '2 things of 3' },
    },
    {
      what: 'a method is renamed, with its caller',
      edit: {
        'app.js': [
          ['this.viewOf(todo).draw()', 'this.lineFor(todo).draw()'],
          ['  viewOf(todo) {', '  lineFor(todo) {'],
        ],
      },
      shows: { 'li:nth-child(3) label': '○ Tea' },
    },
    {
      what: 'an entry of an object in a field: only objects that are made after',
      edit: {
        'app.js': [
          ['this.#filter = name; this.draw(); },', 'this.#filter = name; this.draw(); },\n    clear() { this.todos = new TodoList(); },'],
        ],
      },
      shows: { h1: 'Today' },
      says: [/objects of TodoApp that are there keep/],
    },
    {
      what: 'a function in an object in a field: only objects that are made after',
      edit: { 'app.js': [['.toggle(); this.draw(); }', ".toggle(); this.draw(); this.root.title = 'toggled'; }"]] },
      act: `document.querySelector('li:nth-child(2) input').click(); document.querySelector('li:nth-child(2) input').click()`,
      shows: { 'main @title': null },
      says: [/objects of TodoApp that are there keep/],
    },
    {
      what: 'markup that the constructor makes: only of an app that is made after',
      edit: { 'app.js': [['<nav></nav>', '<nav class="filters"></nav>']] },
      shows: { 'nav @class': null },
      says: [/objects of TodoApp that are there keep/],
    },
    {
      what: 'a variable of the module that counts: its value is what the author says now',
      edit: { 'todos.js': [['let nextId = 1', 'let nextId = 100']] },
      shows: { 'li:nth-child(3) @data-id': '3' },
    },
    {
      what: 'a new version that throws: nothing of it is there',
      edit: { 'texts.js': [["export const TITLE = 'Today';", "export const TITLE = 'Never';\nthrow new Error('not yet');"]] },
      shows: { h1: 'Today' },
      says: [/not yet/],
    },
    { what: 'and mended', edit: { 'texts.js': [["'Never';\nthrow new Error('not yet');", "'Tomorrow';"]] }, shows: { h1: 'Tomorrow' } },
    {
      what: 'a statement at module level',
      edit: { 'texts.js': [["'Tomorrow';", "'Tomorrow';\ndocument.title = 'Tomorrow';"]] },
      shows: { title: 'Tomorrow' },
    },
    {
      what: 'that statement is changed: the module runs again',
      edit: { 'texts.js': [["document.title = 'Tomorrow'", "document.title = 'Later'"]] },
      shows: { title: 'Later', h1: 'Tomorrow' },
      says: [/not changed in place: \/texts\.js:2 \(a statement at module level changed\)/],
    },
  ],
};
