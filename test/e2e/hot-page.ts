/**
 * A page under hot updates, for tests that say what a save does: modules of the fixture tell what happens with `say(…)`, a save resolves
 * when the page has reported what it did about it, and what was said and printed meanwhile is asked for after. So nothing is waited for but
 * what the save itself causes, and "nothing else happened" can be asserted.
 */
import { renameSync } from 'node:fs';
import type { TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import type { OutcomeReport } from '../../src/protocol.ts';
import type { HotswapOption } from '../../src/server/config/hotswap-option.ts';
import type { DevServerOptions } from '../../src/server/config/config.ts';
import { openPage, type OpenPageOptions, type TestPage } from '../harness/browser.ts';
import { withDeadline } from '../harness/diagnostics.ts';
import { fixture, type Fixture } from '../harness/fixture.ts';
import { isInterim, startServer, type TestServer } from '../harness/server.ts';

/**
 * The article's client prints nothing: the page's own stream tells it of the file, and it imports that. Prints `told …` when another such
 * client, which heard of it later, has done so.
 */
export async function listenForFile({ page }: TestPage, file: string): Promise<void> {
  await page.evaluate(`void new EventSource('/changes').addEventListener('message', async ({ data }) => {
    if (JSON.parse(data) !== '${file}') return;
    await import('/${file}');
    console.log('told ${file}');
  })`);
}

/** Runs before the page's modules. `said` is on `window`, so that a reload starts an empty one. */
const PRELUDE = `<script>window.said = []; window.say = (...values) => void said.push(values.length === 1 ? values[0] : values);</script>`;

export interface HotPage {
  readonly tab: TestPage;
  readonly page: Page;
  /** What modules said since the last call. @param count waits for that many; for a first load that awaits something */
  said(count?: number): Promise<unknown[]>;
  /** Lines of ours in the console since the last call, without their `[hmr-dev] `. */
  printed(): Promise<string[]>;
}

export interface HotSite extends HotPage {
  readonly files: Fixture;
  readonly server: TestServer;
  /** Another tab, with a profile of its own. */
  open(urlPath: string): Promise<HotPage>;
  /** Writes the files and waits until `pages` pages have said what they did; none of them may reload. */
  save(changes: Readonly<Record<string, string>>, pages?: number): Promise<OutcomeReport[]>;
  /**
   * The same for files that have to reach the page in one update, however slow the machine is: nothing is told while something does not
   * compile, so all are broken first and mended one by one.
   */
  saveTogether(changes: Readonly<Record<string, string>>): Promise<OutcomeReport[]>;
  /** Writes the files and waits until the first page has loaded again. */
  saveAndReload(changes: Readonly<Record<string, string>>): Promise<void>;
  /** Lines of the terminal about batches, without time of day and duration. */
  terminal(): string[];
  /** The terminal's next line about this file. */
  terminalLine(file: string): Promise<string>;
}

export interface HotOptions extends OpenPageOptions {
  /** What runs again is what most tests are about; what is changed in place has tests of its own. Default: off. */
  readonly hotswap?: HotswapOption | undefined;
  /** Of the server; default: any. */
  readonly port?: number;
  readonly plugins?: DevServerOptions['plugins'];
}

/** A page that loads these module scripts. */
export function html(...scripts: readonly string[]): string {
  const tags = scripts.map((src) => `<script type="module" src="${src}"></script>`);
  return `<!doctype html><link rel="icon" href="data:,"><body>${PRELUDE}<main></main>${tags.join('')}`;
}

/** The same with an inline module script. */
export function inlineHtml(script: string): string {
  return `<!doctype html><link rel="icon" href="data:,"><body>${PRELUDE}<main></main><script type="module">\n${script}\n</script>`;
}

/** Where an order is not promised. */
export function sorted(values: readonly unknown[]): unknown[] {
  return [...values].sort((a, b) => (String(a) < String(b) ? -1 : 1));
}

/** Serves the files (`index.html` loads `/main.js` unless it is among them) and opens the page. */
export async function openHot(t: TestContext, contents: Readonly<Record<string, string>>, options: HotOptions = {}): Promise<HotSite> {
  const files = await fixture({ 'index.html': html('/main.js'), ...contents });
  t.after(() => files[Symbol.asyncDispose]());
  return openFolder(t, files, options);
}

export async function openFolder(
  t: TestContext,
  files: Fixture,
  { port = 0, plugins, hotswap = 'off', ...options }: HotOptions = {},
): Promise<HotSite> {
  const server = await startServer(files.path, { port, plugins, hotswap });
  t.after(() => server.close());
  const open = async (urlPath: string): Promise<HotPage> => {
    const tab = await openPage(server.url(urlPath), options);
    t.after(() => tab.close());
    await tab.waitForConsole(/^\[hmr-dev\] connected\.$/);
    return hotPage(tab);
  };
  const first = await open('/');
  const { page } = first;
  await first.printed();
  const desk = await fixture();
  t.after(() => desk[Symbol.asyncDispose]());
  /** Prepared elsewhere and moved in at once: one save, whole from the first moment. How else files can be saved is another test's matter. */
  const write = async (changes: Readonly<Record<string, string>>): Promise<void> => {
    for (const [name, content] of Object.entries(changes)) await desk.write(name, content);
    for (const name of Object.keys(changes)) renameSync(desk.resolve(name), files.resolve(name));
  };
  const writeAndExpectErrors = async (name: string, content: string, count: number): Promise<void> => {
    const told = new Promise<void>((resolve) => {
      const end = server.server.on('error', (errors) => {
        if (errors.length !== count) return;
        end();
        resolve();
      });
    });
    await write({ [name]: content });
    await withDeadline(told, `${count} errors`);
  };
  const lines = (): string[] =>
    server.log.lines
      .filter((line) => BATCH_LINE.test(line) && !isInterim(line))
      .map((line) => line.replace(BATCH_LINE, '').replace(DURATION, ''));

  const save: HotSite['save'] = async (changes, pages = 1) => {
    const reports = nextOutcomes(server, pages);
    await write(changes);
    return withDeadline(reports, `what ${pages} page(s) did about ${Object.keys(changes).join(', ')}`);
  };

  return {
    ...first,
    files,
    server,
    open,
    save,
    async saveTogether(changes) {
      const entries = Object.entries(changes);
      const last = Object.fromEntries(entries.splice(-1));
      let broken = 0;
      for (const name of Object.keys(changes)) await writeAndExpectErrors(name, '}', ++broken);
      for (const [name, content] of entries) await writeAndExpectErrors(name, content, --broken);
      return save(last);
    },
    async saveAndReload(changes) {
      const loaded = page.waitForEvent('load');
      await write(changes);
      await loaded;
    },
    terminal: lines,
    async terminalLine(file) {
      const name = file.replace(/[.]/g, '\\.');
      const line = await server.log.waitFor(new RegExp(`^\\d\\d:\\d\\d:\\d\\d [^:]*${name}[^:]*: (?!sent; no page)`));
      return line.replace(BATCH_LINE, '').replace(DURATION, '');
    },
  };
}

const BATCH_LINE = /^\d\d:\d\d:\d\d /;
const DURATION = / \([\d.]+ m?s\)$/;

function hotPage(tab: TestPage): HotPage {
  const { page } = tab;
  let read = 0;
  return {
    tab,
    page,
    async said(count = 0) {
      await page.waitForFunction((wanted) => (window as unknown as { said: unknown[] }).said.length >= wanted, count);
      return page.evaluate(() => (window as unknown as { said: unknown[] }).said.splice(0));
    },
    async printed() {
      // Console events come over the same channel, in order: after this answer, those of before are here.
      await page.evaluate(() => 0);
      const fresh = tab.console.lines.slice(read);
      read = tab.console.lines.length;
      return fresh.filter((line) => line.startsWith('[hmr-dev] ')).map((line) => line.slice('[hmr-dev] '.length));
    },
  };
}

/** Reports of the next update that is published, from as many pages. */
export function nextOutcomes({ server }: TestServer, count: number): Promise<OutcomeReport[]> {
  return new Promise((resolve, reject) => {
    let id: string | undefined;
    const reports: OutcomeReport[] = [];
    const ends = [
      server.on('error', (errors) => reject(new Error(`does not compile: ${errors.map(({ message }) => message).join(', ')}`))),
      server.on('update', (update) => (id ??= update.id)),
      server.on('outcome', (report) => {
        if (report.id !== id || reports.push(report) < count) return;
        for (const end of ends) end();
        resolve(reports);
      }),
    ];
  });
}
