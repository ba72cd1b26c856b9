import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import net from 'node:net';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import type { HtmlFile } from '../../../src/server/http/send-file.ts';
import { createStaticFiles, type StaticFiles, type StaticFilesOptions } from '../../../src/server/http/static-files.ts';
import { fixture, type Fixture, type FixtureFiles } from '../../harness/fixture.ts';
import { openFilesBelow, serve, type TestServer } from './raw-http.ts';

interface Site extends TestServer {
  readonly folder: Fixture;
  readonly files: StaticFiles;
}

/** Files are made old, so that their tags are settled. */
async function site(content: FixtureFiles, options: Partial<StaticFilesOptions> = {}): Promise<Site> {
  const folder = await fixture(content);
  const files = createStaticFiles({ root: folder.path, ...options });
  const server = await serve((req, res) => void files.serve(req, res));
  return {
    ...server,
    folder,
    files,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** Waits until the tick of the file's last change is over for the tag; the event is the clock's. */
async function settledTag(server: Site, target: string): Promise<string> {
  while (true) {
    const { etag = '' } = (await server.get(target)).headers;
    if (!etag.includes('-r')) return etag;
  }
}

const navigation = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8', 'Sec-Fetch-Dest': 'document' };

describe('a file', () => {
  test('with its headers', async () => {
    await using server = await site({ 'a.js': 'let a;' });
    const { status, headers, text } = await server.get('/a.js');
    assert.deepEqual([status, text], [200, 'let a;']);
    assert.equal(headers['content-type'], 'text/javascript; charset=utf-8');
    assert.equal(headers['content-length'], '6');
    assert.equal(headers['cache-control'], 'no-cache');
    assert.equal(headers['accept-ranges'], 'bytes');
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['cross-origin-resource-policy'], 'same-origin');
    assert.equal(headers['access-control-allow-origin'], undefined);
    assert.ok(Date.parse(headers['last-modified'] ?? '') > 0);
    assert.match(headers['etag'] ?? '', /^"[\w-]+"$/);
  });

  test('HEAD: the same headers, no body', async () => {
    await using server = await site({ 'a.js': 'let a;', 'big.bin': Buffer.alloc(300_000) });
    for (const target of ['/a.js', '/big.bin']) {
      await settledTag(server, target);
      const [get, head] = [await server.get(target), await server.get(target, {}, 'HEAD')];
      assert.equal(head.body.length, 0);
      const { date: _1, ...expected } = get.headers;
      const { date: _2, ...actual } = head.headers;
      assert.deepEqual(actual, expected);
    }
  });

  test('large, streamed, byte for byte; empty; with a name that needs encoding', async () => {
    const big = Buffer.alloc(1_000_003, 'abcdefg\n');
    await using server = await site({ 'big.txt': big, 'empty.txt': '', 'é & ü/a b#?.txt': 'odd' });
    assert.ok((await server.get('/big.txt')).body.equals(big));
    const empty = await server.get('/empty.txt');
    assert.deepEqual([empty.status, empty.headers['content-length'], empty.text], [200, '0', '']);
    assert.equal((await server.get('/%C3%A9%20&%20%C3%BC/a%20b%23%3F.txt')).text, 'odd');
  });

  test('a query selects nothing', async () => {
    await using server = await site({ 'a.js': 'a', 'b.js': 'b' });
    assert.equal((await server.get('/a.js?/b.js')).text, 'a');
    assert.equal((await server.get('/a.js?../b.js')).text, 'a');
  });

  test('other methods are refused', async () => {
    await using server = await site({ 'a.js': 'a' });
    const answer = await server.get('/a.js', {}, 'DELETE');
    assert.deepEqual([answer.status, answer.headers['allow']], [405, 'GET, HEAD']);
    assert.equal(answer.headers['x-content-type-options'], 'nosniff');
  });

  test('without the right to read it', { skip: process.getuid?.() === 0 && 'root may read everything' }, async () => {
    await using server = await site({ 'a.js': 'a' });
    await fs.chmod(server.folder.resolve('a.js'), 0);
    const answer = await server.get('/a.js');
    assert.equal(answer.status, 403);
    assert.match(answer.text, /permissions/);
  });
});

describe('conditional requests', () => {
  test('304 by tag and by date, 200 after an edit', async () => {
    await using server = await site({ 'a.js': 'one' });
    const etag = await settledTag(server, '/a.js');
    const same = await server.get('/a.js', { 'If-None-Match': `"x", W/${etag}` });
    assert.deepEqual([same.status, same.body.length, same.headers['etag']], [304, 0, etag]);
    assert.equal(same.headers['cache-control'], 'no-cache');
    const modified = (await server.get('/a.js')).headers['last-modified'] ?? '';
    assert.equal((await server.get('/a.js', { 'If-Modified-Since': modified })).status, 304);
    assert.equal((await server.get('/a.js', { 'If-Modified-Since': 'nonsense' })).status, 200);
    await server.folder.write('a.js', 'two');
    const changed = await server.get('/a.js', { 'If-None-Match': etag });
    assert.deepEqual([changed.status, changed.text], [200, 'two']);
  });

  test('saves of equal size right after each other are never mistaken', async () => {
    await using server = await site({ 'a.js': '000' });
    let etag = '';
    for (let i = 1; i < 60; i++) {
      await fs.writeFile(server.folder.resolve('a.js'), String(i).padStart(3, '0'));
      const answer = await server.get('/a.js', { 'If-None-Match': etag });
      assert.equal(answer.text, String(i).padStart(3, '0'));
      etag = answer.headers['etag'] ?? '';
    }
  });
});

describe('ranges', () => {
  const cases: [range: string, status: number, contentRange: string | undefined, text: string][] = [
    ['bytes=0-0', 206, 'bytes 0-0/10', '0'],
    ['bytes=2-4', 206, 'bytes 2-4/10', '234'],
    ['bytes=7-', 206, 'bytes 7-9/10', '789'],
    ['bytes=-3', 206, 'bytes 7-9/10', '789'],
    ['bytes=-99', 206, 'bytes 0-9/10', '0123456789'],
    ['bytes=8-99', 206, 'bytes 8-9/10', '89'],
    ['bytes=10-', 416, 'bytes */10', ''],
    ['bytes=-0', 416, 'bytes */10', ''],
    ['bytes=0-1,3-4', 200, undefined, '0123456789'],
    ['bytes=4-2', 200, undefined, '0123456789'],
    ['chunks=0-1', 200, undefined, '0123456789'],
  ];
  for (const [range, status, contentRange, text] of cases) {
    test(range, async () => {
      await using server = await site({ 'a.txt': '0123456789' });
      const answer = await server.get('/a.txt', { Range: range });
      assert.deepEqual([answer.status, answer.headers['content-range'], answer.text], [status, contentRange, text]);
      assert.equal(answer.headers['content-length'], String(text.length));
    });
  }

  test('of a streamed file', async () => {
    const big = Buffer.from(Array.from({ length: 200_000 }, (_, i) => i % 251));
    await using server = await site({ 'a.bin': big });
    const answer = await server.get('/a.bin', { Range: 'bytes=65530-140000' });
    assert.equal(answer.status, 206);
    assert.ok(answer.body.equals(big.subarray(65530, 140001)));
  });

  test('If-Range: the same file only', async () => {
    await using server = await site({ 'a.txt': '0123456789' });
    const etag = await settledTag(server, '/a.txt');
    const statusFor = async (value: string): Promise<number> =>
      (await server.get('/a.txt', { Range: 'bytes=1-2', 'If-Range': value })).status;
    assert.equal(await statusFor(etag), 206);
    assert.equal(await statusFor(`W/${etag}`), 200);
    assert.equal(await statusFor('"other"'), 200);
  });

  test('HEAD has no range, and 304 goes first', async () => {
    await using server = await site({ 'a.txt': '0123456789' });
    const etag = await settledTag(server, '/a.txt');
    const head = await server.get('/a.txt', { Range: 'bytes=1-2' }, 'HEAD');
    assert.deepEqual([head.status, head.headers['content-length']], [200, '10']);
    assert.equal((await server.get('/a.txt', { Range: 'bytes=1-2', 'If-None-Match': etag })).status, 304);
  });
});

describe('addresses', () => {
  const content = {
    'index.html': 'home',
    'about.html': 'about',
    'docs/index.html': 'docs',
    'docs.html': 'not this',
    'both.html': 'page both',
    'both/a.txt': 'in folder',
    exact: 'no extension',
    'exact.html': 'page exact',
    'empty/sub/a.txt': 'deep',
  };
  const cases: [target: string, status: number, result: string][] = [
    ['/', 200, 'home'],
    ['/?x', 200, 'home'],
    ['/index.html', 200, 'home'],
    ['/about', 200, 'about'],
    ['/about.html', 200, 'about'],
    ['/about?x=1', 200, 'about'],
    ['/about/', 302, '/about'],
    ['/about/?x=1', 302, '/about?x=1'],
    ['/docs', 302, '/docs/'],
    ['/docs?a=/b', 302, '/docs/?a=/b'],
    ['/docs/', 200, 'docs'],
    ['/both', 200, 'page both'],
    ['/both/a.txt', 200, 'in folder'],
    ['/exact', 200, 'no extension'],
    ['/empty', 302, '/empty/'],
    ['/none', 404, 'Nothing is served at /none\n'],
    ['/none/', 404, 'Nothing is served at /none/\n'],
    ['/about.html/', 404, 'Nothing is served at /about.html/\n'],
    ['/docs/none', 404, 'Nothing is served at /docs/none\n'],
  ];
  for (const [target, status, result] of cases) {
    test(target, async () => {
      await using server = await site(content);
      const answer = await server.get(target);
      assert.equal(answer.status, status);
      assert.equal(status === 302 ? answer.headers['location'] : answer.text, result);
      assert.equal(answer.headers['x-content-type-options'], 'nosniff');
    });
  }

  test('lookup tells the same, without an answer', async () => {
    await using server = await site(content);
    const { folder, files } = server;
    const filePath = folder.resolve('about.html');
    assert.deepEqual(await files.lookup('/about?x'), { kind: 'file', filePath, realPath: filePath, urlPath: '/about.html' });
    assert.deepEqual(await files.lookup('/docs?x'), { kind: 'redirect', location: '/docs/?x' });
    assert.deepEqual(await files.lookup('/both/'), { kind: 'directory', urlPath: '/both/' });
    assert.deepEqual(await files.lookup('/empty'), { kind: 'redirect', location: '/empty/' });
    assert.deepEqual(await files.lookup('/'), {
      kind: 'file',
      filePath: folder.resolve('index.html'),
      realPath: folder.resolve('index.html'),
      urlPath: '/index.html',
    });
    for (const target of ['/none', '/../x', '/.env', 'x', '']) assert.deepEqual(await files.lookup(target), { kind: 'none' });
    assert.deepEqual(await openFilesBelow(folder.path), []);
  });

  test('fallthrough leaves to others what is not ours', async () => {
    await using folder = await fixture({ 'a.txt': 'a' });
    const files = createStaticFiles({ root: folder.path });
    await using server = await serve((req, res) => {
      void files.serve(req, res, { fallthrough: true }).then((isAnswered) => isAnswered || res.end('other'));
    });
    assert.equal((await server.get('/a.txt')).text, 'a');
    for (const target of ['/none', '/.env', '/a//b', '/%ff']) assert.equal((await server.get(target)).text, 'other');
    assert.equal((await server.get('/a.txt', {}, 'POST')).text, 'other');
  });

  test('serveFile: a known file, under the same rules', async () => {
    await using folder = await fixture({ 'app/a.txt': 'a', 'secret.txt': 'SECRET' });
    const files = createStaticFiles({ root: folder.resolve('app') });
    await using server = await serve((req, res) => {
      const filePath = folder.resolve(req.url === '/a' ? 'app/a.txt' : 'secret.txt');
      void files.serveFile(req, res, { filePath, urlPath: '/x', status: 203 }).then((isAnswered) => isAnswered || res.end('no'));
    });
    const answer = await server.get('/a');
    assert.deepEqual([answer.status, answer.text], [203, 'a']);
    assert.equal((await server.get('/secret')).text, 'no');
  });
});

describe('nothing there', () => {
  test('404.html for who opens it in a tab', async () => {
    await using server = await site({ '404.html': '<h1>Lost</h1>' });
    const page = await server.get('/none/deep', navigation);
    assert.deepEqual([page.status, page.text], [404, '<h1>Lost</h1>']);
    const script = await server.get('/none.js', { Accept: '*/*' });
    assert.deepEqual([script.status, script.headers['content-type']], [404, 'text/plain; charset=utf-8']);
    const tag = page.headers['etag'] ?? '';
    assert.equal((await server.get('/none', { ...navigation, 'If-None-Match': tag, Range: 'bytes=0-0' })).status, 404);
  });

  test('a page of ours without one, escaped', async () => {
    await using server = await site({});
    const page = await server.get('/%3Cscript%3Ealert(1)%3C/script%3E', navigation);
    assert.equal(page.status, 404);
    assert.equal(page.headers['content-type'], 'text/html; charset=utf-8');
    assert.match(page.text, /Nothing is served at/);
    assert.doesNotMatch(page.text, /<script/);
  });
});

describe('single-page applications', () => {
  const content = { 'index.html': 'app', 'assets/a.js': 'a' };
  const cases: [target: string, headers: Record<string, string>, status: number][] = [
    ['/users/7', navigation, 200],
    ['/users/', navigation, 200],
    ['/assets/', navigation, 200],
    ['/assets', navigation, 200],
    ['/users.v2/list', navigation, 200],
    ['/users/7.json', navigation, 404],
    ['/missing.js', navigation, 404],
    ['/users/7', { Accept: 'application/json' }, 404],
    ['/users/7', { Accept: '*/*' }, 404],
    ['/users/7', {}, 404],
    ['/.env', navigation, 404],
    ['/a//b', navigation, 400],
  ];
  for (const [target, headers, status] of cases) {
    test(`${target} ${headers['Accept'] ?? ''}`, async () => {
      await using server = await site(content, { spa: true });
      const answer = await server.get(target, headers);
      assert.equal(answer.status, status);
      if (status === 200) assert.equal(answer.text, 'app');
    });
  }

  test('off unless asked for', async () => {
    await using server = await site(content);
    assert.equal((await server.get('/users/7', navigation)).status, 404);
  });

  test('files and their 304 as ever; without index.html nothing changes', async () => {
    await using server = await site({ 'a.js': 'a', 'sub/b.js': 'b' }, { spa: true });
    assert.equal((await server.get('/a.js', navigation)).text, 'a');
    assert.equal((await server.get('/route', navigation)).status, 404);
    assert.match((await server.get('/sub/', navigation)).text, /Index of \/sub\//);
  });
});

describe('listing', () => {
  test('folders first, numbers in order, nothing hidden, all escaped, every link right', async () => {
    await using server = await site({
      'sub/b/x.txt': '',
      'sub/a10.txt': '10',
      'sub/a9.txt': '9',
      'sub/.env': '',
      'sub/id_rsa': '',
      'sub/.git/HEAD': '',
      'sub/<img src=x onerror=alert(1)>.txt': 'odd',
      'sub/a"b&amp;\'c.txt': 'quotes',
      'sub/100% #1?.txt': 'percent',
      'sub/été.txt': 'summer',
      'secret/x': '',
    });
    await fs.symlink('../..', server.folder.resolve('sub/up'));
    await fs.symlink('/etc/passwd', server.folder.resolve('sub/passwd'));
    await fs.symlink('b', server.folder.resolve('sub/c-link'));
    await fs.symlink('a9.txt', server.folder.resolve('sub/z-link.txt'));
    await fs.symlink('nowhere', server.folder.resolve('sub/broken'));
    const { status, text, headers } = await server.get('/sub/');
    assert.deepEqual([status, headers['content-type']], [200, 'text/html; charset=utf-8']);
    assert.doesNotMatch(text, /<img|onerror=alert\(1\)>"|\.env|id_rsa|\.git|passwd|broken|>up/);
    assert.match(text, /color-scheme: light dark/);
    const hrefs = [...text.matchAll(/href="([^"]*)"/g)].map((match) =>
      (match[1] ?? '').replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code))),
    );
    assert.deepEqual(hrefs.slice(0, 3), ['../', './b/', './c-link/']);
    assert.ok(hrefs.indexOf('./a9.txt') < hrefs.indexOf('./a10.txt'));
    assert.ok(hrefs.includes('./z-link.txt'));
    for (const href of hrefs) {
      const { pathname } = new URL(href, `${server.url}/sub/`);
      assert.equal((await server.get(pathname)).status, 200, href);
    }
  });

  test('of the root and of an empty folder', async () => {
    await using server = await site({ 'a.txt': '' });
    assert.doesNotMatch((await server.get('/')).text, /\.\.\//);
    await fs.mkdir(server.folder.resolve('new'));
    assert.match((await server.get('/new/')).text, /This folder is empty/);
  });
});

