import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import { describe, test } from 'node:test';
import { site } from './site.ts';

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
