/**
 * `hmr-dev run`: a restart, in which another process takes over the ports of the one that serves.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { describe, test } from 'node:test';
import { withDeadline } from '../../../harness/diagnostics.ts';
import { stablePort } from '../../../harness/ports.ts';
import { bodyOf, get, startLoad } from '../http-clients.ts';
import { type RunCommand, SERVER, startServer, word } from './run-command.ts';

const ENV = { options: ['--env-file', 'a.env'] };

/** Answers with A of the environment and the id of its process. */
const TELLING = SERVER.replace('response.end(word)', "response.end(process.env.A + ' ' + process.pid)");

const setA = (run: RunCommand, text: string): Promise<string> => run.restart(() => run.folder.write('a.env', `A=${text}`));

/** One connection for all requests, until the server says that it was the last. */
function keptGet(port: number): () => Promise<string> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  return () => withDeadline(bodyOf(http.get({ port, agent })), 'the answer on a kept connection');
}

describe('under load', () => {
  test('five restarts and five reloads: no request fails', async () => {
    await using run = await startServer({ 'server.mjs': TELLING, 'a.env': 'A=0' }, ENV);
    const port = run.port();
    const kept = keptGet(port);
    const load = startLoad((isKept) => (isKept ? kept() : get({ port })), 4);
    await load.more(20);
    for (let round = 1; round <= 5; round++) {
      assert.match(await setA(run, String(round)), /a\.env: restarted/);
      assert.match(await get({ port }), new RegExp(`^${round} `));
      await load.more(20);
      await run.reload('word.mjs', word(`edit ${round}`));
      await load.more(20);
    }
    await load.stop();
    assert.deepEqual(load.failures, []);
    assert.equal(run.port(), port);
  });
  test('an express app', async () => {
    const express = new URL('../../../../node_modules/express/index.js', import.meta.url).href;
    const app = `
      import express from '${express}';
      const app = express();
      app.get('/', (request, response) => response.send(process.env.A));
      const server = app.listen(0, () => console.log('port ' + server.address().port));`;
    await using run = await startServer({ 'server.mjs': app, 'a.env': 'A=0' }, ENV);
    const port = run.port();
    const kept = keptGet(port);
    const load = startLoad((isKept) => (isKept ? kept() : get({ port })), 2);
    for (let round = 1; round <= 3; round++) {
      await setA(run, String(round));
      assert.equal(await get({ port }), String(round));
      await load.more(10);
    }
    await load.stop();
    assert.deepEqual(load.failures, []);
  });
});

describe('connections of before', () => {
  test('a kept one is answered once more, and told that it was the last time', async () => {
    await using run = await startServer({ 'server.mjs': TELLING, 'a.env': 'A=1' }, ENV);
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const ask = async (): Promise<readonly [string, string | undefined]> => {
      const request = http.get({ port: run.port(), agent });
      const [response] = (await once(request, 'response')) as [http.IncomingMessage];
      let text = '';
      for await (const chunk of response.setEncoding('utf8')) text += String(chunk);
      return [text.slice(0, 1), response.headers.connection];
    };
    assert.deepEqual(await ask(), ['1', 'keep-alive']);
    await setA(run, '2');
    assert.deepEqual(await ask(), ['1', 'close']);
    assert.deepEqual(await ask(), ['2', 'keep-alive']);
    agent.destroy();
  });
  test('a stream goes on, from the process that has begun it, which ends with it', async () => {
    const streaming = `
      import http from 'node:http';
      let stream;
      const server = http.createServer((request, response) => {
        if (request.url === '/stream') {
          stream = response;
          stream.write(String(process.pid));
          return;
        }
        stream?.write(request.url);
        response.end(process.env.A);
      });
      server.listen(0, () => console.log('port ' + server.address().port));`;
    await using run = await startServer({ 'server.mjs': streaming, 'a.env': 'A=1' }, ENV);
    // Accepted by the process that will have the stream.
    const socket = net.connect(run.port());
    const request = http.get({ port: run.port(), path: '/stream', agent: false });
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    let heard = '';
    response.setEncoding('utf8').on('data', (text: string) => {
      heard += text;
    });
    await once(response, 'data');
    await setA(run, '2');
    assert.equal(await run.ask(), '2');
    const answered = once(socket, 'data');
    const told = withDeadline(
      (async () => {
        while (!heard.includes('/late')) await once(response, 'data');
      })(),
      'more of the stream',
    );
    socket.write('GET /late HTTP/1.1\r\nHost: localhost\r\n\r\n');
    assert.match(String((await answered)[0]), /Connection: close[^]*1$/);
    await told;
    const pid = Number.parseInt(heard, 10);
    await run.expect('err', new RegExp(`process ${pid} has ended`), () => response.destroy());
  });
});