describe('the hook for pages', () => {
  const html = ({ source }: HtmlFile): Buffer => Buffer.concat([source, Buffer.from('+client')]);
  const content = {
    'index.html': '<!doctype html><p>home',
    'part.html': '<li>part',
    '404.html': 'lost',
    'sub/a.txt': 'a',
    'a.txt': 'text',
  };

  test('changes what is loaded into a tab or frame, and nothing else', async () => {
    await using server = await site(content, { html });
    const bodyFor = async (target: string, headers: Record<string, string>): Promise<string> => (await server.get(target, headers)).text;
    assert.equal(await bodyFor('/', navigation), '<!doctype html><p>home+client');
    assert.equal(await bodyFor('/', { 'Sec-Fetch-Dest': 'iframe' }), '<!doctype html><p>home+client');
    assert.equal(await bodyFor('/', { 'Sec-Fetch-Dest': 'empty', Accept: '*/*' }), '<!doctype html><p>home');
    assert.equal(await bodyFor('/', { Accept: '*/*' }), '<!doctype html><p>home+client');
    assert.equal(await bodyFor('/part', { Accept: '*/*' }), '<li>part');
    assert.equal(await bodyFor('/part', { Accept: 'text/html' }), '<li>part+client');
    assert.equal(await bodyFor('/a.txt', navigation), 'text');
    assert.match(await bodyFor('/sub/', navigation), /<\/html>\n\+client$/);
    assert.equal(await bodyFor('/none', navigation), 'lost+client');
  });

  test('is told which page it is', async () => {
    const seen: Omit<HtmlFile, 'source'>[] = [];
    await using server = await site(content, {
      html: ({ source, ...file }) => {
        seen.push(file);
        return source;
      },
    });
    for (const target of ['/', '/part', '/sub/', '/none']) await server.get(target, navigation);
    await server.folder.remove('404.html');
    await server.get('/none', navigation);
    const { resolve } = server.folder;
    assert.deepEqual(seen, [
      { filePath: resolve('index.html'), urlPath: '/index.html', isGenerated: false },
      { filePath: resolve('part.html'), urlPath: '/part.html', isGenerated: false },
      { filePath: resolve('sub'), urlPath: '/sub/', isGenerated: true },
      { filePath: resolve('404.html'), urlPath: '/404.html', isGenerated: false },
      { filePath: resolve('404.html'), urlPath: '/404.html', isGenerated: true },
    ]);
  });

  test('its page has a tag of its own, no ranges, and varies with who asks', async () => {
    await using server = await site(content, { html });
    const page = await server.get('/', navigation);
    const raw = await server.get('/', { 'Sec-Fetch-Dest': 'empty' });
    assert.notEqual(page.headers['etag'], raw.headers['etag']);
    assert.deepEqual([page.headers['vary'], raw.headers['vary']], ['Sec-Fetch-Dest, Accept', 'Sec-Fetch-Dest, Accept']);
    assert.equal(page.headers['content-length'], String(page.body.length));
    assert.deepEqual([page.headers['accept-ranges'], page.headers['last-modified']], [undefined, undefined]);
    const ranged = await server.get('/', { ...navigation, Range: 'bytes=0-1' });
    assert.deepEqual([ranged.status, ranged.text], [200, page.text]);
    assert.equal((await server.get('/', { ...navigation, 'If-None-Match': page.headers['etag'] ?? '' })).status, 304);
    assert.equal((await server.get('/', { ...navigation, 'If-None-Match': raw.headers['etag'] ?? '' })).status, 200);
    const head = await server.get('/', navigation, 'HEAD');
    assert.deepEqual([head.headers['content-length'], head.body.length], [String(page.body.length), 0]);
  });

  test('of a file larger than what is read at once', async () => {
    const big = `<!doctype html>${'<p>x</p>'.repeat(40_000)}`;
    await using server = await site({ 'big.html': big }, { html });
    assert.equal((await server.get('/big.html', navigation)).text, `${big}+client`);
  });

  test('that throws: 500, the reason in the log and not in the answer', async () => {
    const errors: unknown[] = [];
    const fail = (): never => {
      throw new Error('secret detail');
    };
    await using server = await site(content, { html: fail, onError: (error) => errors.push(error) });
    const answer = await server.get('/', navigation);
    assert.equal(answer.status, 500);
    assert.doesNotMatch(answer.text, /secret detail/);
    assert.equal(answer.headers['x-content-type-options'], 'nosniff');
    assert.match(String(errors[0]), /secret detail/);
    assert.equal((await server.get('/a.txt')).text, 'text');
  });
});

