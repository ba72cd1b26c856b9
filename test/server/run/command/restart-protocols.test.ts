/**
 * `hmr-dev run`: a restart for what is no plain HTTP, and for a debugger.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http2 from 'node:http2';
import https from 'node:https';
import { describe, test } from 'node:test';
import WebSocket from 'ws';
import { makeCertificate } from '../../../../src/server/http/certificate.ts';
import { withDeadline } from '../../../harness/diagnostics.ts';
import { stablePort } from '../../../harness/ports.ts';
import { bodyOf, startLoad } from '../http-clients.ts';
import { type RunCommand, SERVER, startServer } from './run-command.ts';

const DAY_MS = 24 * 60 * 60_000;
const ENV = ['--env-file', 'a.env'];
const WS = new URL('../../../../node_modules/ws/wrapper.mjs', import.meta.url).href;

const pem = (): string =>
  makeCertificate({ hosts: ['localhost'], from: new Date(Date.now() - DAY_MS), until: new Date(Date.now() + DAY_MS) });

const setA = (run: RunCommand, text: string): Promise<string> => run.restart(() => run.folder.write('a.env', `A=${text}`));

describe('over a restart', () => {
  test('https under load: no request fails, and the certificate may be another', async () => {
    const server = `import fs from 'node:fs';
      import https from 'node:https';
      const pem = fs.readFileSync('pem');
      const server = https.createServer({ key: pem, cert: pem }, (request, response) => response.end(process.env.A));
      server.listen(0, () => console.log('port ' + server.address().port));`;
    await using run = await startServer({ 'server.mjs': server, pem: pem(), 'a.env': 'A=0' }, { options: ENV });
    const port = run.port();
    const agent = new https.Agent({ keepAlive: true, maxSockets: 2, rejectUnauthorized: false });
    const load = startLoad((isKept) => bodyOf(https.get({ port, agent: isKept ? agent : false, rejectUnauthorized: false })), 4);
    for (let round = 1; round <= 3; round++) {
      await run.folder.write('pem', pem());
      await setA(run, String(round));
      await load.more(20);
      assert.equal(await bodyOf(https.get({ port, agent: false, rejectUnauthorized: false })), String(round));
    }
    await load.stop();
    agent.destroy();
    assert.deepEqual(load.failures, []);
  });
  test('an HTTP/2 session is told to go, ends what it has begun, and the next one is the new process’s', async () => {
    const server = `import fs from 'node:fs';
      import http2 from 'node:http2';
      const pem = fs.readFileSync('pem');
      const server = http2.createSecureServer({ key: pem, cert: pem }, (request, response) => {
        if (request.url !== '/hold') return response.end(process.env.A);
        response.write('begun ');
        process.once('SIGUSR2', () => response.end(process.env.A));
      });
      server.listen(0, () => console.log('port ' + server.address().port));
      console.log('pid ' + process.pid);`;
    await using run = await startServer({ 'server.mjs': server, pem: pem(), 'a.env': 'A=1' }, { options: ENV });
    const connect = (): http2.ClientHttp2Session => http2.connect(`https://localhost:${run.port()}`, { rejectUnauthorized: false });
    const first = connect();
    const held = first.request({ ':path': '/hold' }).setEncoding('utf8');
    let text = '';
    held.on('data', (chunk: string) => {
      text += chunk;
    });
    await once(held, 'data');
    const pid = Number(run.out.lines.find((line) => line.startsWith('pid '))?.slice(4));
    const told = once(first, 'goaway');
    await setA(run, '2');
    await withDeadline(told, 'GOAWAY');
    const ended = once(held, 'end');
    process.kill(pid, 'SIGUSR2');
    await withDeadline(ended, 'the end of the stream');
    assert.equal(text, 'begun 1');
    if (!first.closed) await withDeadline(once(first, 'close'), 'the end of the session');
    const second = connect();
    const answer = second.request({ ':path': '/' }).setEncoding('utf8');
    assert.deepEqual(await answer.toArray(), ['2']);
    second.close();
  });
  for (const closes of [false, true]) {
    test(`a WebSocket ${closes ? 'is closed with 1012 where that is wanted' : 'stays with the process that has it'}`, async () => {
      const server = `${SERVER}
        import { WebSocketServer } from '${WS}';
        new WebSocketServer({ server }).on('connection', (socket) => socket.on('message', (text) => socket.send(process.env.A + ' ' + text)));`;
      const options = [...ENV, ...(closes ? ['--close-websockets'] : [])];
      await using run = await startServer({ 'server.mjs': server, 'a.env': 'A=1' }, { options });
      const open = async (): Promise<WebSocket> => {
        const socket = new WebSocket(`ws://localhost:${run.port()}`);
        await once(socket, 'open');
        return socket;
      };
      const say = async (socket: WebSocket, text: string): Promise<string> => {
        const heard = once(socket, 'message');
        socket.send(text);
        return String((await withDeadline(heard, 'an answer'))[0]);
      };
      const first = await open();
      assert.equal(await say(first, 'a'), '1 a');
      const closed = once(first, 'close');
      await setA(run, '2');
      if (closes) assert.equal((await withDeadline(closed, 'the close'))[0], 1012);
      else assert.equal(await say(first, 'b'), '1 b');
      const second = await open();
      assert.equal(await say(second, 'c'), '2 c');
      first.terminate();
      second.terminate();
    });
  }
  test('a debugger finds the new process at the same port', async () => {
    const port = await stablePort();
    const server = `${SERVER}\nconsole.log('pid ' + process.pid);`;
    await using run = await startServer({ 'server.mjs': server, 'a.env': 'A=1' }, { options: [...ENV, `--inspect=127.0.0.1:${port}`] });
    await run.err.waitFor(/Debugger listening on/);
    const from = run.err.lines.length;
    await setA(run, '2');
    await run.err.waitFor(/Debugger listening on/, from);
    const [target] = (await (await fetch(`http://127.0.0.1:${port}/json`)).json()) as [{ readonly webSocketDebuggerUrl: string }];
    const socket = new WebSocket(target.webSocketDebuggerUrl);
    await once(socket, 'open');
    const answer = once(socket, 'message');
    socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression: 'process.pid' } }));
    const [text] = (await withDeadline(answer, 'the answer of the debugger')) as [Buffer];
    const { result } = JSON.parse(text.toString()) as { readonly result: { readonly result: { readonly value: number } } };
    socket.terminate();
    assert.equal(
      `pid ${result.result.value}`,
      run.out.lines.findLast((line) => line.startsWith('pid ')),
    );
  });
});
