/**
 * A real Chromium, started once a test file when the first page is opened. Every page records its console and its errors from the first
 * moment, and its waits look at events or at the page itself, never at the clock.
 */
import { after } from 'node:test';
import { type Browser, type BrowserContext, type ConsoleMessage, chromium, type Page } from 'playwright-core';
import { findChromium } from '../../scripts/ensure-chromium.ts';
import { createLineLog, DEADLINE_MS, knownState, type LineLog, registerState, withDeadline } from './diagnostics.ts';

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

let launched: Promise<Browser> | undefined;

// Registered while the file loads, so that it belongs to the file and not to the test that opens the first page.
after(async () => {
  await (await launched)?.close();
});

export function browser(): Promise<Browser> {
  launched ??= launch();
  return launched;
}

function launch(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('No Chromium. Install it, or set CHROMIUM=/path/to/chromium.');
  return chromium.launch({ executablePath, args: ARGS });
}

export interface TestPage extends AsyncDisposable {
  readonly page: Page;
  /** Console messages as text, one entry each. */
  readonly console: LineLog;
  /** Uncaught errors of the page, as text. */
  readonly errors: readonly string[];
  /** Addresses of the documents that were loaded, in order; more than one after a reload. */
  readonly loads: readonly string[];
  /** @param from see {@link LineLog.waitFor} */
  waitForConsole(pattern: RegExp, from?: number): Promise<string>;
  /** Waits until an element's whole text is this (a pattern: holds it). Looks into open shadow roots. */
  untilText(selector: string, text: string | RegExp): Promise<void>;
  text(selector: string): Promise<string>;
  /** Marks the document; {@link isSameDocument} tells whether it was replaced since. */
  markDocument(): Promise<void>;
  isSameDocument(): Promise<boolean>;
  close(): Promise<void>;
}

export interface OpenPageOptions {
  /** Another tab of the same browser profile; default: a profile of its own. */
  readonly context?: BrowserContext;
  /** Called before anything is loaded: routes, scripts, permissions. */
  readonly prepare?: (page: Page) => Promise<void>;
}

const MARK = '__testDocumentMark';

export async function openPage(url: string, options: OpenPageOptions = {}): Promise<TestPage> {
  const chromium = await browser();
  const context = options.context ?? (await withDeadline(chromium.newContext(), 'a new profile'));
  const page = await withDeadline(context.newPage(), 'a new page');
  page.setDefaultTimeout(DEADLINE_MS);
  const log = createLineLog(`the console of ${url}`);
  const errors: string[] = [];
  const loads: string[] = [];
  const unregister = registerState(`page ${url}`, () => describe(page, log, errors, loads));
  page.on('console', (message: ConsoleMessage) => log.add(message.text()));
  page.on('pageerror', (error) => errors.push(error.stack ?? String(error)));
  page.on('domcontentloaded', () => loads.push(page.url()));
  const close = async (): Promise<void> => {
    // Here, as above, Playwright would wait for ever.
    await withDeadline(options.context ? page.close() : context.close(), `${url} to be closed`).finally(unregister);
  };
  const told = <T>(what: string, promise: Promise<T>): Promise<T> =>
    promise.catch((cause: unknown) => {
      throw new Error(`${what}: ${cause instanceof Error ? cause.message : String(cause)}\n${knownState()}`, { cause });
    });

  await options.prepare?.(page);
  await told(`open ${url}`, page.goto(url)).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return {
    page,
    console: log,
    errors,
    loads,
    waitForConsole: (pattern, from) => log.waitFor(pattern, from),
    untilText: (selector, text) => told(`text of ${selector}`, untilText(page, selector, text)),
    text: (selector) => told(`text of ${selector}`, page.locator(selector).first().innerText()),
    markDocument: () => page.evaluate((mark) => void Reflect.set(document, mark, true), MARK),
    isSameDocument: () => page.evaluate((mark) => Reflect.has(document, mark), MARK),
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function untilText(page: Page, selector: string, text: string | RegExp): Promise<void> {
  const pattern = typeof text === 'string' ? new RegExp(`^\\s*${escapePattern(text)}\\s*$`) : text;
  try {
    await page.locator(selector).filter({ hasText: pattern }).first().waitFor({ state: 'attached' });
  } catch (cause) {
    const found = await page.locator(selector).allInnerTexts();
    throw new Error(`expected ${String(pattern)}, found ${JSON.stringify(found)}`, { cause });
  }
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s+');
}

function describe(page: Page, log: LineLog, errors: readonly string[], loads: readonly string[]): string {
  const parts = [`now at ${page.url()}; loaded: ${loads.join(', ')}`, ...log.lines.map((line) => `console: ${line}`)];
  return [...parts, ...errors.map((error) => `error: ${error}`)].join('\n');
}
