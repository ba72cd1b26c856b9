/**
 * `hmr-dev <folder> --run <file>`: files and program at one address, in real processes and by real requests. What pages see of it is in
 * test/e2e/program-pages.test.ts.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { describe, test } from 'node:test';
import WebSocket from 'ws';
import { createDevServer } from '../../src/server/dev-server.ts';
import { ensureBuilt } from '../harness/built.ts';
import { BIN, runCli, startCli, type TestCli } from '../harness/cli.ts';
import { withDeadline } from '../harness/diagnostics.ts';
import { fixture, type Fixture, type FixtureFiles } from '../harness/fixture.ts';
import { noTerminal, openTerminal } from '../harness/terminal.ts';
import { createKeptConnection, get, startLoad } from './run/http-clients.ts';

/** Answers with the word and what was asked. */
const SERVER = `import http from 'node:http';
import { word } from './word.mjs';
http.createServer(async (req, res) => {
  let body = '';
  for await (const chunk of req) body += chunk;
  res.end([word, req.method, req.url, req.headers.host, body].join(' '));
}).listen(0, () => console.log('listens'));
`;
const word = (text: string): string => `export const word = '${text}';\n`;
const FILES: FixtureFiles = {
  'public/index.html': '<!doctype html><p>page',
  'public/style.css': 'p { color: red }',
  'server.mjs': SERVER,
  'word.mjs': word('first'),
};

interface Site extends AsyncDisposable {
  readonly cli: TestCli;
  readonly files: Fixture;
  readonly port: number;
  ask(urlPath: string, init?: RequestInit): Promise<{ readonly status: number; readonly text: string }>;
  /** Does something and waits for a line that comes after it. */
  expect(line: RegExp, action: () => unknown): Promise<string>;
}

async function start(given: FixtureFiles = {}, args: readonly string[] = [], behind: readonly string[] = []): Promise<Site> {
  const files = await fixture({ ...FILES, ...given });
  const flags = ['public', '--run', 'server.mjs', '--port', '0', '--no-cache', ...args, ...behind];
  const cli = await startCli(flags, { cwd: files.path }).catch(async (error: unknown) => {
    await files[Symbol.asyncDispose]();
    throw error;
  });
  return {
    cli,
    files,
    port: Number(new URL(cli.origin).port),
    async ask(urlPath, init) {
      const answer = await withDeadline(fetch(cli.url(urlPath), init), `the answer to ${urlPath}`);
      return { status: answer.status, text: await answer.text() };
    },
    async expect(line, action) {
      const from = cli.log.lines.length;
      await action();
      return cli.log.waitFor(line, from);
    },
    async [Symbol.asyncDispose]() {
      await cli[Symbol.asyncDispose]();
      await files[Symbol.asyncDispose]();
    },
  };
}

/** When it answers: what is saved earlier, its first version may read. */
async function startServing(given: FixtureFiles = {}, args: readonly string[] = []): Promise<Site> {
  const site = await start(given, args);
  await site.ask('/api');
  return site;
}

