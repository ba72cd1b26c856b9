/**
 * Builds `dist/`: the server as ES modules that stay lazy where the source is (packages external, shared chunks), the browser parts as
 * single files, and with `--types` the declarations for the package. Everything is made in memory first and renamed into
 * place, since tests in other processes may be reading the old build.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build as esbuild } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

const node: BuildOptions = {
  outdir: 'dist/server',
  outbase: 'src/server',
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  splitting: true,
  packages: 'external',
  chunkNames: '[name]-[hash]',
};

const SERVER_ENTRIES = ['index', 'cli', 'react', 'preact', 'run/api/server'];
/** Processes of their own, which share no files with the others: each file of theirs is one more that a program waits for. */
const RUN_ENTRIES = [['run/command/run-command'], ['run/command/runner', 'run/modules/linker']];

const server: readonly BuildOptions[] = [SERVER_ENTRIES, ...RUN_ENTRIES].map((names) => ({
  ...node,
  entryPoints: names.map((name) => `src/server/${name}.ts`),
}));

const browser: BuildOptions = {
  outdir: 'dist/client',
  platform: 'browser',
  target: 'es2022',
};

const script: BuildOptions = { ...browser, format: 'iife', minify: true };

const BUILDS: readonly BuildOptions[] = [
  ...server,
  { ...script, entryPoints: ['src/client/client.ts'] },
  { ...script, entryPoints: ['src/client/stream-worker.ts'] },
  { ...browser, format: 'esm', minify: true, entryPoints: ['src/client/merge/merge.ts'] },
  { ...browser, format: 'esm', minify: true, entryPoints: [{ in: 'src/runtime/swap/hot-swap.ts', out: 'swap' }] },
  { ...browser, format: 'esm', entryPoints: ['src/client/api.ts', 'src/client/refresh-react.ts', 'src/client/refresh-preact.ts'] },
];

/** Bundles everything into `dist/`, and removes what an earlier build left behind. */
export async function build(): Promise<void> {
  const results = await Promise.all(BUILDS.map(bundle));
  const files = results.flat();
  for (const { path: filePath, contents } of files) writeAtomically(filePath, contents);
  const current = new Set(files.map((file) => file.path));
  for (const folder of ['dist/server', 'dist/client']) removeOthers(path.join(root, folder), current);
}

async function bundle(options: BuildOptions): Promise<{ path: string; contents: Uint8Array }[]> {
  const result = await esbuild({
    ...options,
    absWorkingDir: root,
    bundle: true,
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'warning',
    write: false,
  });
  return result.outputFiles;
}

/** Declarations of what the entries of the package reach. */
export function buildTypes(): void {
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
  fs.rmSync(path.join(root, 'dist/types'), { recursive: true, force: true });
  execFileSync(process.execPath, [tsc, '-p', path.join(root, 'tsconfig.package.json')], { stdio: 'inherit' });
  // Written by hand, and so not emitted; the reference to it is emitted as the way to the source, which is not in the package.
  const types = path.join(root, 'dist/types/client');
  fs.copyFileSync(path.join(root, 'src/client/assets.d.ts'), path.join(types, 'assets.d.ts'));
  const api = fs.readFileSync(path.join(types, 'api.d.ts'), 'utf8');
  fs.writeFileSync(path.join(types, 'api.d.ts'), api.replace(/path="[^"]*assets\.d\.ts" preserve="true"/, 'path="./assets.d.ts"'));
}

function writeAtomically(filePath: string, contents: Uint8Array): void {
  fs.mkdirSync(path.dirname(filePath), { recursive: true });
  const temporary = `${filePath}.${process.pid}.tmp`;
  fs.writeFileSync(temporary, contents);
  fs.renameSync(temporary, filePath);
}

function removeOthers(folder: string, current: ReadonlySet<string>): void {
  if (!fs.existsSync(folder)) return;
  for (const name of fs.readdirSync(folder)) {
    const filePath = path.join(folder, name);
    const isCurrent = [...current].some((file) => file === filePath || file.startsWith(filePath + path.sep));
    if (!isCurrent && !name.endsWith('.tmp')) fs.rmSync(filePath, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await build();
  if (process.argv.includes('--types')) buildTypes();
}
