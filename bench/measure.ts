/**
 * One server, one app, all figures. Times are taken in this process: a load from the navigation's start to the app's message, a
 * save from before the write to the message of the code that was saved. The message is a DevTools binding, whose way out of the
 * page (below a millisecond) is in every figure alike.
 */
import fs from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { chromium, type Browser, type Page } from 'playwright-core';
import { findChromium } from '../scripts/ensure-chromium.ts';
import { leafSource, versionName, type App } from './generate.ts';
import type { StartedServer } from './servers.ts';

export interface Figures {
  readonly startMs: number;
  readonly firstLoadMs: number;
  /** From the second start of the server, with what the first one left on disk, to the running app. */
  readonly openAgainMs: number;
  readonly reloadMs: number;
  readonly saveMs: number;
  readonly saveP95Ms: number;
  readonly rssMb: number;
  /** What the server and its helpers computed until the app ran for the first time: steadier than a time, where others work too. */
  readonly cpuMs: number;
  /** What the first load brought into the page. */
  readonly loadMb: number;
}

export interface Runs {
  readonly reloads: number;
  readonly saves: number;
}

const START_LIMIT_MS = 60_000;
const MESSAGE_LIMIT_MS = 120_000;
/** As a person saves: everything has come to rest before the next one, and no file watcher takes two saves for one. */
const BETWEEN_SAVES_MS = 250;

export async function measure(server: () => Promise<StartedServer>, app: App, runs: Runs): Promise<Figures> {
  const executablePath = findChromium();
  // Before the server, which must not be given the time that a browser takes to start.
  const browser = await chromium.launch({ ...(executablePath !== undefined && { executablePath }), args: BROWSER_ARGS });
  try {
    const first = await measureSession(server, browser, app, runs);
    const second = await measureSession(server, browser, app, { reloads: 0, saves: 0 });
    return { ...first, openAgainMs: second.startMs + second.firstLoadMs };
  } finally {
    await browser.close();
  }
}

type Session = Omit<Figures, 'openAgainMs'>;

async function measureSession(server: () => Promise<StartedServer>, browser: Browser, app: App, runs: Runs): Promise<Session> {
  const started = performance.now();
  const { process: tree, origin } = await server();
  await using _end = tree;
  await untilAnswer(origin, tree.exited, tree.output);
  const startMs = performance.now() - started;
  try {
    const page = await openPage(browser);
    const isReady = (): Promise<number> => page.message('ready');
    const firstLoadMs = await timed(isReady, () => page.goto(origin));
    const cpuMs = tree.cpuMs();
    const loadMb = (await page.loadedBytes()) / 1e6;
    const reloads: number[] = [];
    for (let n = 0; n < runs.reloads; n++) reloads.push(await timed(isReady, () => page.reload()));
    const saves = await measureSaves(page, app, runs.saves);
    const rssMb = tree.rssBytes() / 1024 / 1024;
    if (runs.reloads > 0) for (const other of app.pages ?? []) await timed(isReady, () => page.goto(origin + other));
    page.assertNoProblems();
    await page.close();
    return {
      startMs,
      firstLoadMs,
      reloadMs: quantile(reloads, 0.5),
      saveMs: quantile(saves, 0.5),
      saveP95Ms: quantile(saves, 0.95),
      rssMb,
      cpuMs,
      loadMb,
    };
  } catch (cause) {
    throw new Error(`${String(cause)}\nThe server printed:\n${tree.output().slice(-2_000)}`, { cause });
  }
}

async function measureSaves(page: BenchPage, app: App, count: number): Promise<number[]> {
  if (count === 0) return [];
  const times: number[] = [];
  const loads = page.loads();
  // The first two warm up what a session has warm: the server's transform, the page's update code.
  for (let n = 1; n <= count + 2; n++) {
    await delay(BETWEEN_SAVES_MS);
    const version = versionName(n);
    const time = await timed(
      () => page.message(`leaf ${version}`),
      () => overwrite(app.leaf, leafSource(version)),
    );
    if (n > 2) times.push(time);
  }
  if (page.loads() !== loads) throw new Error('A save reloaded the page: that is not what is to be measured.');
  return times;
}

/**
 * One write and no truncation before it. A server that looks between the two of an ordinary save sees an empty file, and what it does
 * then (Bun reloads the page now and then) is not the speed that is measured here.
 */
async function overwrite(file: string, text: string): Promise<void> {
  await using handle = await fs.open(file, 'r+');
  await handle.write(text, 0);
}

async function timed(end: () => Promise<number>, begin: () => Promise<unknown>): Promise<number> {
  const ended = end();
  const start = performance.now();
  const [endAt] = await Promise.all([ended, begin()]);
  return endAt - start;
}

interface BenchPage {
  goto(url: string): Promise<unknown>;
  reload(): Promise<unknown>;
  /** When the next message with this text arrives: a time of `performance.now()`. */
  message(text: string): Promise<number>;
  /** How often the app has started. */
  loads(): number;
  /** Bodies of all responses since the last navigation. */
  loadedBytes(): Promise<number>;
  /** Throws what the page reported as errors, if any. */
  assertNoProblems(): void;
  close(): Promise<void>;
}

async function openPage(browser: Browser): Promise<BenchPage> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const waiting = new Map<string, (at: number) => void>();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  const devTools = await page.context().newCDPSession(page);
  await devTools.send('Runtime.enable');
  await devTools.send('Runtime.addBinding', { name: '__bench' });
  // Else the list ends at 250.
  await page.addInitScript(() => performance.setResourceTimingBufferSize(100_000));
  let loads = 0;
  devTools.on('Runtime.bindingCalled', ({ payload }) => {
    waiting.get(payload)?.(performance.now());
    if (payload === 'ready') loads++;
  });
  const options = { timeout: MESSAGE_LIMIT_MS, waitUntil: 'commit' } as const;
  return {
    goto: (url) => page.goto(url, options),
    reload: () => page.reload(options),
    message: (text) => nextMessage(page, waiting, text, problems),
    loads: () => loads,
    loadedBytes: () =>
      page.evaluate(() =>
        performance.getEntriesByType('resource').reduce((sum, entry) => sum + Number(Reflect.get(entry, 'decodedBodySize')), 0),
      ),
    assertNoProblems() {
      if (problems.length > 0) throw new Error(problems.join('\n'));
    },
    close: () => context.close(),
  };
}

async function nextMessage(page: Page, waiting: Map<string, (at: number) => void>, text: string, problems: string[]): Promise<number> {
  const limit = new AbortController();
  const arrived = new Promise<number>((resolve) => waiting.set(text, resolve));
  const late = delay(MESSAGE_LIMIT_MS, undefined, { signal: limit.signal }).then(() => {
    throw new Error(`${page.url()} never said "${text}". ${problems.join('\n')}`);
  });
  try {
    return await Promise.race([arrived, late]);
  } finally {
    waiting.delete(text);
    late.catch(() => undefined); // AbortError of the timer that is not needed any more
    limit.abort();
  }
}

async function untilAnswer(origin: string, exited: () => boolean, output: () => string): Promise<void> {
  const limit = performance.now() + START_LIMIT_MS;
  while (performance.now() < limit && !exited()) {
    try {
      const response = await fetch(origin, { headers: { accept: 'text/html' } });
      await response.arrayBuffer();
      if (response.ok) return;
    } catch {
      // ECONNREFUSED: it does not listen yet.
    }
    await delay(2);
  }
  throw new Error(`No answer from ${origin}. It printed:\n${output()}`);
}

/** @param q from 0 to 1 */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

const BROWSER_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
