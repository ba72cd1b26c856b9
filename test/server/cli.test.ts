import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { describe, test } from 'node:test';
import { parseCommandLine } from '../../src/server/cli.ts';
import { FLAGS, OPTIONS, optionsOfFlags, resolveOptions } from '../../src/server/config/config.ts';
import { HmrError } from '../../src/server/errors.ts';
import { packageVersion } from '../../src/server/package-info.ts';
import { ensureBuilt, REPOSITORY } from '../harness/built.ts';
import { BIN, runCli, startCli } from '../harness/cli.ts';
import { createLineLog, withDeadline } from '../harness/diagnostics.ts';
import { fixture } from '../harness/fixture.ts';
import { noTerminal, openTerminal } from '../harness/terminal.ts';
import { SCRIPT } from '../harness/server.ts';

const PAGE = { 'index.html': '<!doctype html><title>x</title><p>hello' };

function parse(...args: string[]): { root: string | undefined; flags: Readonly<Record<string, unknown>> } {
  const parsed = parseCommandLine(['node', 'hmr-dev', ...args]);
  assert.ok(parsed);
  return parsed;
}

describe('parsing', () => {
  test('a folder and nothing else', () => assert.equal(parse('./src').root, './src'));
  test('nothing at all', () => assert.equal(parse().root, undefined));
  test('a folder whose name is a number', () => assert.equal(parse('--open', '2024').root, '2024'));
  test('a switch does not swallow the folder', () => {
    const { root, flags } = parse('--open', '--spa', './src', '--strict-port');
    assert.deepEqual([root, flags['open'], flags['spa'], flags['strict-port']], ['./src', true, true, true]);
  });
  test('short names', () => {
    const { flags } = parse('-p', '80', '-o');
    assert.deepEqual([flags['port'], flags['open']], ['80', true]);
  });
  test('--no- turns off', () => assert.deepEqual([parse('--no-spa').flags['spa'], parse('--no-cache').flags['cache']], [false, false]));
  test('without flags everything has its default', () => {
    const options = resolveOptions(optionsOfFlags(parse().flags));
    for (const { key, default: value } of OPTIONS) assert.deepEqual(options[key], value, key);
  });
  test('= and repetition', () => {
    const { flags } = parse('--port=80', '--ignore=a,b', '--ignore', 'c');
    assert.deepEqual([flags['port'], flags['ignore']], ['80', ['a,b', 'c']]);
  });
  test('--host without a value', () => assert.equal(parse('.', '--host').flags['host'], ''));
  test('a folder after --', () => assert.equal(parse('--', '-odd').root, '-odd'));

  const refused: [string[], RegExp][] = [
    [['--prot', '80'], /^Unknown option --prot\. Did you mean --port\?$/],
    [['--no-opne'], /Did you mean --no-open\?/],
    [['--nope'], /^Unknown option --nope\. (Did you mean --open|See hmr-dev --help)/],
    [['-x'], /^Unknown option -x\. See hmr-dev --help\.$/],
    [['--colour'], /See hmr-dev --help/],
    [['a', 'b'], /"b" is one too many/],
    [['--port', '1', '--port', '2'], /--port is given more than once/],
  ];
  for (const [args, message] of refused) {
    test(`${args.join(' ')} is refused`, () => {
      assert.throws(
        () => parse(...args),
        (error) => error instanceof HmrError && error.code === 'OPTION' && message.test(error.message),
      );
    });
  }
});

