import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { before, describe, test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import { ensureBuilt, REPOSITORY } from '../harness/built.ts';

const dist = (name: string): string => path.join(REPOSITORY, 'dist', name);

/** Files of `dist/server` that a file names in any import, and those that are loaded with it. */
const IMPORTS = { any: /["'](\.{1,2}\/[\w/.-]+\.js)["']/g, static: /(?:from|^import) "(\.{1,2}\/[\w/.-]+\.js)"/gm };

/** Files of `dist/server` that these import, themselves included. */
function reachedFrom(entries: readonly string[], kind: keyof typeof IMPORTS = 'any'): ReadonlySet<string> {
  const reached = new Set<string>();
  const visit = (name: string): void => {
    if (reached.has(name) || !fs.existsSync(dist(`server/${name}`))) return;
    reached.add(name);
    const text = fs.readFileSync(dist(`server/${name}`), 'utf8');
    for (const [, other = ''] of text.matchAll(IMPORTS[kind])) visit(path.posix.join(path.posix.dirname(name), other));
  };
  for (const entry of entries) visit(entry);
  return reached;
}

const RUN = ['run/command/run-command.js', 'run/command/runner.js'];

describe('the build', () => {
  before(ensureBuilt);

  test('makes every entry that package.json names', () => {
    const manifest = JSON.parse(fs.readFileSync(path.join(REPOSITORY, 'package.json'), 'utf8')) as {
      exports: Record<string, { default?: string }>;
    };
    const entries = Object.values(manifest.exports).flatMap((entry) => entry.default ?? []);
    assert.deepEqual(
      entries.filter((entry) => !fs.existsSync(path.join(REPOSITORY, entry))),
      [],
    );
  });
  test('makes browser files without imports, which run in a page as they are', () => {
    for (const name of ['client/client.js', 'client/stream-worker.js']) {
      assert.doesNotMatch(fs.readFileSync(dist(name), 'utf8'), /^\s*(import|export)\b|\bprocess\.|require\(/m, name);
    }
  });
  test('keeps the client and the code of hot-swap small', () => {
    const limits = { 'client.js': 27, 'swap.js': 18 };
    for (const [name, limitKiB] of Object.entries(limits)) {
      const sizeBytes = brotliCompressSync(fs.readFileSync(dist(`client/${name}`))).length;
      assert.ok(sizeBytes < limitKiB * 1024, `${name} has ${sizeBytes} bytes, compressed`);
    }
  });
  test('leaves the server lazy: its entry reaches no compiler before it is needed', () => {
    const text = fs.readFileSync(dist('server/cli.js'), 'utf8');
    assert.match(text, /import\("\.\/dev-server-\w+\.js"\)/);
    assert.doesNotMatch(text, /from "(esbuild|chokidar|acorn)"/);
  });
  test('lets no program of hmr-dev run wait for a package: what links, watches and parses options is loaded later', () => {
    for (const entry of RUN) {
      const files = [...reachedFrom([entry], 'static')];
      const texts = files.map((name) => fs.readFileSync(dist(`server/${name}`), 'utf8')).join('\n');
      assert.doesNotMatch(texts, /(?:from|^import) "(?!node:|\.{1,2}\/)/m, entry);
      assert.ok(files.length <= 6, `${entry} is ${files.length} files`);
    }
  });
  test('keeps the server out of the entries for configuration files', () => {
    for (const entry of ['react.js', 'preact.js']) {
      const texts = [...reachedFrom([entry])].map((name) => fs.readFileSync(dist(`server/${name}`), 'utf8')).join('');
      assert.ok(texts.length < 16 * 1024, `${entry} reaches ${texts.length} characters`);
      assert.doesNotMatch(texts, /from "(?!node:|\.{1,2}\/)/);
    }
  });
  test('leaves nothing of earlier builds behind', () => {
    const reached = reachedFrom(['cli.js', 'index.js', 'react.js', 'preact.js', 'run/api/server.js', ...RUN, 'run/modules/linker.js']);
    const built = fs.readdirSync(dist('server'), { recursive: true, encoding: 'utf8' }).map((name) => name.split(path.sep).join('/'));
    assert.deepEqual(
      built.filter((name) => name.endsWith('.js') && !reached.has(name)),
      [],
    );
  });
});
