/**
 * Built sites for tests: a folder from an object literal, built into another, and served by `preview`. What the pages find out is compared with what
 * the same pages find out under the development server.
 */
import type { TestContext } from 'node:test';
import { build, type BuildOptions, type BuildResult } from '../../src/server/build/build.ts';
import { preview } from '../../src/server/build/preview.ts';
import { openPage, type TestPage } from '../harness/browser.ts';
import { ensureBuilt } from '../harness/built.ts';
import { createLineLog, type LineLog } from '../harness/diagnostics.ts';
import { fixture, type Fixture, type FixtureFiles } from '../harness/fixture.ts';
import { capturingLogger } from '../harness/server.ts';

export interface BuiltSite extends BuildResult {
  readonly source: Fixture;
  /** Of the built file; by the beginning of its name where it has a hash. */
  text(name: string): Promise<string>;
  readonly names: readonly string[];
  readonly log: LineLog;
}

/** Both folders are gone when the test is. */
export async function buildSite(
  t: TestContext,
  files: FixtureFiles,
  options: BuildOptions & { readonly arrange?: (files: Fixture) => Promise<unknown> } = {},
): Promise<BuiltSite> {
  await ensureBuilt();
  const source = await fixture(files);
  t.after(() => source[Symbol.asyncDispose]());
  const out = await fixture();
  t.after(() => out[Symbol.asyncDispose]());
  const log = createLineLog('the log of the build');
  const { arrange, ...given } = options;
  await arrange?.(source);
  const result = await build({ root: source.path, out: out.path, logger: capturingLogger(log), ...given });
  const names = result.files.map(({ name }) => name);
  return {
    ...result,
    source,
    names,
    log,
    async text(name) {
      const found = names.find((one) => one === name) ?? names.find((one) => one.startsWith(name));
      if (found === undefined) throw new Error(`The build has no ${name}: ${names.join(', ')}`);
      return out.read(found);
    },
  };
}

/** Opens a page of a built site. */
export async function openBuilt(
  t: TestContext,
  site: Pick<BuildResult, 'outDir'>,
  urlPath = '/',
): Promise<TestPage & { readonly origin: string }> {
  const server = await preview({ root: site.outDir, port: 0, logger: capturingLogger(createLineLog('the log of the preview')) });
  t.after(() => server.close());
  const origin = `http://localhost:${server.port}`;
  const page = await openPage(origin + urlPath);
  t.after(() => page.close());
  return Object.assign(page, { origin });
}