describe('addresses', () => {
  test('several servers, http2 among them, and a Unix socket whose file stays', async () => {
    const several = `${TELLING}
      import net from 'node:net';
      import http2 from 'node:http2';
      const raw = net.createServer((socket) => socket.end('raw ' + process.env.A));
      raw.listen(0, () => console.log('raw ' + raw.address().port));
      http2.createServer((request, response) => response.end('h2')).listen(0);
      http.createServer((request, response) => response.end('socket ' + process.env.A)).listen('app.sock', () => console.log('socket'));`;
    await using run = await startServer({ 'server.mjs': several, 'a.env': 'A=1' }, ENV);
    const raw = Number((await run.out.waitFor(/^raw /)).slice(4));
    const socketPath = run.folder.resolve('app.sock');
    const readRaw = async (): Promise<string> => {
      let text = '';
      for await (const chunk of net.connect(raw).setEncoding('utf8')) text += String(chunk);
      return text;
    };
    const load = startLoad(() => get({ socketPath }), 1);
    for (const a of ['2', '3']) {
      await setA(run, a);
      assert.match(await run.ask(), new RegExp(`^${a} `));
      assert.equal(await readRaw(), `raw ${a}`);
      assert.equal(await get({ socketPath }), `socket ${a}`);
    }
    await load.stop();
    assert.deepEqual(load.failures, []);
  });
  test('a port that changes with its setting', async () => {
    const [one, two] = [await stablePort(), await stablePort()];
    const listening = TELLING.replace('listen(0', 'listen(Number(process.env.A)');
    await using run = await startServer({ 'server.mjs': listening, 'a.env': `A=${one}` }, ENV);
    await setA(run, String(two));
    assert.match(await get({ port: two }), new RegExp(`^${two} `));
    await setA(run, String(one));
    assert.match(await get({ port: one }), new RegExp(`^${one} `));
  });
  test('a server that is closed and listens again finds its port free, in one process and the next', async () => {
    const again = `${TELLING}
      server.on('request', (request) => {
        if (request.url !== '/again') return;
        const { port } = server.address();
        server.close(() => server.listen(port, () => console.log('again')));
        server.closeIdleConnections();
      });`;
    await using run = await startServer({ 'server.mjs': again, 'a.env': 'A=1' }, ENV);
    await run.expect('out', /^again/, () => run.ask('/again'));
    await setA(run, '2');
    await run.expect('out', /^again/, () => run.ask('/again'));
    assert.match(await run.ask(), /^2 /);
  });
  test('after a crash the port is still there: who connects waits for the next process', async () => {
    const crashing = `${TELLING}\nserver.on('request', (request) => { if (request.url === '/crash') process.abort(); });`;
    await using run = await startServer({ 'server.mjs': crashing, 'a.env': 'A=1' }, ENV);
    await run.expect('err', /Waiting for a change/, () => run.ask('/crash').catch(() => undefined));
    const waiting = run.ask();
    await run.folder.write('a.env', 'A=2');
    assert.match(await waiting, /^2 /);
  });
});