describe('one address', () => {
  test('a file is the folder’s, all else the program’s', async () => {
    await using site = await start();
    const host = `localhost:${site.port}`;
    assert.deepEqual(await site.ask('/style.css'), { status: 200, text: 'p { color: red }' });
    assert.match((await site.ask('/')).text, /<p>page/);
    assert.deepEqual(await site.ask('/api/a?b=c'), { status: 200, text: `first GET /api/a?b=c ${host} ` });
    assert.deepEqual(await site.ask('/style.css', { method: 'POST', body: 'sent' }), {
      status: 200,
      text: `first POST /style.css ${host} sent`,
    });
    assert.deepEqual(await site.ask('/', { method: 'PUT', body: 'x' }), { status: 200, text: `first PUT / ${host} x` });
    // A script that nobody has may be one that the program makes.
    assert.equal((await site.ask('/made.js')).text, `first GET /made.js ${host} `);
  });
  test('what hmr-dev has of its own stays its own', async () => {
    await using site = await start();
    assert.match((await site.ask('/@hmr-dev/client.js')).text, /EventSource/);
    assert.equal((await site.ask('/@hmr-dev/none.js')).status, 404);
  });
  test('under a base, what lies outside is the program’s', async () => {
    await using site = await start({}, ['--base', '/app/']);
    const ask = async (urlPath: string): Promise<string> => get({ port: site.port }, urlPath);
    assert.equal(await ask('/app/style.css'), 'p { color: red }');
    assert.match(await ask('/style.css'), /^first GET \/style\.css /);
    assert.match(await ask('/app/api'), /^first GET \/app\/api /);
  });
  test('a host name that is not allowed does not reach the program', async () => {
    await using site = await start();
    assert.match(await get({ port: site.port, headers: { host: 'evil.example' } }, '/api'), /^Host "evil\.example" is not allowed/);
  });
  test('pages of a single-page application that the program does not know', async () => {
    const known = SERVER.replace('let body', "if (!req.url.startsWith('/known')) return res.writeHead(404).end('unknown');\n  let body");
    await using site = await start({ 'server.mjs': known }, ['--spa']);
    const page = { headers: { accept: 'text/html' } };
    assert.match((await site.ask('/some/route', page)).text, /<p>page/);
    assert.match((await site.ask('/known/route', page)).text, /^first GET \/known/);
    assert.deepEqual(await site.ask('/some/route', { headers: { accept: 'application/json' } }), { status: 404, text: 'unknown' });
    assert.deepEqual(await site.ask('/missing.html', page), { status: 404, text: 'unknown' });
  });
  test('a WebSocket, a stream of events, and a large upload', async () => {
    const server = `import http from 'node:http';
      import { WebSocketServer } from '${new URL('../../node_modules/ws/wrapper.mjs', import.meta.url).href}';
      const server = http.createServer(async (req, res) => {
        if (req.url === '/events') return void res.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: one\\n\\n');
        let size = 0;
        for await (const chunk of req) size += chunk.length;
        res.end(String(size));
      });
      new WebSocketServer({ server }).on('connection', (socket) => socket.on('message', (text) => socket.send('heard ' + text)));
      server.listen(0);`;
    await using site = await start({ 'server.mjs': server });
    const socket = new WebSocket(`ws://localhost:${site.port}/talk`);
    await once(socket, 'open');
    socket.send('hello');
    const [heard] = (await once(socket, 'message')) as [Buffer];
    assert.equal(heard.toString(), 'heard hello');
    socket.close();
    const abort = new AbortController();
    const events = await fetch(site.cli.url('/events'), { signal: abort.signal });
    const { value } = await (events.body ?? assert.fail()).getReader().read();
    assert.equal(Buffer.from(value as Uint8Array).toString(), 'data: one\n\n');
    abort.abort();
    const size = 20_000_000;
    assert.equal((await site.ask('/upload', { method: 'POST', body: Buffer.alloc(size) })).text, String(size));
  });
  test('a program with https, and one on a Unix socket', async () => {
    const { execFileSync } = await import('node:child_process');
    const listens = (how: string): string => `listen(${how}, () => console.log('listens'))`;
    await using site = await startServing({
      'server.mjs': SERVER.replace("listen(0, () => console.log('listens'))", listens(`'app.sock'`)),
    });
    assert.match((await site.ask('/api')).text, /^first GET \/api /);
    const subject = ['-subj', '/CN=localhost', '-keyout', site.files.resolve('key.pem'), '-out', site.files.resolve('cert.pem')];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', ...subject], { stdio: 'ignore' });
    const secure = SERVER.replace(`import http from 'node:http'`, `import fs from 'node:fs'; import http from 'node:https'`).replace(
      'createServer(',
      `createServer({ key: fs.readFileSync('key.pem'), cert: fs.readFileSync('cert.pem') }, `,
    );
    await site.expect(/server\.mjs: reloaded/, () => site.files.write('server.mjs', secure));
    assert.match((await site.ask('/api')).text, /^first GET \/api /);
  });
});

