/**
 * Runs a case through the link step and the registry, inside the test process: no server, no page, a second for all cases. It does
 * what the compile step does around `link`, with URL resolution in place of the resolver, so it is also the smallest complete
 * host of the runtime.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import vm from 'node:vm';
import type { ModuleId, ModuleMeta } from '../../src/protocol.ts';
import type { Factory } from '../../src/runtime/format.ts';
import { createRegistry, type Registry, type RegistryHost } from '../../src/runtime/registry.ts';
import { link } from '../../src/server/compile/link.ts';
import { HmrError } from '../../src/server/errors.ts';
import { withDeadline } from '../harness/diagnostics.ts';
import { callsDone, entriesOf, type Outcome, type SemanticsCase } from './case.ts';
import { installRecorder } from './recorder.ts';

/** Only a case that hangs gets there. */
const HANG_MS = 5_000;

interface Compiled {
  readonly meta: ModuleMeta;
  readonly factory: Factory;
}

/** `/folder/a.js?query` of a specifier; what is not in the folder stays a URL. */
function resolveId(rootUrl: string, specifier: string, importer: ModuleId): ModuleId {
  const base = rootUrl + importer;
  const { href } = /^(\.{0,2}\/|[a-z]+:)/.test(specifier) ? new URL(specifier, base) : { href: specifier };
  return href.startsWith(`${rootUrl}/`) ? href.slice(rootUrl.length) : href;
}

function sourceOf(folder: string, id: ModuleId): string {
  const file = path.join(folder, new URL(id, 'file:///').pathname);
  if (!existsSync(file)) throw new TypeError(`Cannot find module ${id}`);
  const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  return file.endsWith('.json') ? `export default JSON.parse(${JSON.stringify(text)});` : text;
}

function compile(folder: string, rootUrl: string, id: ModuleId): Compiled {
  const linked = link(sourceOf(folder, id), { file: id });
  const meta: ModuleMeta = {
    id,
    hash: id,
    deps: linked.requests.map(({ specifier }) => resolveId(rootUrl, specifier, id)),
    imports: linked.imports.map(({ dep, name }) => [dep, name]),
    exports: linked.exports,
    reexports: linked.reexports.map(({ as, dep, name }) => [as, dep, name]),
    stars: linked.stars,
    async: linked.async,
    specifiers: {},
  };
  const factory: Factory = vm.runInThisContext(`'use strict';\n${linked.factory}`, { filename: rootUrl + id, lineOffset: -1 });
  return { meta, factory };
}

/** The server's errors arrive in a page as the errors that a page knows. */
function compileForPage(folder: string, rootUrl: string, id: ModuleId): Compiled {
  try {
    return compile(folder, rootUrl, id);
  } catch (cause) {
    throw cause instanceof HmrError && cause.code === 'SYNTAX' ? new SyntaxError(cause.message, { cause }) : cause;
  }
}

function createHost(folder: string, registry: () => Registry): RegistryHost {
  const rootUrl = pathToFileURL(folder).href;
  return {
    load(url) {
      // A syntax error is a rejection here, as it is for import().
      return Promise.resolve().then(() => {
        const { meta, factory } = compileForPage(folder, rootUrl, url);
        registry().define(meta, factory);
        return url;
      });
    },
    importExternal: (url) => import(url),
    resolve: (specifier, importer) => resolveId(rootUrl, specifier, importer),
    forget: () => undefined,
    builtin: () => undefined,
    fillMeta(instance, meta) {
      meta['url'] = rootUrl + instance.id;
    },
  };
}

export async function runLinked(testCase: SemanticsCase, folder: string): Promise<Outcome> {
  const recorder = installRecorder();
  const registry: Registry = createRegistry(createHost(folder, () => registry));
  const run = async (): Promise<void> => {
    for (const entry of entriesOf(testCase)) {
      try {
        await registry.prepare([`/${entry}`]);
        await registry.start(`/${entry}`);
      } catch (error) {
        recorder.fail('error', error);
      }
    }
    if (callsDone(testCase)) await recorder.settled;
    // What the last line of a case queued belongs to it.
    await setImmediate();
  };
  const { lines, uncaught } = recorder;
  await withDeadline(run(), () => `the end of the linked case, which has said ${JSON.stringify([...lines, ...uncaught])}`, HANG_MS);
  return { lines, uncaught };
}
