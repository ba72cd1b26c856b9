/**
 * `hmr-dev run`: what a save does to a running server, with real files and real requests.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { describe, test } from 'node:test';
import { stablePort } from '../../../harness/ports.ts';
import { createKeptConnection, get, startLoad } from '../http-clients.ts';
import { SERVER, startCommand, startServer, word } from './run-command.ts';

describe('a save', () => {
  test('ten edits under requests: each is answered by new code, and none fails', async () => {
    await using run = await startServer();
    const port = run.port();
    using kept = createKeptConnection({ port });
    const load = startLoad((isKept) => (isKept ? kept.get() : get({ port })), 2);
    for (let edit = 0; edit < 10; edit++) {
      assert.match(await run.reload('word.mjs', word(`edit ${edit}`)), /word\.mjs: reloaded, 2 modules.* \(\S+ ms\)/);
      assert.equal(await run.ask(), `edit ${edit}`);
      await load.more(5);
    }
    await load.stop();
    assert.deepEqual(load.failures, []);
    assert.equal(run.port(), port);
  });
  test('an express app', async () => {
    const app = (text: string): string => `
      import express from 'express';
      const app = express();
      app.get('/', (request, response) => response.send('${text}'));
      const server = app.listen(0, () => console.log('port ' + server.address().port));`;
    const express = new URL('../../../../node_modules/express/index.js', import.meta.url).href;
    const source = (text: string): string => app(text).replace("'express'", `'${express}'`);
    await using run = await startServer({ 'server.mjs': source('one') });
    const load = startLoad(() => run.ask(), 2);
    for (let edit = 0; edit < 10; edit++) {
      await run.reload('server.mjs', source(`edit ${edit}`));
      assert.equal(await run.ask(), `edit ${edit}`);
    }
    await load.stop();
    assert.deepEqual(load.failures, []);
  });
  test('of a burst of atomic saves the last one wins, five times', async () => {
    await using run = await startServer({ 'word.mjs': word('0'), 'server.mjs': SERVER.replace("'port '", "word + ' port '") });
    const port = Number((await run.out.waitFor(/^0 port /)).slice(7));
    for (let burst = 1; burst <= 5; burst++) {
      const last = `${burst}.19`;
      await run.expect('out', new RegExp(`^${last} port`), async () => {
        for (let save = 0; save < 20; save++) await run.folder.atomicWrite('word.mjs', word(`${burst}.${save}`));
      });
      assert.equal(await get({ port }), last);
    }
  });
  test('a version that streams still is told of', async () => {
    const stream = `
      import http from 'node:http';
      const server = http.createServer((request, response) => response.write('hello'));
      server.listen(0, () => console.log('port ' + server.address().port));`;
    await using run = await startServer({ 'server.mjs': stream });
    const request = http.get({ port: run.port(), path: '/events', agent: false });
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    assert.match(await run.reload('server.mjs', `${stream}\n`), /reloaded, 1 module; v1 alive: 1 open response, GET \/events/);
    response.destroy();
  });
  test('timers and listeners of the process are as many after ten edits', async () => {
    const counting = `
      import http from 'node:http';
      import { word } from './word.mjs';
      setInterval(() => {}, 1000);
      process.on('SIGTERM', () => process.exit());
      const count = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
      const server = http.createServer((request, response) => response.end(process.listenerCount('SIGTERM') + ' ' + count()));
      server.listen(0, () => console.log('port ' + server.address().port));`;
    await using run = await startServer({ 'server.mjs': counting });
    await run.reload('word.mjs', word('edit'));
    const before = await run.ask();
    for (let edit = 0; edit < 10; edit++) await run.reload('word.mjs', word(`edit ${edit}`));
    assert.equal(await run.ask(), before);
    assert.match(before, /^1 /);
  });
  test('what accepts a change is updated in place', async () => {
    await using run = await startServer({
      'server.mjs': SERVER.replace(
        "'./word.mjs';",
        "'./word.mjs';\nimport.meta.hot.accept('./word.mjs', (next) => console.log('accepted ' + next.word));",
      ),
    });
    const line = run.expect('err', /word\.mjs: updated in place/, () => run.folder.write('word.mjs', word('second')));
    await run.out.waitFor(/^accepted second/);
    await line;
    assert.equal(await run.ask(), 'second');
  });
  test('import.meta.hot.decline: the program is restarted', async () => {
    await using run = await startServer({ 'word.mjs': `${word('first')}import.meta.hot.decline();` });
    const line = await run.restart(() => run.folder.write('word.mjs', `${word('second')}import.meta.hot.decline();`));
    assert.match(line, /word\.mjs: restarted/);
    assert.equal(await run.ask(), 'second');
  });
});

describe('a mistake', () => {
  test('in syntax, names, the evaluation: the version before serves, the place is told, and the fix takes over', async () => {
    await using run = await startServer();
    const mistakes = [
      ['export const word = ;\n', /word\.mjs:1:21/],
      ["export const wort = '';\n", /server\.mjs:3:10/],
      ["export const word = '';\nthrow new TypeError('on purpose');\n", /^TypeError word\.mjs:2:7/],
      ["import './missing.mjs';\n", /word\.mjs:1:/],
    ] as const;
    for (const [text, place] of mistakes) {
      await run.expect('err', place, () => run.folder.write('word.mjs', text));
      await run.err.waitFor(/hint .*The version before serves on/, run.err.lines.length - 1);
      assert.equal(await run.ask(), 'first');
    }
    await run.reload('word.mjs', word('fixed'));
    assert.equal(await run.ask(), 'fixed');
  });
  test('a mistake that is saved while a version boots takes nothing away from it', async () => {
    await using run = await startCommand({ 'server.mjs': `${SERVER}console.log('boots');`, 'word.mjs': word('first') });
    await run.out.waitFor(/^boots/);
    await run.expect('err', /serves on/, () => run.folder.write('word.mjs', '('));
    assert.equal(await run.ask(), 'first');
  });
  test('a file that was missing comes', async () => {
    await using run = await startServer();
    await run.expect('err', /Waiting|serves on/, () => run.folder.write('word.mjs', "export { word } from './other.mjs';\n"));
    await run.reload('other.mjs', word('other'));
    assert.equal(await run.ask(), 'other');
  });
  test('a file is deleted and made again', async () => {
    await using run = await startServer();
    await run.expect('err', /serves on/, () => run.folder.remove('word.mjs'));
    assert.equal(await run.ask(), 'first');
    await run.reload('word.mjs', word('again'));
    assert.equal(await run.ask(), 'again');
  });
  test('at the first start: it waits for a change', async () => {
    await using run = await startCommand({ 'server.mjs': SERVER, 'word.mjs': 'export const word = ;' });
    await run.err.waitFor(/Waiting for a change/);
    await run.expect('out', /^port /, () => run.folder.write('word.mjs', word('fixed')));
    assert.equal(await run.ask(), 'fixed');
  });
  test('a top-level await that hangs is abandoned by the next save', async () => {
    await using run = await startServer();
    await run.expect('out', /^hangs/, () =>
      run.folder.write('word.mjs', `${word('x')}console.log('hangs');\nawait new Promise(() => {});\n`),
    );
    assert.equal(await run.ask(), 'first');
    await run.reload('word.mjs', word('fixed'));
    assert.equal(await run.ask(), 'fixed');
  });
  test('one that hangs at the first start is told of', async () => {
    await using run = await startCommand({ 'server.mjs': SERVER, 'word.mjs': `${word('x')}await new Promise(() => {});` });
    await run.err.waitFor(/awaits at its top level what will never come/);
    await run.expect('out', /^port /, () => run.folder.write('word.mjs', word('fixed')));
    assert.equal(await run.ask(), 'fixed');
  });
  test('a throw after listen: the version has failed', async () => {
    await using run = await startServer();
    await run.expect('err', /^Error server\.mjs/, () => run.folder.write('server.mjs', `${SERVER}\nthrow new Error('late');`));
    assert.equal(await run.ask(), 'first');
    await run.reload('server.mjs', `${SERVER}\n// fixed`);
    assert.equal(await run.ask(), 'first');
  });
});

describe('ports', () => {
  const listening = (port: number): string => SERVER.replace('listen(0', `listen(${port}`);
  test('one that is changed, and changed back', async () => {
    const [one, two] = [await stablePort(), await stablePort()];
    await using run = await startServer({ 'server.mjs': listening(one) });
    await run.reload('server.mjs', listening(two));
    assert.equal(await get({ port: two }), 'first');
    await run.reload('server.mjs', listening(one));
    assert.equal(await get({ port: one }), 'first');
  });
  test('one that another process has: the version has failed, and the old port answers', async () => {
    const taken = net.createServer().listen(0);
    await once(taken, 'listening');
    const { port } = taken.address() as net.AddressInfo;
    await using run = await startServer();
    await run.expect('err', /EADDRINUSE/, () => run.folder.write('server.mjs', listening(port)));
    assert.ok(
      run.err.lines.every((line) => !line.includes('dist/server')),
      'its own lines are not in the stack',
    );
    assert.equal(await run.ask(), 'first');
    taken.close();
    await run.reload('server.mjs', `${listening(port)}\n`);
    assert.equal(await get({ port }), 'first');
  });
  test('several servers', async () => {
    const both = `${SERVER}
      const second = http.createServer((request, response) => response.end('second ' + word));
      second.listen(0, () => console.log('other ' + second.address().port));`;
    await using run = await startServer({ 'server.mjs': both });
    const other = Number((await run.out.waitFor(/^other /)).slice(6));
    await run.reload('word.mjs', word('new'));
    assert.equal(await run.ask(), 'new');
    assert.equal(await get({ port: other }), 'second new');
  });
});

test('starter → version1: a folder that nobody imports yet is deployed as a whole', async () => {
  const version = (text: string): string => SERVER.replace('response.end(word)', `response.end('${text} ' + word)`);
  await using run = await startServer(
    {
      'starter.mjs': "import './version1/server.mjs';\n",
      'version1/server.mjs': version('one'),
      'version1/word.mjs': word('a'),
    },
    { entry: 'starter.mjs' },
  );
  await run.folder.write('version2/word.mjs', word('b'));
  await run.folder.write('version2/server.mjs', version('two'));
  assert.equal(await run.ask(), 'one a');
  await run.reload('starter.mjs', "import './version2/server.mjs';\n");
  assert.equal(await run.ask(), 'two b');
  await run.folder.remove('version1');
  assert.match(await run.reload('version2/word.mjs', word('c')), /version2\/word\.mjs: reloaded, 3 modules/);
  assert.equal(await run.ask(), 'two c');
});
