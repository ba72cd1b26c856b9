/**
 * A folder, the server on it and a page, for tests about what happens between a save and the page; and the ways in which editors and
 * tools write files. The server runs in the test's process, so that a test can count its events and its clients.
 */
import { once } from 'node:events';
import fs from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { createDevServer } from '../../src/server/dev-server.ts';
import type { PublishedUpdate } from '../../src/server/hot/updates.ts';
import { openPage, type OpenPageOptions, type TestPage } from '../harness/browser.ts';
import { ensureBuilt } from '../harness/built.ts';
import { createLineLog, registerState, type LineLog } from '../harness/diagnostics.ts';
import { fixture, type Fixture, type FixtureFiles } from '../harness/fixture.ts';
import { capturingLogger, isInterim, startServer, type TestServer } from '../harness/server.ts';

export interface Session {
  readonly files: Fixture;
  readonly server: TestServer;
  readonly tab: TestPage;
  /** Every batch that was told, in order. */
  readonly updates: readonly PublishedUpdate[];
}

/** Waits until the page is connected, so that nothing is told before somebody listens. */
export async function openFolder(
  t: TestContext,
  content: FixtureFiles,
  options: OpenPageOptions & { readonly path?: string } = {},
): Promise<Session> {
  const files = await fixture(content);
  t.after(() => files[Symbol.asyncDispose]());
  const server = await startServer(files.path);
  t.after(() => server.close());
  const updates: PublishedUpdate[] = [];
  server.server.on('update', (update) => updates.push(update));
  const tab = await openPage(server.url(options.path ?? '/'), options);
  t.after(() => tab.close());
  await tab.waitForConsole(/^\[hmr-dev\] connected/);
  await tab.markDocument();
  return { files, server, tab, updates };
}

/** A page that knows the versions of what it shows; a server that was away while files changed is asked to compare with them. */
export async function openSynced(url: string): Promise<TestPage> {
  let synced: Promise<unknown> | undefined;
  const tab = await openPage(url, { prepare: async (opened) => void (synced = opened.waitForResponse(/\/@hmr-dev\/sync$/)) });
  await synced;
  return tab;
}

export function untilColor(tab: TestPage, selector: string, color: string): Promise<unknown> {
  return tab.page.waitForFunction(
    ([s = '', c]) => getComputedStyle(document.querySelector(s) ?? document.body).color === c,
    [selector, color],
  );
}

export function colorOf(tab: TestPage, selector: string): Promise<string> {
  return tab.page
    .locator(selector)
    .first()
    .evaluate((element) => getComputedStyle(element).color);
}

export const page = (body: string, head = ''): string =>
  `<!doctype html><html><head><title>x</title>${head}</head><body>${body}</body></html>`;

/** A page whose text is what a module says, and a count that a reload or a second run of `main.js` would lose. */
export const VIEW_FILES = {
  'index.html': page('<p id="out"></p><button>0</button>', '<script type="module" src="main.js"></script>'),
  'main.js': `import { text } from './view.js';
    const button = document.querySelector('button');
    button.onclick = () => button.textContent = Number(button.textContent) + 1;
    const show = (text) => document.querySelector('#out').textContent = text;
    show(text);
    import.meta.hot.accept('./view.js', (view) => show(view.text));`,
  'view.js': `export const text = 'one';`,
} satisfies FixtureFiles;

/** Saves a file whose whole content is `text`. */
export type Save = (files: Fixture, name: string, text: string) => Promise<void>;

/** How programs save, by name. */
export const SAVES: Readonly<Record<string, Save>> = {
  'truncate and write': (files, name, text) => files.write(name, text),
  'truncate, pause, write': async (files, name, text) => {
    await using handle = await opened(files.resolve(name), 'w');
    await nextTurns(20);
    await handle.file.write(text);
  },
  'in two chunks': async (files, name, text) => {
    await using handle = await opened(files.resolve(name), 'w');
    await handle.file.write(text.slice(0, text.length / 2));
    await nextTurns(20);
    await handle.file.write(text.slice(text.length / 2));
  },
  'into a temporary file, renamed over it': (files, name, text) => files.atomicWrite(name, text),
  'vim: the old file moved away, a new one written, the backup removed': async (files, name, text) => {
    await files.write('4913', '');
    await files.remove('4913');
    await fs.rename(files.resolve(name), files.resolve(`${name}~`));
    await fs.writeFile(files.resolve(name), text);
    await files.remove(`${name}~`);
  },
  'removed and written again': async (files, name, text) => {
    await files.remove(name);
    await fs.writeFile(files.resolve(name), text);
  },
  'with the old modification time': async (files, name, text) => {
    const { atime, mtime } = await fs.stat(files.resolve(name));
    await fs.writeFile(files.resolve(name), text);
    await fs.utimes(files.resolve(name), atime, mtime);
  },
  'the folder moved away and back with another content': async (files, name, text) => {
    const folder = path.dirname(files.resolve(name));
    await fs.rename(folder, `${folder}-before`);
    await fs.cp(`${folder}-before`, folder, { recursive: true });
    await fs.writeFile(files.resolve(name), text);
    await fs.rm(`${folder}-before`, { recursive: true });
  },
};

async function opened(filePath: string, flags: string): Promise<AsyncDisposable & { readonly file: fs.FileHandle }> {
  const file = await fs.open(filePath, flags);
  return { file, [Symbol.asyncDispose]: () => file.close() };
}

/** Lets the server, which runs in this process, look at what is half done. Turns of the event loop, not time. */
export async function nextTurns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Tells the server's log apart from what came before. */
export function batchLines(server: TestServer): string[] {
  return server.log.lines.filter((line) => /^\d\d:\d\d:\d\d /.test(line) && !isInterim(line));
}

export interface Front extends AsyncDisposable {
  readonly origin: string;
  readonly log: LineLog;
  /** Open streams of `/changes`. */
  readonly streams: number;
  readonly requests: readonly string[];
}

/** The server as a middleware of somebody else's, who sees every request first. */
export async function startFront(root: string, before: (req: IncomingMessage, res: ServerResponse) => void = () => {}): Promise<Front> {
  await ensureBuilt();
  const log = createLineLog('the log of the server behind the front');
  const unregister = registerState('log of the server behind the front', () => log.lines.join('\n'));
  const dev = createDevServer({ root, logger: capturingLogger(log) });
  const requests: string[] = [];
  let streams = 0;
  const front = createServer((req, res) => {
    requests.push(req.url ?? '');
    if (req.url?.startsWith('/changes') === true) {
      streams++;
      res.on('close', () => streams--);
    }
    before(req, res);
    dev.handler(req, res);
  }).listen(0, 'localhost');
  await once(front, 'listening');
  const { port } = front.address() as AddressInfo;
  return {
    origin: `http://localhost:${port}`,
    log,
    requests,
    get streams() {
      return streams;
    },
    async [Symbol.asyncDispose]() {
      unregister();
      await dev.close();
      front.closeAllConnections();
      await new Promise((resolve) => front.close(resolve));
    },
  };
}