describe('what ends by itself', () => {
  test('--version', async () => {
    const { code, stdout } = await runCli(['--version']);
    assert.deepEqual([code, stdout], [0, `hmr-dev, ${packageVersion()}\n`]);
  });
  test('--help lists every option with its default', async () => {
    const { code, stdout, stderr } = await runCli(['--help']);
    assert.deepEqual([code, stderr], [0, '']);
    const lines = stdout.split('\n');
    for (const { flag, description } of FLAGS) {
      assert.ok(
        lines.some((line) => line.includes(`--${flag} `) && line.includes(description)),
        `${flag}: ${stdout}`,
      );
    }
    assert.match(stdout, /--port .*\(default 4670\)/);
  });

  const failures: [string, string[], RegExp][] = [
    ['an unknown option', ['--prot'], /^error Unknown option --prot\. Did you mean --port\?\n$/],
    ['a wrong value', ['--port', '99999'], /^error --port takes a whole number from 0 to 65535; it is "99999"\.\n$/],
    ['a missing folder', ['./nowhere-at-all'], /^error The folder "\.\/nowhere-at-all" does not exist\.\n {2}Create it/],
    ['a mistyped folder', ['./scr'], /^error The folder "\.\/scr" does not exist\.\n {2}Did you mean "src"\?\n$/],
    ['a file', ['./package.json'], /^error "\.\/package\.json" is a file, .*\n {2}Serve the folder that holds it: hmr-dev \.\n$/],
  ];
  for (const [name, args, expected] of failures) {
    test(`${name} is one clear line and exit code 1`, async () => {
      const { code, stdout, stderr } = await runCli(args);
      assert.match(stderr, expected);
      assert.deepEqual([code, stdout], [1, '']);
    });
  }
  test('--log-level debug adds the stack', async () => {
    const { stderr } = await runCli(['./nowhere', '--log-level', 'debug']);
    assert.match(stderr, /\n\s+at /);
  });
  test('a taken port with --strict-port', async () => {
    await using folder = await fixture(PAGE);
    const blocker = net.createServer().listen(0, 'localhost');
    await once(blocker, 'listening');
    const { port } = blocker.address() as net.AddressInfo;
    try {
      const { code, stderr } = await runCli([folder.path, '--port', String(port), '--strict-port']);
      assert.match(stderr, new RegExp(`^error .*${port}`));
      assert.equal(code, 1);
    } finally {
      blocker.close();
    }
  });
});

describe('loading', () => {
  test('the command line itself imports sade and nothing heavier', async () => {
    await ensureBuilt();
    const seen = new Set<string>();
    const packages = new Set<string>();
    const visit = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      for (const [, specifier = ''] of fs.readFileSync(file, 'utf8').matchAll(/^(?:import|export)\b[^;]*?["']([^"']+)["'];$/gm)) {
        if (specifier.startsWith('.')) visit(path.resolve(path.dirname(file), specifier));
        else if (!specifier.startsWith('node:')) packages.add(specifier);
      }
    };
    visit(path.join(REPOSITORY, 'dist/server/cli.js'));
    assert.deepEqual([...packages], ['sade']);
  });
  test('an old Node gets a sentence', async () => {
    await using folder = await fixture({
      'old.mjs': `Object.defineProperty(process.versions, 'node', { value: '18.20.0' }); await import(${JSON.stringify(BIN)});`,
    });
    const child = spawn(process.execPath, [folder.resolve('old.mjs')], { stdio: ['ignore', 'ignore', 'pipe'] });
    const log = createLineLog('stderr');
    child.stderr.setEncoding('utf8').on('data', (text: string) => log.add(text));
    const [code] = (await once(child, 'close')) as [number];
    assert.equal(code, 1);
    assert.match(log.lines.join(''), /needs Node 20\.19 or newer; this is 18\.20\.0/);
  });
});

