/**
 * Examples: a copy of the folder, with the repository's packages linked into it where it needs some, served by the command line as its users
 * have it, and open in Chromium.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { REPOSITORY } from '../harness/built.ts';
import { openPage, type TestPage } from '../harness/browser.ts';
import { startCli, type TestCli } from '../harness/cli.ts';
import { fixture, type Fixture } from '../harness/fixture.ts';

export interface Example {
  readonly files: Fixture;
  readonly cli: TestCli;
  readonly tab: TestPage;
  /** Waits until a property of the first such element is this, as computed. */
  untilStyle(selector: string, property: string, value: string): Promise<void>;
  /** Saves a mistake, waits for its report, mends it, and waits until the server says so. @param report part of the terminal's lines */
  breakAndMend(file: string, from: string, to: string, report: RegExp): Promise<void>;
  /** Nothing was reloaded, and nothing failed but what is expected. */
  assertAlive(expected?: RegExp): Promise<void>;
}

export interface ExampleOptions {
  /** Folder that is served; default: the example's own. */
  readonly root?: string;
  /** In place of a link to the repository's packages. */
  readonly arrange?: (files: Fixture) => Promise<unknown>;
}

export async function copyExample(name: string): Promise<Fixture> {
  const files = await fixture();
  const source = path.join(REPOSITORY, 'examples', name);
  await fs.cp(source, files.path, { recursive: true, filter: (file) => !path.relative(source, file).includes('node_modules') });
  return files;
}

export async function openExample(t: TestContext, name: string, options: ExampleOptions = {}): Promise<Example> {
  const { root = '.', arrange = linkPackages } = options;
  const files = await copyExample(name);
  t.after(() => files[Symbol.asyncDispose]());
  await arrange(files);
  const cli = await startCli([files.resolve(root), '--port', '0', '--no-cache']);
  t.after(() => cli[Symbol.asyncDispose]());
  const complaints: string[] = [];
  const tab = await openPage(cli.url(), {
    prepare: async (page) => {
      page.on('console', (message) => /error|warning/.test(message.type()) && complaints.push(message.text()));
      page.on('response', (response) => response.status() >= 400 && complaints.push(`${response.status()} ${response.url()}`));
    },
  });
  t.after(() => tab.close());
  await tab.markDocument();
  return {
    files,
    cli,
    tab,
    async untilStyle(selector, property, value) {
      await tab.page.waitForFunction(
        ([found, wanted, is]) =>
          getComputedStyle(document.querySelector(found) ?? document.documentElement).getPropertyValue(wanted) === is,
        [selector, property, value] as const,
      );
    },
    async breakAndMend(file, from, to, report) {
      const from0 = cli.log.lines.length;
      const told = cli.log.waitFor(report, from0);
      const shown = tab.page.locator('hmr-dev-overlay').waitFor({ state: 'attached' });
      await files.edit(file, from, to);
      await Promise.all([told, shown]);
      const mended = cli.log.waitFor(/fixed$/, from0);
      const hidden = tab.page.locator('hmr-dev-overlay').waitFor({ state: 'detached' });
      await files.edit(file, to, from);
      await Promise.all([mended, hidden]);
    },
    async assertAlive(expected = /^(?!)/) {
      assert.deepEqual(
        [...complaints, ...tab.errors].filter((text) => !expected.test(text)),
        [],
      );
      assert.equal(await tab.isSameDocument(), true, 'the page was reloaded');
    },
  };
}

export async function linkPackages(files: Fixture): Promise<void> {
  await fs.symlink(path.join(REPOSITORY, 'node_modules'), files.resolve('node_modules'), 'dir');
}