describe('a save', () => {
  test('ten edits under requests: each is answered by new code, and none fails', async () => {
    await using site = await startServing();
    const { port } = site;
    using kept = createKeptConnection({ port });
    const load = startLoad((isKept) => (isKept ? kept.get('/api') : get({ port }, '/api')), 2);
    for (let edit = 1; edit <= 10; edit++) {
      await site.expect(/word\.mjs: reloaded/, () => site.files.write('word.mjs', word(`edit ${edit}`)));
      assert.match((await site.ask('/api')).text, new RegExp(`^edit ${edit} GET`));
      await load.more(5);
    }
    await load.stop();
    assert.deepEqual(load.failures, []);
    assert.deepEqual(
      load.answers.filter((answer) => !answer.includes(' GET /api ')),
      [],
    );
  });
  test('another port, and the one of before', async () => {
    await using site = await startServing();
    for (const port of ['0', `{ port: 0, host: '127.0.0.1' }`, '0']) {
      await site.expect(/server\.mjs: reloaded/, () =>
        site.files.write('server.mjs', `// ${port}\n${SERVER.replace('listen(0', `listen(${port}`)}`),
      );
      assert.match((await site.ask('/api')).text, /^first GET \/api /);
    }
  });
  test('a restart, in which no request fails', async () => {
    const server = SERVER.replace('[word, ', '[process.env.A, process.pid, ');
    await using site = await startServing({ 'server.mjs': server, 'package.json': '{ "type": "module" }' });
    const pids = new Set<string>();
    const load = startLoad(() => get({ port: site.port }, '/api'), 2);
    for (let round = 1; round <= 3; round++) {
      await site.expect(/package\.json: restarted/, () => site.files.write('package.json', `{ "type": "module", "version": "${round}" }`));
      await load.more(5);
      pids.add((await site.ask('/api')).text.split(' ')[1] ?? '');
    }
    await load.stop();
    assert.deepEqual(load.failures, []);
    assert.equal(pids.size, 3);
  });
});

describe('a program that does not run', () => {
  test('requests wait while it starts', async () => {
    const slow = `import fs from 'node:fs';\nconsole.log('begins');\nwhile (!fs.existsSync('go')) await new Promise((go) => setTimeout(go, 5));\n${SERVER.replace("import http from 'node:http';", '')}`;
    await using site = await start({ 'server.mjs': `import http from 'node:http';\n${slow}` });
    await site.cli.log.waitFor(/^begins/);
    const answers = Promise.all([site.ask('/api'), site.ask('/api', { method: 'POST', body: 'early' })]);
    await site.files.write('go', '');
    const [first, second] = await answers;
    assert.match(first.text, /^first GET/);
    assert.match(second.text, /^first POST .* early$/);
  });
  test('with a mistake at the start: the files are served, the program answers when it is mended', async () => {
    await using site = await start({ 'word.mjs': 'export const word = ;' });
    await site.cli.log.waitFor(/word\.mjs:1:21/);
    assert.equal((await site.ask('/style.css')).status, 200);
    const { status, text } = await site.ask('/api');
    assert.equal(status, 503);
    assert.match(text, /^server\.mjs does not run: .*Unexpected/);
    await site.expect(/word\.mjs: started/, () => site.files.write('word.mjs', word('mended')));
    assert.match((await site.ask('/api')).text, /^mended GET/);
  });
  test('after a crash, until it is mended', async () => {
    const crashing = SERVER.replace(
      'let body',
      "if (req.url === '/crash') setImmediate(() => { throw new Error('on purpose'); });\n  let body",
    );
    await using site = await startServing({ 'server.mjs': crashing });
    await site.expect(/server\.mjs has crashed \(exit code 1\)/, () => site.ask('/crash').catch(() => undefined));
    assert.deepEqual(await site.ask('/api'), { status: 503, text: 'server.mjs does not run: on purpose\n' });
    await site.expect(/^listens/, () => site.files.write('word.mjs', word('again')));
    await site.cli.log.waitFor(/word\.mjs/);
    let answer = await site.ask('/api');
    while (answer.status === 503) answer = await site.ask('/api');
    assert.match(answer.text, /^again GET/);
  });
  test('one that ends without having listened', async () => {
    await using site = await start({ 'server.mjs': `console.log('done');` });
    await site.cli.log.waitFor(/server\.mjs has ended \(exit code 0\)/);
    assert.equal((await site.ask('/api')).status, 503);
    assert.equal((await site.ask('/style.css')).status, 200);
    await site.expect(/^listens/, () => site.files.write('server.mjs', SERVER));
    let answer = await site.ask('/api');
    while (answer.status === 503) answer = await site.ask('/api');
    assert.match(answer.text, /^first GET/);
  });
  test('a mistake in a later version: the one before answers', async () => {
    await using site = await startServing();
    await site.expect(/word\.mjs:1:21/, () => site.files.write('word.mjs', 'export const word = ;'));
    assert.match((await site.ask('/api')).text, /^first GET/);
  });
});

test('as a library: it starts with listen, restarts when it is told to, and ends with close', async () => {
  await ensureBuilt();
  await using files = await fixture({ ...FILES, 'server.mjs': SERVER.replace('[word, ', '[word, process.pid, ') });
  const entry = files.resolve('server.mjs');
  const server = createDevServer({ root: files.resolve('public'), port: 0, run: { entry }, cache: false, logLevel: 'silent' });
  const { port } = await server.listen();
  const pidNow = async (): Promise<number> => Number((await get({ port }, '/api')).split(' ')[1]);
  const first = await pidNow();
  const [stream] = (await once(http.get({ port, path: '/changes', agent: false }), 'response')) as [http.IncomingMessage];
  const told = (async () => {
    let text = '';
    for await (const chunk of stream.setEncoding('utf8')) {
      text += String(chunk);
      if (text.includes('restarted')) return text;
    }
    return text;
  })();
  server.restartProgram('by hand');
  assert.match(
    await withDeadline(told, 'the event'),
    /"event":"hmr-dev:server-change","data":\{"kind":"restarted","files":\["by hand"\]\}/,
  );
  const second = await pidNow();
  assert.notEqual(second, first);
  await server.close();
  assert.throws(() => process.kill(second, 0), /ESRCH/);
});

describe('the command', () => {
  test('what stands behind -- is the program’s, as are its options in the configuration', async () => {
    const telling = SERVER.replace('[word, ', `[...process.argv.slice(2), process.env.A, `);
    await using site = await start({ 'server.mjs': telling }, [], ['--', '--port', '1', 'x']);
    assert.match((await site.ask('/api')).text, /^--port 1 x {2}GET/);
    const config = `export default { run: { entry: 'server.mjs', args: ['y'], envFiles: ['a.env'] } };`;
    await using files = await fixture({
      ...FILES,
      'server.mjs': telling,
      'a.env': 'A=env',
      'package.json': '{}',
      'hmr.config.mjs': config,
    });
    await using cli = await startCli(['public', '--port', '0', '--no-cache'], { cwd: files.path });
    assert.match(await (await fetch(cli.url('/api'))).text(), /^y env GET/);
  });
  test('ends with the program, which is asked to', async () => {
    const asked = `${SERVER}process.on('SIGTERM', () => { console.log('asked to end'); process.exit(); });\nconsole.log('pid ' + process.pid);`;
    await using site = await start({ 'server.mjs': asked });
    const pid = Number((await site.cli.log.waitFor(/^pid /)).slice(4));
    const { code } = await site.cli.stop('SIGTERM');
    assert.equal(code, 143);
    assert.ok(site.cli.log.lines.includes('asked to end'));
    assert.ok(site.cli.log.lines.every((line) => !line.includes('Waiting for a change')));
    assert.throws(() => process.kill(pid, 0), /ESRCH/);
  });
  test('s in the terminal: another process', { skip: noTerminal }, async () => {
    await using files = await fixture({ ...FILES, 'server.mjs': `${SERVER}console.log('pid ' + process.pid);` });
    const command = `cd '${files.path}' && exec '${process.execPath}' '${BIN}' public --run server.mjs --port 0 --no-cache`;
    await using terminal = await openTerminal(command);
    const line = await terminal.log.waitFor(/Local: +http/);
    await terminal.log.waitFor(/r reload · s restart · /);
    await fetch(`${/http\S+/.exec(line)?.[0] ?? ''}api`);
    const first = await terminal.log.waitFor(/^pid /);
    terminal.type('s');
    await terminal.log.waitFor(/s was pressed: restarted/);
    const pids = terminal.log.lines.filter((printed) => printed.startsWith('pid '));
    assert.equal(pids.length, 2);
    assert.notEqual(pids[1], first);
  });
  for (const [args, message] of [
    [['--run'], '--run takes the file of a program, such as server.ts; it has no value.'],
    [['--run', 'a.mjs', '--run', 'b.mjs'], '--run is given more than once.'],
    [['.', '--', 'x'], 'One folder at a time: "x" is one too many.'],
  ] as const) {
    test(args.join(' '), async () => {
      const { code, stderr } = await runCli(args);
      assert.equal(code, 1);
      assert.ok(stderr.includes(message), stderr);
    });
  }
});

test('a program that stands behind a page asks for its own address, and is told that it goes in circles', async () => {
  const circle = `import http from 'node:http';
    http.createServer((req, res) => {
      http.get({ port: process.env.FRONT ?? req.headers.host.split(':')[1], path: '/again', headers: req.headers }, (answer) => answer.pipe(res.writeHead(answer.statusCode)));
    }).listen(0, () => console.log('listens'));`;
  await using site = await start({ 'server.mjs': circle });
  assert.deepEqual(await site.ask('/api'), { status: 508, text: 'server.mjs asks itself.\n' });
  assert.equal(http.STATUS_CODES[508], 'Loop Detected');
});
