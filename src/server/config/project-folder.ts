/**
 * The project that a served folder belongs to: the nearest folder with a package.json, itself or above it. There lie the configuration and
 * the `.env` files of `hmr-dev ./src`.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';

export function projectFolder(root: string): string {
  for (let folder = root; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, 'package.json'))) return folder;
    if (path.dirname(folder) === folder) return root;
  }
}

/** Files that change when packages come, go or are configured, as far as they are there, in the folders that the served one takes packages from. */
export function packageFiles(root: string): string[] {
  const installed = ['.package-lock.json', '.modules.yaml', '.yarn-state.yml'].map((name) => path.join('node_modules', name));
  const names = ['package.json', ...installed];
  return foldersUpToProject(root)
    .flatMap((folder) => names.map((name) => path.join(folder, name)))
    .filter((file) => existsSync(file));
}

/** From the served folder up to the project's. */
export function foldersUpToProject(root: string): string[] {
  const last = projectFolder(root);
  const folders = [root];
  for (let folder = root; folder !== last; folders.push((folder = path.dirname(folder))));
  return folders;
}
