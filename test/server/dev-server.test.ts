import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { createDevServer } from '../../src/server/dev-server.ts';
import { createLineLog } from '../harness/diagnostics.ts';
import { fixture } from '../harness/fixture.ts';
import { capturingLogger, startServer } from '../harness/server.ts';
import { exchange, parseAnswer, serve } from './http/raw-http.ts';

test('a mistake in a classic script is told with its place and frame, and no stack of ours', async () => {
  await using files = await fixture({ 'classic.ts': 'const a: number = 1;\nconst b = ;\n' });
  await using server = await startServer(files.path);
  // By hand: `fetch` says `Sec-Fetch-Mode` itself.
  const headers = 'Host: localhost\r\nSec-Fetch-Dest: script\r\nSec-Fetch-Mode: no-cors\r\nConnection: close';
  const answer = parseAnswer(await exchange(server.port, `GET /classic.ts HTTP/1.1\r\n${headers}\r\n\r\n`));
  assert.equal(answer.status, 500);
  const text = server.log.lines.join('\n');
  assert.match(text, /^Syntax error classic\.ts:2:11$/m);
  assert.match(text, /> 2 \| const b = ;/);
  assert.doesNotMatch(text, /\n\s+at /);
});

test('a port that is taken is named, with the one that is used', async () => {
  await using files = await fixture({ 'index.html': 'x' });
  await using first = await startServer(files.path);
  await using second = await startServer(files.path, { port: first.port });
  assert.ok(second.log.lines.includes(`Port ${first.port} is taken; this is ${second.port}.`), second.log.lines.join('\n'));
  assert.deepEqual(first.log.lines, []);
});

test('a reload that was asked for is confirmed', async () => {
  await using files = await fixture({ 'index.html': 'x' });
  await using server = await startServer(files.path);
  server.server.reload('r was pressed');
  assert.deepEqual(server.log.lines, ['reload (r was pressed): no page is open']);
  const stream = await fetch(server.url('/changes'));
  server.server.reload('r was pressed');
  assert.equal(server.log.lines[1], 'reload (r was pressed): sent to the open pages');
  await stream.body?.cancel();
});

test('a served folder that is deleted is told, and serving goes on when it is back', async () => {
  await using files = await fixture({ 'app/index.html': 'one' });
  await using server = await startServer(files.resolve('app'));
  assert.equal(await (await fetch(server.url())).text(), 'one');
  await files.remove('app');
  await server.log.waitFor(/^error The served folder is gone: .*app$/);
  assert.equal((await fetch(server.url())).status, 404);
  await files.write('app/index.html', 'two');
  assert.equal(await (await fetch(server.url())).text(), 'two');
});

test('as middleware, where watching fails: one error with the way out, and files are served', async (t) => {
  await using files = await fixture({ 'a.txt': 'a' });
  t.mock.method(fs, 'watch', () => {
    throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
  });
  const log = createLineLog('the log');
  const server = createDevServer({ root: files.path, logger: capturingLogger(log) });
  t.after(() => server.close());
  await using http = await serve((req, res) => server.handler(req, res));
  assert.equal((await http.get('/a.txt')).text, 'a');
  await log.waitFor(/hint Raise it/);
  assert.equal((await http.get('/a.txt')).text, 'a');
  assert.equal(log.lines.filter((line) => line === 'Watching failed').length, 1);
});
