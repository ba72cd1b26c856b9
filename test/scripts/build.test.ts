import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { before, describe, test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import { ensureBuilt, REPOSITORY } from '../harness/built.ts';

const dist = (name: string): string => path.join(REPOSITORY, 'dist', name);

/** Files of `dist/server` that these import, themselves included. */
function reachedFrom(...entries: readonly string[]): ReadonlySet<string> {
  const reached = new Set<string>();
  const visit = (name: string): void => {
    if (reached.has(name)) return;
    reached.add(name);
    for (const [, other = ''] of fs.readFileSync(dist(`server/${name}`), 'utf8').matchAll(/["']\.\/([\w-]+\.js)["']/g)) visit(other);
  };
  for (const entry of entries) visit(entry);
  return reached;
}

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
  test('keeps the server out of the entries for configuration files', () => {
    for (const entry of ['react.js', 'preact.js']) {
      const texts = [...reachedFrom(entry)].map((name) => fs.readFileSync(dist(`server/${name}`), 'utf8')).join('');
      assert.ok(texts.length < 16 * 1024, `${entry} reaches ${texts.length} characters`);
      assert.doesNotMatch(texts, /from "(?!node:|\.\/)/);
    }
  });
  test('leaves nothing of earlier builds behind', () => {
    const reached = reachedFrom('cli.js', 'index.js', 'react.js', 'preact.js');
    assert.deepEqual(
      fs.readdirSync(dist('server')).filter((name) => !reached.has(name)),
      [],
    );
  });
});
