/**
 * The drivers of these tests as files that Node runs by itself: bundled once for each test file, because tsx would take part in what the programs
 * load.
 */
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { REPOSITORY } from '../../../harness/built.ts';

export interface BuiltDrivers extends AsyncDisposable {
  /** Path of a driver: `driver`, `case-runner`, `reload-runner`. */
  path(name: string): string;
}

export async function buildDrivers(...names: readonly string[]): Promise<BuiltDrivers> {
  // In the repository, so that packages are found from it.
  const parent = path.join(REPOSITORY, 'node_modules/.cache');
  await fs.mkdir(parent, { recursive: true });
  const folder = await fs.mkdtemp(path.join(parent, `run-${os.hostname()}-`));
  await build({
    entryPoints: names.map((name) => path.join(import.meta.dirname, `${name}.ts`)),
    outdir: folder,
    bundle: true,
    platform: 'node',
    format: 'esm',
    splitting: true,
    packages: 'external',
    target: 'node20.19',
    logLevel: 'warning',
  });
  return {
    path: (name) => path.join(folder, `${name}.js`),
    [Symbol.asyncDispose]: () => fs.rm(folder, { recursive: true, force: true }),
  };
}
