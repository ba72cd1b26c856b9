/**
 * The rules about files that no linter knows: who may import whom, one importer for each package, a comment at the top, a size that can be
 * read. Works on the text of the sources, since these rules are about text.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { REPOSITORY } from './harness/built.ts';

interface SourceFile {
  /** From `src/`, with slashes. */
  readonly name: string;
  readonly text: string;
  readonly imports: readonly string[];
  /** Those that are there when it runs. */
  readonly values: readonly string[];
}

/** Two thirds of esbuild's use is its own API with its own error form; the rest stays one file each. */
const SHARED_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  esbuild: ['server/compile/'],
};

/** `from '…'`, a bare `import '…'`, and a literal `import('…')`; in comments as well, which does no harm. */
const SPECIFIER = /(?:^|[;}\s])(?:import|export)\b[^'";]*?from\s*'([^']+)'|^import\s*'([^']+)'|\bimport\(\s*'([^']+)'/gm;

/** Of static imports that are not of types only. */
const VALUE_SPECIFIER = /^(?:import|export)\b(?! type\b)[^'";]*?from\s*'([^']+)'/gm;

function readSources(): SourceFile[] {
  const folder = path.join(REPOSITORY, 'src');
  const names = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  return names.map((name) => {
    const text = fs.readFileSync(path.join(folder, name), 'utf8');
    const code = text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
    const imports = [...code.matchAll(SPECIFIER)].map(([, a, b, c]) => a ?? b ?? c ?? '');
    const values = [...code.matchAll(VALUE_SPECIFIER)].map(([, specifier = '']) => specifier);
    return { name: name.split(path.sep).join('/'), text, imports, values };
  });
}

const sources = readSources();

/** Where a relative import leads, from `src/`. */
function target(source: SourceFile, specifier: string): string {
  return path.posix.join(path.posix.dirname(source.name), specifier);
}

/** `runtime`, `client`, `server`, `protocol.ts`. */
function layer(name: string): string {
  return name.split('/')[0] ?? name;
}

/** They put features together, as the files directly in `server/` do. */
const COMPOSITIONS = new Set(['build', 'config', 'run']);

/** `http`, `compile`, …; empty for what puts them together. */
function feature(name: string): string {
  const [first, second = '', third] = name.split('/');
  return first === 'server' && third !== undefined && !COMPOSITIONS.has(second) ? second : '';
}

function relativeImports(source: SourceFile): string[] {
  return source.imports.filter((specifier) => specifier.startsWith('.')).map((specifier) => target(source, specifier));
}

describe('direction of imports', () => {
  const allowed: Record<string, readonly string[]> = {
    'protocol.ts': [],
    runtime: ['runtime', 'protocol.ts'],
    client: ['client', 'runtime', 'protocol.ts'],
    server: ['server', 'runtime', 'protocol.ts'],
  };
  test('protocol imports nothing, runtime the protocol, client and server never each other', () => {
    const wrong = sources.flatMap((source) =>
      relativeImports(source)
        .filter((to) => !allowed[layer(source.name)]?.includes(layer(to)))
        .map((to) => `${source.name} → ${to}`),
    );
    assert.deepEqual(wrong, []);
  });
  test('feature folders of the server do not import each other', () => {
    const wrong = sources.flatMap((source) =>
      relativeImports(source)
        .filter((to) => feature(source.name) !== '' && feature(to) !== '' && feature(to) !== feature(source.name))
        .map((to) => `${source.name} → ${to}`),
    );
    assert.deepEqual(wrong, []);
  });
  test('feature folders of the server know neither configuration nor build, but for types', () => {
    const wrong = sources.flatMap((source) =>
      feature(source.name) === ''
        ? []
        : relativeImports(source)
            .filter((to) => COMPOSITIONS.has(to.split('/')[1] ?? ''))
            .map((to) => `${source.name} → ${to}`),
    );
    assert.deepEqual(wrong, []);
  });
  test('only the server uses Node and packages', () => {
    const wrong = sources
      .filter((source) => layer(source.name) !== 'server')
      .flatMap((source) => source.imports.filter((specifier) => !specifier.startsWith('.')).map((to) => `${source.name} → ${to}`));
    assert.deepEqual(wrong, []);
  });
  test('relative imports name the file as it is', () => {
    const wrong = sources.flatMap((source) =>
      relativeImports(source)
        .filter((to) => !sources.some((candidate) => candidate.name === to))
        .map((to) => `${source.name} → ${to}`),
    );
    assert.deepEqual(wrong, []);
  });
});

describe('the bundle of hot-swap', () => {
  const isInside = (name: string): boolean => name.startsWith('runtime/swap/');
  const valuesOf = (source: SourceFile): string[] => source.values.map((specifier) => target(source, specifier));
  test('is not part of what a page loads first', () => {
    const wrong = sources
      .filter(({ name }) => ['runtime', 'client'].includes(layer(name)) && !isInside(name))
      .flatMap((source) =>
        valuesOf(source)
          .filter(isInside)
          .map((to) => `${source.name} → ${to}`),
      );
    assert.deepEqual(wrong, []);
  });
  test('shares no file with it that remembers something, since it is there twice', () => {
    const shared = new Set<string>();
    const visit = (name: string): void => {
      const source = sources.find((candidate) => candidate.name === name);
      if (!source || shared.has(name)) return;
      if (!isInside(name)) shared.add(name);
      valuesOf(source).forEach(visit);
    };
    sources
      .filter(({ name }) => isInside(name))
      .forEach((source) =>
        valuesOf(source)
          .filter((to) => !isInside(to))
          .forEach(visit),
      );
    assert.ok(shared.size > 0);
    const wrong = sources.filter(
      ({ name, text }) => shared.has(name) && /^(?:export )?(?:let|var)\b|^(?:export )?const \w+[^=\n]*= (?:new\b|\[\]|\{\})/m.test(text),
    );
    assert.deepEqual(
      wrong.map(({ name }) => name),
      [],
    );
  });
});

test('each package is imported by one file', () => {
  const importers = new Map<string, Set<string>>();
  for (const source of sources) {
    for (const specifier of source.imports) {
      if (specifier.startsWith('.') || specifier.startsWith('node:')) continue;
      const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
      const folders = SHARED_PACKAGES[name] ?? [];
      const importer = folders.find((folder) => source.name.startsWith(folder)) ?? source.name;
      importers.set(name, (importers.get(name) ?? new Set()).add(importer));
    }
  }
  const shared = [...importers].filter(([, files]) => files.size > 1).map(([name, files]) => `${name}: ${[...files].join(', ')}`);
  assert.deepEqual(shared, []);
});

describe('every source file', () => {
  test('opens with a comment of two lines or more', () => {
    const wrong = sources.filter(({ text }) => !/^(#!.*\n)?(\/\*\*\n( \*.*\n){2,} \*\/|(\/\/.*\n){2,})/.test(text)).map(({ name }) => name);
    assert.deepEqual(wrong, []);
  });
  test('has at most 320 lines', () => {
    const wrong = sources.filter(({ text }) => text.trimEnd().split('\n').length > 320).map(({ name }) => name);
    assert.deepEqual(wrong, []);
  });
  test('has a name in kebab-case that says something', () => {
    const wrong = sources.filter(
      ({ name }) => !/^([a-z\d-]+\/)*[a-z\d-]+(\.d)?\.ts$/.test(name) || /\/(utils?|helpers?|misc|common)\.ts$/.test(name),
    );
    assert.deepEqual(
      wrong.map(({ name }) => name),
      [],
    );
  });
  test('leaves nothing to be done', () => {
    assert.deepEqual(
      sources.filter(({ text }) => /\b(TODO|FIXME|XXX)\b/.test(text)).map(({ name }) => name),
      [],
    );
  });
});
