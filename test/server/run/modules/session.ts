/** A program under test: files in a folder, and a process that runs them (session-runner.ts). */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { withDeadline } from '../../../harness/diagnostics.ts';
import { fixture, type Fixture } from '../../../harness/fixture.ts';
import type { BuiltDrivers } from './built-driver.ts';
import type { Answer, Command } from './session-runner.ts';

export interface Session extends AsyncDisposable {
  readonly folder: Fixture;
  ask(command: Command): Promise<Answer>;
  /** Loads and runs a version; fails if that does. Gives what it said. */
  load(): Promise<readonly unknown[]>;
  /** Saves files, and tells the program. Gives what they mean to it. */
  save(files: Readonly<Record<string, string>>): Promise<unknown>;
}

export async function startSession(drivers: BuiltDrivers, files: Readonly<Record<string, string>>, options: object = {}): Promise<Session> {
  const folder = await fixture(files);
  const child = fork(drivers.path('session-runner'), [folder.path, JSON.stringify(options)], {
    execArgv: ['--no-warnings'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const ask = async (command: Command): Promise<Answer> => {
    const answer = once(child, 'message');
    child.send(command);
    const [message] = (await withDeadline(answer, `the answer to ${command.kind}`)) as [Answer];
    return message;
  };
  return {
    folder,
    ask,
    async load() {
      const { error, said } = await ask({ kind: 'load' });
      if (error !== undefined) throw new Error(error);
      return said;
    },
    async save(changed) {
      for (const [name, text] of Object.entries(changed)) await folder.write(name, text);
      return (await ask({ kind: 'changed', files: Object.keys(changed) })).value;
    },
    async [Symbol.asyncDispose]() {
      const exited = once(child, 'exit');
      child.kill();
      await exited;
      await folder[Symbol.asyncDispose]();
    },
  };
}
