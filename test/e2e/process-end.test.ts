/**
 * How the process ends: with nothing left behind, also when the compiler's own process runs and pages are connected; and with one clear line
 * where the system cannot watch any more.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { openPage } from '../harness/browser.ts';
import { BIN, runCli, startCli } from '../harness/cli.ts';
import { fixture } from '../harness/fixture.ts';
import { noTerminal, openTerminal } from '../harness/terminal.ts';
import { page } from './robust-support.ts';

const FILES = {
  'index.html': page('<p id="out"></p>', '<script type="module" src="main.ts"></script>'),
  'main.ts': `import { text } from './view.tsx';\nimport './a.module.css';\ndocument.querySelector<HTMLElement>('#out')!.textContent = text;`,
  'view.tsx': `export const text: string = 'one';`,
  'a.module.css': '.a { color: red }',
};

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

function processes(): Process[] {
  const text = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' });
  return text.split('\n').flatMap((line) => {
    const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return command === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), command }];
  });
}

function descendants(root: number): Process[] {
  const all = processes();
  const below = (pid: number): Process[] => all.filter(({ parent }) => parent === pid).flatMap((child) => [child, ...below(child.pid)]);
  return below(root);
}

const alive = (pids: readonly number[]): Process[] =>
  processes().filter(({ pid, command }) => pids.includes(pid) && !command.includes('<defunct>'));

/** The compiler ends when it reads the end of its input or gets a signal: events of the system's, not of ours. */
async function untilGone(pids: readonly number[]): Promise<void> {
  const endedAt = Date.now() + 10_000;
  while (alive(pids).length > 0 && Date.now() < endedAt) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(alive(pids), []);
}

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  test(`${signal} ends the server and the compiler, with a page connected`, async () => {
    await using files = await fixture(FILES);
    await using cli = await startCli([files.path, '--port', '0']);
    await using tab = await openPage(cli.url());
    await tab.untilText('#out', 'one');
    await tab.waitForConsole(/connected/);
    const children = descendants(cli.child.pid ?? -1);
    assert.ok(
      children.some(({ command }) => command.includes('esbuild')),
      'the compiler runs',
    );
    const exit = await cli.stop(signal);
    assert.deepEqual(exit, { code, signal: null });
    await untilGone(children.map(({ pid }) => pid));
    await tab.waitForConsole(/connection lost/);
    assert.deepEqual(tab.errors, []);
  });
}

test('SIGKILL of the server takes the compiler with it', async () => {
  await using files = await fixture(FILES);
  await using cli = await startCli([files.path, '--port', '0']);
  await using tab = await openPage(cli.url());
  await tab.untilText('#out', 'one');
  const pids = descendants(cli.child.pid ?? -1).map(({ pid }) => pid);
  assert.ok(pids.length > 0);
  await cli.stop('SIGKILL');
  await untilGone(pids);
});

for (const [name, key, code] of [
  ['q', 'q', 0],
  ['Ctrl-C', '\u0003', 130],
] as const) {
  test(`${name} in the terminal leaves no process behind`, { skip: noTerminal }, async () => {
    await using files = await fixture(FILES);
    await using terminal = await openTerminal(`${process.execPath} ${BIN} ${files.path} --port 0`);
    const line = await terminal.log.waitFor(/Local: +http/);
    await using tab = await openPage(/http\S+/.exec(line)?.[0] ?? '');
    await tab.untilText('#out', 'one');
    const pids = processes()
      .filter(({ command }) => command.includes(files.path) && command.includes('hmr-dev'))
      .map(({ pid }) => pid);
    const all = [...pids, ...pids.flatMap((pid) => descendants(pid).map((child) => child.pid))];
    assert.ok(all.length >= 2);
    terminal.type(key);
    assert.equal(await terminal.end(), code);
    await untilGone(all);
  });
}

/** Loaded into the server's process: the system's limits as they are when they are reached. */
const brokenWatch = (code: string): string => `
  import fs from 'node:fs';
  import { syncBuiltinESMExports } from 'node:module';
  fs.watch = () => { throw Object.assign(new Error('${code}: System limit for number of file watchers reached'), { code: '${code}', syscall: 'watch' }); };
  syncBuiltinESMExports();
`;

for (const [code, hint] of [
  ['ENOSPC', /sysctl fs\.inotify\.max_user_watches/],
  ['EMFILE', /max_user_instances.*ulimit/],
] as const) {
  test(`no watches left (${code}): one error with the way out, exit code 1`, async () => {
    await using files = await fixture(FILES);
    await using tools = await fixture({ 'break.mjs': brokenWatch(code) });
    const {
      code: exitCode,
      stdout,
      stderr,
    } = await runCli([files.path, '--port', '0'], { env: { NODE_OPTIONS: `--import=${tools.resolve('break.mjs')}` } });
    assert.equal(exitCode, 1);
    assert.match(stderr, hint);
    assert.equal(stderr.trim().split('\n').length, 2, stderr);
    assert.equal(stderr.match(/^error /gm)?.length, 1, stderr);
    assert.doesNotMatch(stderr, /\n\s+at /);
    assert.equal(stdout, '');
  });
}
