/**
 * Projects for the tests of linking: a folder from an object literal, the real server, a page, and what the page's modules found out,
 * which they put into `globalThis.result`. Pages whose tests are about modules need no HTML of their own.
 */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { openPage, type OpenPageOptions, type TestPage } from '../harness/browser.ts';
import { fixture, type Fixture, type FixtureFiles } from '../harness/fixture.ts';
import { startServer, type TestServer } from '../harness/server.ts';

export interface Project {
  readonly files: Fixture;
  readonly server: TestServer;
  readonly tab: TestPage;
  /** `globalThis.result`, as soon as the page has one. */
  result(): Promise<unknown>;
  /** The page was not reloaded, and complained about nothing. */
  assertAlive(): Promise<void>;
}

export interface ProjectOptions extends OpenPageOptions {
  /** Served folder inside the fixture. */
  readonly root?: string;
  /** Path of the page; default: a page is made that loads `main.ts` or the like. */
  readonly page?: string;
  readonly serverOptions?: Parameters<typeof startServer>[1];
  /** Before the server starts: what an object literal cannot hold. */
  readonly arrange?: (files: Fixture) => Promise<unknown>;
}

/** With an icon, which the browser would else ask for and miss. */
export const HEAD: string = '<!doctype html><title>t</title><link rel="icon" href="data:,">';

export const pageOf = (...scripts: string[]): string =>
  `${HEAD}<body>${scripts.map((src) => `<script type="module" src="${src}"></script>`).join('')}`;

/** Serves the files and opens the page; everything ends with the test. */
export async function openProject(t: TestContext, files: FixtureFiles, options: ProjectOptions = {}): Promise<Project> {
  const { root = '', page = '/', serverOptions, arrange, ...pageOptions } = options;
  const folder = await fixture(files);
  t.after(() => folder[Symbol.asyncDispose]());
  await arrange?.(folder);
  const server = await startServer(folder.resolve(root), serverOptions);
  t.after(() => server.close());
  const complaints: string[] = [];
  const tab = await openPage(server.url(page), {
    ...pageOptions,
    prepare: async (opened) => {
      opened.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
      await pageOptions.prepare?.(opened);
    },
  });
  t.after(() => tab.close());
  await tab.markDocument();
  return {
    files: folder,
    server,
    tab,
    result: () => resultOf(tab),
    async assertAlive() {
      assert.deepEqual([...complaints, ...tab.errors], []);
      assert.equal(await tab.isSameDocument(), true, 'the page was reloaded');
    },
  };
}

export async function resultOf(tab: TestPage): Promise<unknown> {
  const waiting = tab.page.waitForFunction(() => Reflect.has(globalThis, 'result'));
  await waiting.catch((cause: unknown) => {
    throw new Error(`The page has no result. Its errors: ${tab.errors.join('\n')}\n${tab.console.lines.join('\n')}`, { cause });
  });
  return tab.page.evaluate((): unknown => Reflect.get(globalThis, 'result'));
}

/** A picture that tests tell apart by its width. */
export function svgOf(width: number): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="10"><rect width="${width}" height="10" fill="red"/></svg>`;
}

/** `(module (import "./env.js" "base" (func (result i32))) (func (export "plus") (param i32) (result i32) …) (memory (export "memory") 1))` */
export const WASM: Buffer = Buffer.from(
  '0061736d01000000010a026000017f60017f017f021101082e2f656e762e6a7304626173650000030201010503010001' +
    '07110204706c75730001066d656d6f727902000a0c010a00100020006a41016a0b',
  'hex',
);
