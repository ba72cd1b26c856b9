/**
 * A command in a real terminal, through script(1) of util-linux, which Debian always has: raw mode, Ctrl-C as a character and job control
 * cannot be shown with pipes, and a package for it would be a native one.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { stripColors } from '../../src/server/colors.ts';
import { ensureBuilt } from './built.ts';
import { createLineLog, type LineLog, registerState, withDeadline } from './diagnostics.ts';

const SCRIPT = '/usr/bin/script';

/** For `{ skip: … }` of a test. */
export const noTerminal: string | false = fs.existsSync(SCRIPT) ? false : 'needs script(1) of util-linux';

export interface TestTerminal extends AsyncDisposable {
  /** What the screen got, line by line, without colours. */
  readonly log: LineLog;
  type(text: string): void;
  /** Exit code of the command. */
  end(): Promise<number>;
}

/** @param command for the shell */
export async function openTerminal(command: string): Promise<TestTerminal> {
  await ensureBuilt();
  const env = { ...process.env, NO_COLOR: '1', BROWSER: 'none', SHELL: '/bin/sh' };
  const child = spawn(SCRIPT, ['-qefc', command, '/dev/null'], { env });
  const log = createLineLog(`the terminal of ${command}`);
  const unregister = registerState(`terminal of ${command}`, () => log.lines.join('\n'));
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split(/\r*\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) log.add(stripColors(line));
  });
  child.stdin.on('error', () => {}); // The command may end before it has read everything.
  const exit = once(child, 'close').then(([code]: unknown[]) => {
    unregister();
    return code as number;
  });
  return {
    log,
    type: (text) => void child.stdin.write(text),
    end: () => withDeadline(exit, `the end of ${command}`),
    async [Symbol.asyncDispose]() {
      // Closes the terminal, so that what runs in it gets the SIGHUP that it would get from a window. To others script(1) does not listen.
      if (child.exitCode === null) child.kill('SIGKILL');
      await exit;
    },
  };
}
