/**
 * The linker, loaded when a file has to be linked: at once, since a `require` of the program and a stack cannot wait. `require` takes ES modules in every
 * Node that hmr-dev runs on, unless that is switched off; then it is there from the start.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import { packageRoot } from '../../package-info.ts';
import type { Linker } from '../modules/linker.ts';
import { requiresModules } from '../modules/node-errors.ts';

const LINKER = 'dist/server/run/modules/linker.js';

export async function createLinker(): Promise<() => Linker> {
  if (!requiresModules()) {
    const { linker } = await import('../modules/linker.ts');
    return () => linker;
  }
  const file = path.join(packageRoot(), LINKER);
  // Some versions of Node warn of it where the one who requires is no package.
  const require = createRequire(path.join(packageRoot(), 'node_modules/hmr-dev/index.js'));
  let linker: Linker | undefined;
  return () => (linker ??= (require(file) as { readonly linker: Linker }).linker);
}
