import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openTab, html, startScriptedServer } from './client-support.ts';

/** The connection and the shim as the client composes them, in front of everything else on the page. */
const COMPOSE = `<script>
globalThis.handWritten = 0;
globalThis.shim = hmr.installEventSourceShim({ onHandWritten: () => globalThis.handWritten++ });
hmr.createConnection({
  lastEventId: 'e1-0',
  onEvent: (event, id) => shim.dispatchEvent(event, id),
  onPlain: (file, id) => shim.dispatchPlain(file, id),
  onState: (state) => shim.setState(state),
});
</script>`;

/** As in the article that this tool grew from, with a version in the address where the runtime gives the new module. */
const ARTICLE = `<h1></h1><script type="module">
import { createApp } from '/framework.js';
const app = createApp();
const eventSource = new EventSource('/changes');
const map = { 'view.js': 'view', 'model.js': 'model' };
const update = (container) => { app.setView(container.view); app.setModel(container.model); app.render(); };
const container = {};
let version = 0;
eventSource.onmessage = async (e) => {
  const file = JSON.parse(e.data);
  if (map[file] != null) { container[map[file]] = await import('/' + file + '?' + ++version); update(container); }
};
for (const [file, property] of Object.entries(map)) { container[property] = await import('/' + file); }
update(container);
globalThis.app = app;
</script>`;

const FRAMEWORK = `export function createApp() {
  let view, model;
  return {
    clicks: 0,
    setView(next) { view = next; },
    setModel(next) { model = next; },
    render() { document.querySelector('h1').textContent = view.text(model.name, this.clicks); },
  };
}`;

test('the article’s client works on the shared stream, its state kept', async () => {
  await using server = await startScriptedServer();
  server.resources.set('/', html(ARTICLE, COMPOSE));
  server.resources.set('/framework.js', { body: FRAMEWORK });
  server.resources.set('/view.js', { body: 'export const text = (name, clicks) => `hello ${name} ${clicks}`;' });
  server.resources.set('/model.js', { body: 'export const name = "world";' });
  await using tab = await openTab(server.origin);
  await tab.untilText('h1', 'hello world 0');
  await tab.page.evaluate('app.clicks = 3');
  server.resources.set('/view.js', { body: 'export const text = (name, clicks) => `HELLO ${name} ${clicks}`;' });
  server.update('view.js');
  await tab.untilText('h1', 'HELLO world 3');
  server.resources.set('/model.js', { body: 'export const name = "moon";' });
  server.update('other.js', 'model.js');
  await tab.untilText('h1', 'HELLO moon 3');
  assert.equal(server.streams.size, 1);
  assert.equal(await tab.page.evaluate('handWritten'), 1);
  assert.deepEqual(tab.errors, []);
});

test('it hears of a server that went away and came back', async () => {
  await using server = await startScriptedServer();
  server.resources.set('/', html('', COMPOSE));
  await using tab = await openTab(server.origin);
  await tab.page.evaluate(() => {
    const source = new EventSource('/changes');
    for (const type of ['open', 'error']) source.addEventListener(type, () => console.log(`${type} ${source.readyState}`));
    source.onmessage = ({ data }: MessageEvent<string>) => console.log(`message ${data}`);
  });
  await tab.waitForConsole(/^open 1$/);
  await server.stop();
  await tab.waitForConsole(/^error 0$/);
  const before = tab.console.lines.length;
  await server.start();
  await tab.waitForConsole(/^open 1$/, before);
  server.update('a.js');
  await tab.waitForConsole(/^message "a.js"$/);
});

test('has every trait of the browser’s class', async () => {
  await using server = await startScriptedServer();
  server.resources.set('/', html('', COMPOSE));
  await using tab = await openTab(server.origin);
  const traits = await tab.page.evaluate(() => {
    class Mine extends EventSource {
      readonly mine = true;
    }
    const shared = new EventSource('/changes');
    const other = new EventSource('/other');
    const mine = new Mine('/changes');
    const result = {
      shared: [shared instanceof EventSource, shared.CLOSED, shared.readyState, new URL(shared.url).pathname, String(shared)],
      other: [other instanceof EventSource, Object.hasOwn(other, 'readyState'), new URL(other.url).pathname],
      mine: [mine instanceof Mine, mine instanceof EventSource, mine.mine, Object.hasOwn(mine, 'readyState')],
      statics: [EventSource.CONNECTING, EventSource.OPEN, EventSource.CLOSED, EventSource.name, EventSource.length],
    };
    for (const source of [shared, other, mine]) source.close();
    return { ...result, closed: [shared.readyState, other.readyState, mine.readyState] };
  });
  assert.deepEqual(traits, {
    shared: [true, 2, 0, '/changes', '[object EventSource]'],
    other: [true, false, '/other'],
    mine: [true, true, true, false],
    statics: [0, 1, 2, 'EventSource', 1],
    closed: [2, 2, 2],
  });
});

test('ten of them in one page take no connection of their own', async () => {
  await using server = await startScriptedServer();
  server.resources.set('/', html('', COMPOSE));
  await using tab = await openTab(server.origin);
  await tab.page.evaluate(() => {
    for (let n = 0; n < 10; n++) new EventSource('/changes').onmessage = ({ data }: MessageEvent<string>) => console.log(`${n} ${data}`);
  });
  await server.until('the shared stream', () => server.streams.size === 1);
  server.update('a.js');
  for (let n = 0; n < 10; n++) await tab.waitForConsole(new RegExp(`^${n} "a.js"$`));
  assert.equal(server.requests.filter((path) => path.startsWith('/changes')).length, 1);
});