describe('a new process that fails', () => {
  test('by a mistake, or by ending: the one before serves on, and the fix takes over', async () => {
    const checking = `${TELLING}
      if (process.env.A === 'throw') throw new Error('on purpose');
      if (process.env.A === 'exit') process.exit(3);`;
    await using run = await startServer({ 'server.mjs': checking, 'a.env': 'A=1' }, ENV);
    const port = run.port();
    const load = startLoad(() => get({ port }), 1);
    await run.expect('err', /The version before serves on/, () => run.folder.write('a.env', 'A=throw'));
    assert.match(await get({ port }), /^1 /);
    await run.expect('err', /has ended \(exit code 3\)/, () => run.folder.write('a.env', 'A=exit'));
    assert.match(await get({ port }), /^1 /);
    await setA(run, '2');
    assert.match(await get({ port }), /^2 /);
    await load.stop();
    assert.deepEqual(load.failures, []);
  });
  test('by a mistake that is mended in the program', async () => {
    await using run = await startServer({ 'word.mjs': `${word('first')}import.meta.hot.decline();` });
    await run.expect('err', /serves on/, () => run.folder.write('word.mjs', '('));
    assert.equal(await run.ask(), 'first');
    await run.restart(() => run.folder.write('word.mjs', word('second')));
    assert.equal(await run.ask(), 'second');
  });
});

describe('signals during a restart', () => {
  const hanging = `${TELLING}
    process.on('SIGINT', () => { console.log('SIGINT ' + process.env.A); if (process.env.B !== 'stay') process.exit(5); });
    if (process.env.A === '2') { console.log('hangs'); await new Promise(() => {}); }`;
  const starting = async (env: Record<string, string> = {}): Promise<RunCommand> => {
    const run = await startServer(
      { 'server.mjs': hanging.replace('server.listen', "if (process.env.A === '1') server.listen"), 'a.env': 'A=1' },
      { ...ENV, env },
    );
    await run.expect('out', /^hangs/, () => run.folder.write('a.env', 'A=2'));
    return run;
  };
  test('the first reaches both, and the exit code is that of the program which serves', async () => {
    await using run = await starting();
    run.child.kill('SIGINT');
    assert.deepEqual(await run.ended(), { code: 5, signal: null });
  });
  test('the second ends both at once', async () => {
    await using run = await starting({ B: 'stay' });
    await run.expect('out', /^SIGINT 1/, () => run.child.kill('SIGINT'));
    await run.out.waitFor(/^SIGINT 2/);
    run.child.kill('SIGTERM');
    assert.deepEqual(await run.ended(), { code: null, signal: 'SIGTERM' });
  });
});

describe('a limit of memory', () => {
  const LEAKING = SERVER.replace(
    'response.end(word)',
    "{ if (request.url === '/leak') leak.push(Buffer.alloc(150e6, 1)); response.end(word + ' ' + process.pid); }",
  );
  test('a process that holds more is replaced after a reload, and one that does not stays', async () => {
    await using run = await startServer({ 'server.mjs': `const leak = [];\n${LEAKING}` }, { options: ['--memory-limit', '180'] });
    const first = await run.ask();
    await run.reload('word.mjs', word('second'));
    assert.equal((await run.ask()).split(' ')[1], first.split(' ')[1]);
    const load = startLoad(() => run.ask(), 2);
    await run.ask('/leak');
    const line = await run.restart(() => run.folder.write('word.mjs', word('third')));
    assert.match(line, /\d{3} MB of memory: restarted/);
    await load.more(5);
    await load.stop();
    assert.deepEqual(load.failures, []);
    assert.notEqual((await run.ask()).split(' ')[1], first.split(' ')[1]);
    assert.match(await run.ask(), /^third /);
  });
  test('one that is passed from the start is told of, and not heeded', async () => {
    await using run = await startServer({}, { options: ['--memory-limit', '20'] });
    await run.err.waitFor(/takes \d+ MB from the start; the limit of 20 MB is not heeded/);
    await run.reload('word.mjs', word('second'));
    assert.equal(await run.ask(), 'second');
    assert.ok(run.err.lines.every((line) => !line.includes('restart')));
  });
});
