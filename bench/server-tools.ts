/**
 * The ways to run a server that is edited, side by side. Peers are installed when they are asked for, as those of the pages' bench.
 */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { install, versionOf } from './servers.ts';

export interface ServerTool {
  readonly title: string;
  readonly version: string;
  readonly command: string;
  /** In front of the entry. */
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** It runs new code in the same process. */
  readonly reloads: boolean;
}

const project = fileURLToPath(new URL('..', import.meta.url));
const NODE = { command: process.execPath, version: process.versions.node };

/** @param folder for what is installed, and kept from one start to the next */
const TOOLS: Readonly<Record<string, (folder: string) => Promise<ServerTool>>> = {
  node: () => Promise.resolve({ ...NODE, title: 'node (no reload)', args: [], reloads: false }),
  async 'hmr-dev'(folder) {
    await promisify(execFile)(process.execPath, ['--import', 'tsx', 'scripts/build.ts'], { cwd: project });
    const version = versionOf(path.join(project, 'package.json'));
    const args = [path.join(project, 'bin/hmr-dev.js'), 'run', '--quiet'];
    // What earlier runs left on disk must not help.
    return { ...NODE, title: 'hmr-dev run', version, args, env: { XDG_CACHE_HOME: path.join(folder, 'cache') }, reloads: true };
  },
  async bun(folder) {
    const tools = await install('bun', folder);
    const version = versionOf(path.join(tools, 'node_modules/bun/package.json'));
    return { title: 'bun --hot', version, command: path.join(tools, 'node_modules/.bin/bun'), args: ['--hot'], reloads: true };
  },
  watch: () => Promise.resolve({ ...NODE, title: 'node --watch', args: ['--watch'], reloads: false }),
  async tsx(folder) {
    const tools = await install('tsx', folder);
    const version = versionOf(path.join(tools, 'node_modules/tsx/package.json'));
    return { ...NODE, title: 'tsx watch', version, args: [path.join(tools, 'node_modules/tsx/dist/cli.mjs'), 'watch'], reloads: false };
  },
  async nodemon(folder) {
    const tools = await install('nodemon', folder);
    const version = versionOf(path.join(tools, 'node_modules/nodemon/package.json'));
    return { ...NODE, title: 'nodemon', version, args: [path.join(tools, 'node_modules/nodemon/bin/nodemon.js')], reloads: false };
  },
};

export const TOOL_NAMES: readonly string[] = Object.keys(TOOLS);

export async function prepareTool(name: string, folder: string): Promise<ServerTool> {
  const prepare = TOOLS[name];
  if (!prepare) throw new Error(`There is no ${name}: ${TOOL_NAMES.join(', ')}.`);
  return prepare(folder);
}
