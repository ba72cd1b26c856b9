/**
 * Five hundred new versions cost no memory, and none of them stays.
 */
import assert from 'node:assert/strict';
import http from 'node:http';
import { test } from 'node:test';
import { createKeptConnection } from './http-clients.ts';
import { startRun } from './run-process.ts';

const SWAPS = 500;
const LIMIT_BYTES = 5 * 1024;

test('500 new versions grow the heap by less than 5 kB each; with one stream of the first open, that and the current are there', async (t) => {
  await using run = await startRun();
  const port = await run.serve('http', 'hello');
  using kept = createKeptConnection({ port });
  assert.equal(await kept.get(), 'v1');
  const stream = await new Promise<http.IncomingMessage>((resolve) => http.get({ port, path: '/events', agent: false }, resolve));
  // What is made once: compiled code, caches of Node.
  await run.swaps(50, 'http', 'hello', { port });
  const before = await run.heap();
  await run.swaps(SWAPS, 'http', 'hello', { port });
  const growth = ((await run.heap()) - before) / SWAPS;
  t.diagnostic(`${Math.round(growth)} bytes a version`);
  assert.ok(growth < LIMIT_BYTES, `${growth} bytes a version`);
  assert.equal(await kept.get(), `v${SWAPS + 51}`);
  await run.untilLive([1, SWAPS + 51]);
  assert.deepEqual(await run.alive(), [
    { version: 1, why: '1 open response, GET /events' },
    { version: SWAPS + 51, why: 'current' },
  ]);
  stream.destroy();
});
