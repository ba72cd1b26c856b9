/**
 * The servers that are compared, and how each is started on a folder. The peers are installed when they are asked for, into a
 * temporary folder: they are no dependencies of the project.
 */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startProcess, type ProcessTree } from './process-tree.ts';

export type ServerName = 'hmr-dev' | 'vite' | 'bun';

export interface StartedServer {
  readonly process: ProcessTree;
  readonly origin: string;
}

export interface ServerUnderTest {
  readonly name: ServerName;
  readonly version: string;
  start(folder: string): Promise<StartedServer>;
}

const project = fileURLToPath(new URL('..', import.meta.url));
const run = promisify(execFile);

/** @param tools temporary folder that peers are installed into */
export function prepareServer(name: ServerName, tools: string): Promise<ServerUnderTest> {
  switch (name) {
    case 'hmr-dev':
      return prepareOurs(tools);
    case 'vite':
      return prepareVite(tools);
    case 'bun':
      return prepareBun(tools);
    default:
      return name satisfies never;
  }
}

async function prepareOurs(tools: string): Promise<ServerUnderTest> {
  await run(process.execPath, ['--import', 'tsx', 'scripts/build.ts'], { cwd: project });
  return {
    name: 'hmr-dev',
    version: versionOf(path.join(project, 'package.json')),
    async start(folder) {
      const port = await freePort();
      const args = [path.join(project, 'bin/hmr-dev.js'), '.', '--port', String(port), '--strict-port'];
      // What earlier runs left on disk must not help.
      const env = { XDG_CACHE_HOME: path.join(tools, 'cache') };
      return { process: startProcess(process.execPath, args, { cwd: folder, env }), origin: `http://127.0.0.1:${port}` };
    },
  };
}

async function prepareVite(tools: string): Promise<ServerUnderTest> {
  const folder = await install('vite', tools);
  return {
    name: 'vite',
    version: versionOf(path.join(folder, 'node_modules/vite/package.json')),
    async start(app) {
      const port = await freePort();
      const args = [path.join(folder, 'node_modules/vite/bin/vite.js'), '--host', '127.0.0.1', '--port', String(port), '--strictPort'];
      return { process: startProcess(process.execPath, args, { cwd: app }), origin: `http://127.0.0.1:${port}` };
    },
  };
}

async function prepareBun(tools: string): Promise<ServerUnderTest> {
  const folder = await install('bun', tools);
  const binary = path.join(folder, 'node_modules/.bin/bun');
  return {
    name: 'bun',
    version: versionOf(path.join(folder, 'node_modules/bun/package.json')),
    async start(app) {
      const port = await freePort();
      const args = ['./index.html', `--port=${port}`, '--hostname=127.0.0.1'];
      return { process: startProcess(binary, args, { cwd: app }), origin: `http://127.0.0.1:${port}` };
    },
  };
}

export async function install(name: string, tools: string): Promise<string> {
  const folder = path.join(tools, name);
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'package.json'), '{ "private": true }');
  await run('npm', ['install', '--no-audit', '--no-fund', name], { cwd: folder });
  return folder;
}

export function versionOf(packageFile: string): string {
  const { version } = JSON.parse(fs.readFileSync(packageFile, 'utf8')) as { version?: unknown };
  return String(version);
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
