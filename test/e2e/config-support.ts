/** A project with the command line around it and a page that keeps something: what the tests of configuration and environment share. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { openPage, type TestPage } from '../harness/browser.ts';
import { startCli, type CliOptions, type TestCli } from '../harness/cli.ts';
import { fixture, type Fixture, type FixtureFiles } from '../harness/fixture.ts';
import { HEAD, pageOf } from './link-support.ts';

export interface Site {
  readonly files: Fixture;
  readonly cli: TestCli;
  readonly tab: TestPage;
  /** Saves, and waits until the terminal says what came of it. */
  restart(save: () => Promise<void>, line?: RegExp): Promise<string>;
  /** Same document, same state, one event stream, no error. */
  assertKept(): Promise<void>;
}

export interface SiteOptions extends CliOptions {
  /** Served folder in the project. */
  readonly root?: string;
  readonly args?: readonly string[];
  readonly page?: string;
  /** What `<main>` shows when the page is ready. */
  readonly shows?: string | RegExp;
}

export const INDEX: string = `${HEAD}<main></main>${pageOf('main.js').slice(HEAD.length)}`;
export const show = (expression: string): string => `document.querySelector('main').textContent = ${expression};`;
export const RESTARTED = /^restarted in \d+ ms: /;
export const KEPT_OLD = /does not work: the server goes on as it was/;

export async function openSite(t: TestContext, content: FixtureFiles, options: SiteOptions = {}): Promise<Site> {
  const { root = '.', args = [], page = '/', shows, ...cliOptions } = options;
  const files = await fixture({ 'package.json': '{"type":"module"}', [`${root}/index.html`]: INDEX, ...content });
  t.after(() => files[Symbol.asyncDispose]());
  const cli = await startCli([files.resolve(root), '--port', '0', '--no-cache', ...args], { cwd: files.path, ...cliOptions });
  t.after(() => cli[Symbol.asyncDispose]());
  const streams: string[] = [];
  const tab = await openPage(cli.url(page), {
    // The stream is a shared worker's, whose requests only the context sees.
    prepare: async (opened) =>
      void opened.context().on('request', (request) => request.url().includes('/changes') && streams.push(request.url())),
  });
  t.after(() => tab.close());
  if (shows !== undefined) await tab.untilText('main', shows);
  await tab.waitForConsole(/^\[hmr-dev\] connected/);
  await tab.markDocument();
  return {
    files,
    cli,
    tab,
    async restart(save, line = RESTARTED) {
      const told = cli.log.waitFor(line, cli.log.lines.length);
      await save();
      return told;
    },
    async assertKept() {
      assert.ok(await tab.isSameDocument(), `the page was reloaded:\n${tab.console.lines.join('\n')}`);
      assert.deepEqual(tab.errors, []);
      assert.ok(streams.length <= 1, streams.join());
      const states = tab.console.lines.filter((line) => /^.hmr-dev. (?:connected|.*lost|.*connection)/.test(line));
      assert.equal(states.length, 1, states.join('\n'));
    },
  };
}