describe('a running server', () => {
  test('shows a banner with its address, and answers there', async () => {
    await using folder = await fixture(PAGE);
    await using cli = await startCli([folder.path, '--port', '0']);
    assert.match(cli.log.lines.join('\n'), /hmr-dev \d+\.\d+\.\d+ {2}ready in \d/);
    assert.ok((await fetch(cli.url('/'))).status > 0);
  });
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    test(`${signal} ends it with ${code}`, async () => {
      await using folder = await fixture(PAGE);
      await using cli = await startCli([folder.path, '--port', '0']);
      assert.deepEqual(await cli.stop(signal), { code, signal: null });
    });
  }
  test('an open connection does not keep it', async () => {
    await using folder = await fixture(PAGE);
    await using cli = await startCli([folder.path, '--port', '0']);
    const socket = net.connect(Number(new URL(cli.origin).port), new URL(cli.origin).hostname);
    socket.on('error', () => {}); // It is reset by the end of the server.
    await once(socket, 'connect');
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n');
    assert.equal((await cli.stop('SIGINT')).code, 130);
    socket.destroy();
  });
  test('a closed pipe does not end it', async () => {
    await using folder = await fixture(PAGE);
    await using cli = await startCli([folder.path, '--port', '0', '--log-level', 'debug']);
    cli.child.stdout?.destroy();
    cli.child.stderr?.destroy();
    await folder.write('index.html', '<p>changed');
    assert.ok((await fetch(cli.url('/'))).status > 0);
    cli.child.kill('SIGTERM');
    assert.deepEqual(await withDeadline(once(cli.child, 'exit'), 'the end'), [143, null]);
  });
  test('no process is left behind', { skip: process.platform !== 'linux' && 'reads /proc' }, async () => {
    await using folder = await fixture({
      'index.html': '<script type="module" src="main.ts"></script>',
      'main.ts': `import './a.module.css';`,
      // The compiler's own process starts when something needs it.
      'a.module.css': '.a { color: red }',
    });
    await using cli = await startCli([folder.path, '--port', '0']);
    const { pid } = cli.child;
    await (await fetch(cli.url('/main.ts'), { headers: SCRIPT })).text();
    const children = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
    assert.ok(children.length > 0);
    await cli.stop('SIGINT');
    assert.deepEqual(
      children.filter((child) => isRunning(child)),
      [],
    );
  });
});

/** A dead process that its parent has not asked about yet is still listed. */
function isRunning(pid: string): boolean {
  try {
    return !/^State:\tZ/m.test(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false; // Gone.
  }
}

describe('keys in a real terminal', { skip: noTerminal }, () => {
  const command = (folder: string): string => `${process.execPath} ${BIN} ${folder} --port 0`;

  test('h, u and q', async () => {
    await using folder = await fixture(PAGE);
    await using terminal = await openTerminal(command(folder.path));
    await terminal.log.waitFor(/r reload · o open/);
    terminal.type('h');
    await terminal.log.waitFor(/q {2}quit/);
    const before = terminal.log.lines.length;
    terminal.type('u');
    await terminal.log.waitFor(/Local: +http/, before);
    terminal.type('q');
    assert.equal(await terminal.end(), 0);
  });
  test('Ctrl-C ends it, and the terminal is as before', async () => {
    await using folder = await fixture(PAGE);
    await using terminal = await openTerminal(`${command(folder.path)}; echo code $?; stty -a`);
    await terminal.log.waitFor(/r reload · o open/);
    terminal.type('\u0003');
    await terminal.end();
    const text = terminal.log.lines.join('\n');
    assert.match(text, /code 130/);
    assert.match(text, / icanon /);
    assert.match(text, / echo /);
  });
  test('in the background it leaves the terminal alone and is not stopped by it', async () => {
    await using folder = await fixture(PAGE);
    const shell = `set -m; ${command(folder.path)} & wait -n; true`;
    await using terminal = await openTerminal(`bash -c '${shell.replaceAll("'", String.raw`'\''`)}'`);
    const line = await terminal.log.waitFor(/Local: +http/);
    const url = /http\S+/.exec(line)?.[0] ?? '';
    assert.ok((await fetch(url)).status > 0);
    const jobs = fs.readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && commandLine(pid).includes(`${BIN}\0${folder.path}`));
    for (const pid of jobs) if (commandLine(pid).startsWith(process.execPath)) process.kill(Number(pid), 'SIGTERM');
    await terminal.end();
  });
});

function commandLine(pid: string): string {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return ''; // It ended in between.
  }
}
