/**
 * `examples/server` in a folder of its own, started as its README says: under `hmr-dev run`, until its first version has taken over, or under plain
 * `node`.
 */
import fs from 'node:fs';
import path from 'node:path';
import { REPOSITORY } from '../../../harness/built.ts';
import type { Fixture } from '../../../harness/fixture.ts';
import { type RunCommand, startCommand } from './run-command.ts';

const SOURCE = path.join(REPOSITORY, 'examples/server');

function exampleFiles(): Record<string, string> {
  const files = fs.readdirSync(SOURCE).map((name) => [name, fs.readFileSync(path.join(SOURCE, name), 'utf8')]);
  return { ...(Object.fromEntries(files) as Record<string, string>), 'package.json': '{ "type": "module" }' };
}

/** What the README has npm install. */
async function install(folder: Fixture): Promise<void> {
  await fs.promises.mkdir(folder.resolve('node_modules'));
  await fs.promises.symlink(path.join(REPOSITORY, 'node_modules/ws'), folder.resolve('node_modules/ws'), 'dir');
  await fs.promises.symlink(REPOSITORY, folder.resolve('node_modules/hmr-dev'), 'dir');
}

export interface Chat extends AsyncDisposable {
  readonly run: RunCommand;
  readonly port: number;
}

export async function startChat({ isPlain = false }: { readonly isPlain?: boolean } = {}): Promise<Chat> {
  const options = ['--log-level', 'debug'];
  const run = await startCommand(exampleFiles(), { entry: 'server.js', options, env: { PORT: '0' }, prepare: install, isPlain });
  const port = Number(new URL(await run.out.waitFor(/^http:/)).port);
  if (!isPlain) await run.err.waitFor(/ runs$/);
  return { run, port, [Symbol.asyncDispose]: () => run[Symbol.asyncDispose]() };
}
