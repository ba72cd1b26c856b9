/**
 * `hmr-dev run` as a process: arguments, standard streams, signals, exit codes and environment are those of the program under `node`.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { describe, test } from 'node:test';
import { stripColors } from '../../../../src/server/colors.ts';
import { ensureBuilt, REPOSITORY } from '../../../harness/built.ts';
import { runCli } from '../../../harness/cli.ts';
import { withDeadline } from '../../../harness/diagnostics.ts';
import { fixture } from '../../../harness/fixture.ts';
import { SERVER, startCommand, startServer, word } from './run-command.ts';

describe('how it ends', () => {
  test('process.exit(3) of a program that has never listened', async () => {
    await using run = await startCommand({ 'server.mjs': "console.log('done');\nprocess.exit(3);" });
    assert.deepEqual(await run.ended(), { code: 3, signal: null });
    assert.deepEqual(run.out.lines, ['done']);
    assert.deepEqual(run.err.lines, []);
  });
  test('a program that has nothing more to do', async () => {
    await using run = await startCommand({ 'server.mjs': "setTimeout(() => console.log('done'), 1);\nprocess.exitCode = 4;" });
    assert.deepEqual(await run.ended(), { code: 4, signal: null });
    assert.deepEqual(run.out.lines, ['done']);
  });
  test('a signal that the program does not handle', async () => {
    await using run = await startServer();
    run.child.kill('SIGTERM');
    assert.deepEqual(await run.ended(), { code: null, signal: 'SIGTERM' });
  });
  test('a signal is handed on once, and the program says how it ends', async () => {
    const handling = `${SERVER}\nprocess.on('SIGINT', () => { console.log('SIGINT'); server.close(() => process.exit(5)); });`;
    await using run = await startServer({ 'server.mjs': handling });
    run.child.kill('SIGINT');
    assert.deepEqual(await run.ended(), { code: 5, signal: null });
    assert.equal(run.out.lines.filter((line) => line === 'SIGINT').length, 1);
  });
  test('after reloads too, and by the newest version', async () => {
    const handling = `${SERVER}\nprocess.on('SIGINT', () => { console.log('SIGINT ' + word); setTimeout(() => server.close(() => process.exit(5)), 1); });`;
    await using run = await startServer({ 'server.mjs': handling });
    for (let edit = 1; edit <= 3; edit++) await run.reload('word.mjs', word(`edit ${edit}`));
    await run.expect('out', /^SIGINT edit 3$/, () => run.child.kill('SIGINT'));
    assert.deepEqual(await run.ended(), { code: 5, signal: null });
    assert.equal(run.out.lines.filter((line) => line.startsWith('SIGINT')).length, 1);
  });
  test('a signal while it waits for a change', async () => {
    await using run = await startServer({ 'server.mjs': `${SERVER}\nserver.on('request', () => process.exit(1));` });
    await run.expect('err', /Waiting for a change/, () => run.ask().catch(() => undefined));
    run.child.kill('SIGTERM');
    assert.deepEqual(await run.ended(), { code: null, signal: 'SIGTERM' });
  });
});

describe('a server that ends by itself', () => {
  for (const [how, code, said] of [
    ['process.exit(7)', 'process.exit(7);', /has ended \(exit code 7\)/],
    ['an error that nobody catches', "setTimeout(() => { throw new Error('on purpose'); });", /has crashed \(exit code 1\)/],
  ] as const) {
    test(`${how}: it waits for a change, which starts it again`, async () => {
      await using run = await startServer({ 'server.mjs': `${SERVER}\nserver.on('request', () => { ${code} });` });
      await run.expect('err', said, () => run.ask().catch(() => undefined));
      await run.expect('out', /^port /, () => run.folder.write('server.mjs', SERVER));
      assert.equal(await run.ask(), 'first');
      await run.reload('word.mjs', word('second'));
      assert.equal(await run.ask(), 'second');
    });
  }
});

describe('what the program sees', () => {
  test('arguments, as under node', async () => {
    const program = { 'server.mjs': 'console.log(JSON.stringify(process.argv.slice(1)), typeof process.send)' };
    await using run = await startCommand(program, { args: ['--', '--port', '3', 'x'] });
    const expected = JSON.stringify([run.folder.resolve('server.mjs'), '--port', '3', 'x']);
    assert.equal(await run.out.waitFor(/./), `${expected} undefined`);
    await using plain = await startCommand(program, { args: ['-p', '--quiet'] });
    assert.match(await plain.out.waitFor(/./), /"-p","--quiet"\] undefined/);
  });
  test('environment files, of which the later wins, and NODE_OPTIONS', async () => {
    await using run = await startCommand(
      {
        'server.mjs': 'console.log(process.env.A, process.env.B, process.env.C, typeof globalThis.gc)',
        'a.env': 'A=1\nB=1\nC=1',
        'b.env': 'B="2 2"',
      },
      { options: ['--env-file', 'a.env', '--env-file=b.env'], env: { C: '3', NODE_OPTIONS: '--no-warnings' } },
    );
    assert.equal(await run.out.waitFor(/./), '1 2 2 3 undefined');
  });
  test('an environment file that changes: a restart', async () => {
    await using run = await startServer(
      { 'server.mjs': SERVER.replace('response.end(word)', 'response.end(process.env.A)'), 'a.env': 'A=1' },
      { options: ['--env-file', 'a.env'] },
    );
    assert.equal(await run.ask(), '1');
    await run.restart(() => run.folder.write('a.env', 'A=2'));
    assert.equal(await run.ask(), '2');
  });
  test('its standard input, whole', async () => {
    await using run = await startCommand({
      'server.mjs': "let text = ''; for await (const chunk of process.stdin) text += chunk; console.log(text.toUpperCase());",
    });
    run.child.stdin?.end('hello\nworld\n');
    assert.deepEqual(await run.ended(), { code: 0, signal: null });
    assert.deepEqual(run.out.lines, ['HELLO', 'WORLD', '']);
  });
  test('a debugger', async () => {
    await using run = await startServer({}, { options: ['--inspect=0'] });
    assert.match(await run.err.waitFor(/Debugger listening on/), /ws:/);
  });
  test('stacks with its own lines', async () => {
    await using run = await startCommand(
      {
        'server.ts': "interface A {\n  a: 1;\n}\nconst a: A = { a: 1 };\nconsole.log(new Error('here').stack, a);",
      },
      { entry: 'server.ts' },
    );
    assert.match(await run.out.waitFor(/ at /), /server\.ts:5:13/);
  });
});

test('a process whose supervisor has gone while it started does not stay', async () => {
  await ensureBuilt();
  await using folder = await fixture({ 'server.mjs': SERVER, 'word.mjs': word('first') });
  const setup = {
    entry: 'server.mjs',
    logLevel: 'info',
    include: [],
    conditions: [],
    closeWebSockets: false,
    cache: false,
    memoryLimit: 0,
    isBreaking: false,
  };
  const runner = path.join(REPOSITORY, 'dist/server/run/command/runner.js');
  const child = spawn(process.execPath, [runner, JSON.stringify(setup)], {
    cwd: folder.path,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  child.disconnect();
  const [code] = (await withDeadline(once(child, 'exit'), 'the end of the process')) as [number];
  assert.equal(code, 0);
});

describe('what it says', () => {
  test('nothing on standard output, no colours into a pipe, and with --quiet nothing but errors', async () => {
    await using run = await startCommand(
      { 'server.mjs': SERVER, 'word.mjs': word('first') },
      { options: ['--quiet'], env: { NO_COLOR: '' } },
    );
    await run.out.waitFor(/^port /);
    await run.expect('out', /^port /, () => run.folder.write('word.mjs', word('second')));
    await run.expect('err', /serves on/, () => run.folder.write('word.mjs', '('));
    assert.ok(run.err.lines.every((line) => !/reloaded/.test(line)));
    assert.equal(stripColors(run.err.lines.join('\n')), run.err.lines.join('\n'));
    assert.ok(run.out.lines.every((line) => line.startsWith('port ')));
  });
  test('help, and what was meant by a mistyped option', async () => {
    const help = await runCli(['run', '--help']);
    assert.equal(help.code, 0);
    assert.match(help.stdout, /\$ hmr-dev run <entry>/);
    const mistyped = await runCli(['run', '--env-fil', 'x', 'server.mjs']);
    assert.equal(mistyped.code, 1);
    assert.match(mistyped.stderr, /Unknown option --env-fil\. Did you mean --env-file\?/);
    const none = await runCli(['run']);
    assert.equal(none.code, 1);
    assert.match(none.stderr, /takes the file to run/);
  });
});
