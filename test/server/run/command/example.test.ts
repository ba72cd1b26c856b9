/**
 * `examples/server` as its README has it: a chat in a process of its own, whose connections were opened before the edits, and what it remembers.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { test } from 'node:test';
import WebSocket from 'ws';
import { createLineLog, type LineLog } from '../../../harness/diagnostics.ts';
import { get } from '../http-clients.ts';
import { startChat } from './chat.ts';

/** Lines of a stream of server-sent events. */
async function listen(port: number): Promise<{ readonly lines: LineLog; readonly response: http.IncomingMessage }> {
  const lines = createLineLog('the stream of events');
  const [response] = (await once(http.get({ port, path: '/events', agent: false }), 'response')) as [http.IncomingMessage];
  let rest = '';
  response.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    for (const line of parts) lines.add(line);
  });
  await lines.waitFor(/^: you have heard all/);
  return { lines, response };
}

async function talk(port: number): Promise<{ readonly socket: WebSocket; readonly answers: LineLog }> {
  const answers = createLineLog('the answers on the socket');
  const socket = new WebSocket(`ws://127.0.0.1:${port}/talk`);
  socket.on('message', (data: Buffer) => answers.add(data.toString()));
  await once(socket, 'open');
  return { socket, answers };
}

test('the chat: streams, sockets, what was said and the count stay over edits, and new code is at work on all of them', async () => {
  await using chat = await startChat();
  const { run, port } = chat;
  const { lines, response } = await listen(port);
  const { socket, answers } = await talk(port);
  const said = async (text: string, pattern: RegExp): Promise<void> => {
    const heard = lines.waitFor(pattern, lines.lines.length);
    socket.send(text);
    await heard;
  };
  const counted = async (): Promise<number> => Number.parseInt(await get({ port }, '/count'));

  await said('hello', /"text":"hello"/);
  assert.equal(await counted(), 2);

  await run.expect('err', /chat\.js: reloaded/, () => run.folder.edit('chat.js', 'return text;', 'return text.toUpperCase();'));
  await said('louder', /"text":"LOUDER"/);
  assert.equal(await counted(), 3);

  await run.expect('err', /serves on/, () => run.folder.edit('chat.js', 'return text.toUpperCase();', 'return text.toUpperCase(;'));
  await said('a mistake', /"text":"A MISTAKE"/);
  await run.expect('err', /chat\.js: reloaded/, () => run.folder.edit('chat.js', 'return text.toUpperCase(;', 'return `${text}!`;'));
  await said('mended', /"text":"mended!"/);

  await run.expect('err', /chat\.js: reloaded/, () =>
    run.folder.edit('chat.js', "if (text === '/count')", "if (text === '/time') return answer('late');\n  if (text === '/count')"),
  );
  const answer = answers.waitFor(/^late$/);
  socket.send('/time');
  await answer;

  await run.expect('err', /server\.js: reloaded/, () =>
    run.folder.edit('server.js', '} else {', "} else if (request.url === '/new') {\n    response.end('new');\n  } else {"),
  );
  assert.equal(await get({ port }, '/new'), 'new');
  assert.equal(await counted(), 5);

  const late = await listen(port);
  const texts = late.lines.lines.flatMap((line) => /"text":"(.*?)"/.exec(line)?.[1] ?? []);
  assert.deepEqual(texts, ['hello', 'LOUDER', 'A MISTAKE', 'mended!']);
  assert.equal(socket.readyState, WebSocket.OPEN);
  assert.equal(response.readableEnded || response.destroyed, false);
  for (const stream of [response, late.response]) stream.destroy();
  socket.terminate();
});

test('the chat under plain node', async () => {
  await using chat = await startChat({ isPlain: true });
  const { port } = chat;
  const { lines, response } = await listen(port);
  const { socket } = await talk(port);
  socket.send('hello');
  await lines.waitFor(/"text":"hello"/);
  assert.equal(await get({ port }, '/count'), '2 requests since the start\n');
  response.destroy();
  socket.terminate();
});
