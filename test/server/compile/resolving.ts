/** A folder and a resolver for it: answers as short texts, so that a rule is one line of a table. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { createBase } from '../../../src/server/base.ts';
import { createResolver, type Resolver, type ResolveOptions } from '../../../src/server/compile/resolve.ts';
import type { HmrError } from '../../../src/server/errors.ts';
import { fixture, type Fixture, type FixtureFiles } from '../../harness/fixture.ts';

export interface Resolving extends AsyncDisposable {
  readonly folder: Fixture;
  readonly resolver: Resolver;
  /** `src/view.ts?raw`, `external https://…`, `disabled`, or `error RESOLVE`. Paths are relative to the folder. */
  answer(specifier: string, importer?: string, kind?: ResolveOptions['kind']): string;
  errorOf(specifier: string, importer?: string, kind?: ResolveOptions['kind']): HmrError;
}

/** @param root of the served folder, in the fixture's */
export async function resolving(files: FixtureFiles, root = '.', base = '/'): Promise<Resolving> {
  const folder = await fixture(files);
  const resolver = createResolver({ root: folder.resolve(root), base: createBase(base) });
  const resolve: Resolving['answer'] = (specifier, importer = 'src/main.ts', kind = 'import') => {
    const resolution = resolver.resolve(specifier, folder.resolve(importer), { kind });
    if (resolution.kind === 'file') return path.relative(folder.path, resolution.filePath) + resolution.search;
    if (resolution.kind === 'external') return `external ${resolution.url}`;
    return resolution.kind === 'error' ? `error ${resolution.error.code}` : resolution.kind;
  };
  return {
    folder,
    resolver,
    answer: resolve,
    errorOf(specifier, importer = 'src/main.ts', kind = 'import') {
      const resolution = resolver.resolve(specifier, folder.resolve(importer), { kind });
      assert.ok(resolution.kind === 'error', `${specifier} is ${resolve(specifier, importer, kind)}`);
      return resolution.error;
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}
