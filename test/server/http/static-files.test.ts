import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { HtmlFile } from '../../../src/server/http/send-file.ts';
import { createStaticFiles } from '../../../src/server/http/static-files.ts';
import { fixture } from '../../harness/fixture.ts';
import { serve } from './raw-http.ts';
import { navigation, site } from './site.ts';

describe('a part of another server', () => {
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

  test('fallthrough: a folder without index and the routes of an application are theirs', async () => {
    await using folder = await fixture({ 'index.html': 'start', 'sub/a.txt': 'a', 'docs/index.html': 'docs' });
    const files = createStaticFiles({ root: folder.path, spa: true });
    await using server = await serve((req, res) => {
      void files.serve(req, res, { fallthrough: true }).then((isAnswered) => isAnswered || res.end('other'));
    });
    for (const target of ['/sub/', '/sub', '/users/7', '/at/12:30']) assert.equal((await server.get(target, navigation)).text, 'other');
    assert.equal((await server.get('/', navigation)).text, 'start');
    assert.equal((await server.get('/docs')).headers['location'], '/docs/');
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
    ['/time/12:30', navigation, 200],
    ['/time/12:30.js', navigation, 404],
    ['/time/12:30', { Accept: '*/*' }, 404],
    ['/who/is/this.', navigation, 200],
    ['/.git/a:b', navigation, 404],
    ['/.env.', navigation, 404],
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
