/** The generated app: whole, typed, and as large and as deep as it says. A broken app would be measured as a fast one. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { generateApp, leafSource, versionName } from '../../bench/generate.ts';
import { fixture } from '../harness/fixture.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));

/** Modules that a module imports, by name. */
async function importsOf(folder: string, name: string): Promise<string[]> {
  const text = await fs.readFile(path.join(folder, 'src', `${name}.ts`), 'utf8');
  return [...text.matchAll(/from '\.\/([^']+)'/g)].map(([, specifier]) => specifier ?? '');
}

async function reachable(folder: string): Promise<Map<string, number>> {
  const depths = new Map([['main', 0]]);
  for (const [name, depth] of depths) for (const next of await importsOf(folder, name)) if (!depths.has(next)) depths.set(next, depth + 1);
  return depths;
}

for (const [count, depth] of [
  [1, 1],
  [100, 5],
  [1000, 5],
] as const) {
  test(`${count} modules: all are reached from the entry, none lies deeper than ${depth}`, async () => {
    await using files = await fixture();
    const app = await generateApp(files.path, count);
    const depths = await reachable(app.folder);
    assert.equal(depths.size, count + 2);
    assert.ok(Math.max(...depths.values()) <= depth, `depth ${Math.max(...depths.values())}`);
  });
}

test('the app passes the type checker', async () => {
  await using files = await fixture();
  await generateApp(files.path, 30);
  await files.write('src/hot.d.ts', 'interface ImportMeta { readonly hot?: { accept(): void } }');
  const args = [path.join(project, 'node_modules/typescript/bin/tsc'), '--noEmit', '-p', files.path, '--moduleResolution', 'bundler'];
  await promisify(execFile)(process.execPath, args).catch((error: { stdout?: string }) => assert.fail(error.stdout));
});

test('versions of the leaf are of one length, and differ', () => {
  const [a, b] = [leafSource(versionName(7)), leafSource(versionName(123))];
  assert.equal(a.length, b.length);
  assert.notEqual(a, b);
});