describe('clients and files that go away', () => {
  test('an aborted download closes its file', { skip: process.platform !== 'linux' }, async () => {
    await using folder = await fixture({ 'big.bin': Buffer.alloc(50_000_000) });
    const files = createStaticFiles({ root: folder.path });
    const answers: Promise<boolean>[] = [];
    await using server = await serve((req, res) => void answers.push(files.serve(req, res)));
    for (let i = 0; i < 20; i++) {
      const socket = net.connect(server.port, '127.0.0.1');
      socket.on('error', () => {});
      socket.write('GET /big.bin HTTP/1.1\r\nHost: localhost\r\n\r\n');
      await once(socket, 'data');
      if (i % 2) socket.destroy();
      else socket.resetAndDestroy();
    }
    assert.deepEqual(await Promise.all(answers), Array<boolean>(20).fill(true));
    assert.deepEqual(await openFilesBelow(folder.path), []);
  });

  test('a client that is gone before the answer begins', { skip: process.platform !== 'linux' }, async () => {
    await using folder = await fixture({ 'big.bin': Buffer.alloc(5_000_000), 'index.html': '<!doctype html>' });
    const files = createStaticFiles({ root: folder.path, html: ({ source }) => source });
    const answers: Promise<boolean>[] = [];
    await using server = await serve((req, res) => {
      req.socket.destroy();
      answers.push(files.serve(req, res));
    });
    for (const target of ['/big.bin', '/', '/none', '/big.bin']) await server.get(target, navigation);
    assert.deepEqual(await Promise.all(answers), [true, true, true, true]);
    assert.deepEqual(await openFilesBelow(folder.path), []);
  });

  test('a file that shrinks while it is sent: the connection ends, nobody waits', async () => {
    await using folder = await fixture({ 'big.bin': Buffer.alloc(30_000_000) });
    const files = createStaticFiles({ root: folder.path });
    await using server = await serve((req, res) => void files.serve(req, res));
    const socket = net.connect(server.port, '127.0.0.1');
    socket.on('error', () => {});
    let received = 0;
    socket.write('GET /big.bin HTTP/1.1\r\nHost: localhost\r\n\r\n');
    socket.once('data', () => socket.pause());
    await once(socket, 'data');
    await fs.truncate(folder.resolve('big.bin'), 1000);
    socket.on('data', (chunk: Buffer) => (received += chunk.length));
    socket.resume();
    await once(socket, 'close');
    assert.ok(received < 30_000_000);
  });

  test('a thousand requests leave no file open', { skip: process.platform !== 'linux' }, async () => {
    await using server = await site({ 'a.js': 'a', 'sub/index.html': 'x', 'big.bin': Buffer.alloc(100_000), 'page.html': 'p' });
    const targets = ['/a.js', '/sub', '/sub/', '/page', '/page/', '/none', '/big.bin', '/big.bin?x', '/.env', '/%'];
    for (let i = 0; i < 100; i++) await Promise.all(targets.map((target) => server.get(target)));
    assert.deepEqual(await openFilesBelow(server.folder.path), []);
  });
});
