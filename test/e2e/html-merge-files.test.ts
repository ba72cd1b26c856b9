/**
 * The file of a page that is open: what a document is read by, what is saved half, files that go and come, what pages are made of, several
 * addresses and tabs of one file, and a server that restarts.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPage } from '../harness/browser.ts';
import { fixture } from '../harness/fixture.ts';
import { startServer } from '../harness/server.ts';
import { BODY, openSite } from './html-merge-support.ts';
import { page } from './robust-support.ts';

const RELOADS: Readonly<Record<string, readonly [from: string, to: string, reason: RegExp]>> = {
  '<base>': ['<title>', '<base href="/sub/"><title>', /its <base> changed/],
  charset: ['<meta charset="utf-8">', '<meta charset="windows-1252">', /its charset changed/],
  'charset by http-equiv': [
    '<title>',
    '<meta http-equiv="content-type" content="text/html; charset=windows-1252"><title>',
    /<meta http-equiv="content-type"> changed/,
  ],
  policy: ['<title>', `<meta http-equiv="Content-Security-Policy" content="img-src 'self'"><title>`, /Content-Security-Policy/],
  doctype: ['<!doctype html>', '', /doctype/],
  'import map': ['<title>', '<script type="importmap">{}</script><title>', /import map/],
  'closed shadow root': ['>hidden', '>edited', /closed shadow root/],
  'shadow root': ['<template shadowrootmode="open">in</template>', '', /shadow root/],
};

for (const [name, [from, to, reason]] of Object.entries(RELOADS)) {
  test(`what a document is read by reloads the page, with the reason: ${name}`, async (t) => {
    const { tab, editAndReload } = await openSite(
      t,
      '<div><template shadowrootmode="open">in</template></div><p><template shadowrootmode="closed">hidden</template></p>',
      '<meta charset="utf-8">',
    );
    assert.match(await editAndReload(from, to), reason);
    await tab.waitForConsole(/page reload \/index\.html \(\/index\.html changed: /);
    assert.equal(tab.loads.length, 2);
  });
}

test('a page that this server has never served reloads, and so does one where merging throws; both with the reason', async (t) => {
  const { tab, files, server } = await openSite(t);
  const loaded = tab.page.waitForEvent('load');
  await server.close();
  await files.edit('index.html', '<h1>one', '<h1>two');
  const second = await startServer(files.path, { port: server.port });
  t.after(() => second.close());
  await loaded;
  await tab.untilText('h1', 'two');
  await tab.waitForConsole(/page reload \/index\.html \(\/index\.html changed: what this page was made of is not known any more\)/);
  const later = await openSite(t);
  await later.ask(`Node.prototype.insertBefore = () => { throw new Error('not here') }`);
  assert.match(await later.editAndReload('<h1>one</h1>', '<h1>one</h1><p>new</p>'), /merging threw Error: not here/);
  assert.equal(await later.tab.page.locator('p').count(), 2);
});

const UNFINISHED: Readonly<Record<string, readonly [from: string | RegExp, to: string, reason: RegExp]>> = {
  'the file ends inside of a tag': [/<ul>[^]*/, '<ul cla', /ends inside of a tag/],
  'the file ends inside of an attribute': [/<ul>[^]*/, '<ul class="x', /ends inside of a tag/],
  'a quote is not closed': ['<p id="text">', '<p id="text>', /a tag or a quote is not closed/],
  'a tag is not closed': ['<h1>one</h1>', '<h1>one</h1><h2', /a tag or a quote is not closed/],
  'an end tag is not closed': ['</h1>', '</h1', /an end tag is not closed/],
  'a comment is not closed': ['<h1>', '<!-- <h1>', /a comment is not closed/],
  'a comment that goes on to the end of the next': ['<h1>', '<!-- <h1>', /a comment is not closed/],
  'a script is not closed': ['<h1>', '<script><h1>', /<script> is not closed/],
  'a title is not closed': ['</title>', '', /<title> is not closed/],
  'the end of the page is missing': [/<li>b[^]*/, '', /<\/body> is missing/],
};

test('what is saved in the middle of typing keeps the page, with a line that says why; the next save is merged', async (t) => {
  const { tab, edit, files } = await openSite(t);
  const whole = await files.read('index.html');
  for (const [name, [from, to, reason]] of Object.entries(UNFINISHED)) {
    const text = await edit(from, to);
    assert.match(text, /^html not merged \(/, name);
    assert.match(text, reason, name);
    assert.equal(await tab.text('h1'), 'one', name);
    assert.equal(await edit(/[^]*/, whole.replace('<li>a', '<li>a, edited')), 'html merged (1 node)', name);
    assert.equal(await edit('a, edited', 'a'), 'html merged (1 node)', name);
  }
  await tab.waitForConsole(/\/index\.html is not merged: .*\. The page stays as it is until the next save\.$/);
  assert.ok(await tab.isSameDocument());
});

test('an end tag that two saves leave out is left out', async (t) => {
  const { tab, edit } = await openSite(t);
  assert.match(await edit('</body></html>', ''), /<\/body> is missing/);
  assert.match(await edit('<h1>one', '<h1>two'), /^html merged/);
  assert.equal(await tab.text('h1'), 'two');
  assert.ok(await tab.isSameDocument());
});

test('a page whose file goes stays, and says so; when the file is back, it is merged', async (t) => {
  const { tab, server, files } = await openSite(t);
  await files.remove('index.html');
  await tab.waitForConsole(/\/index\.html is not merged: the file is gone\./);
  await server.log.waitFor(/index\.html: html not merged \(the file is gone\)/);
  await files.write('index.html', page(BODY.replace('one', 'two')));
  await tab.untilText('h1', 'two');
  assert.ok(await tab.isSameDocument());
});

test('a page of the author’s that stands in for a missing one makes way when that comes', async (t) => {
  const files = await fixture({ '404.html': page('<h1>not here</h1>'), 'index.html': page('') });
  t.after(() => files[Symbol.asyncDispose]());
  const server = await startServer(files.path);
  t.after(() => server.close());
  const tab = await openPage(server.url('/docs/'));
  t.after(() => tab.close());
  await tab.waitForConsole(/connected/);
  await files.edit('404.html', 'not here', 'nothing');
  await tab.untilText('h1', 'nothing');
  await files.write('other.html', page('<h1>other</h1>'));
  await files.write('docs/index.html', page('<h1>docs</h1>'));
  await tab.untilText('h1', 'docs');
  await tab.waitForConsole(/page reload .*\/docs\/index\.html was missing, and has come/);
});

test('partials: a change of what a plugin made pages of is merged into every open page made from it', async (t) => {
  const files = await fixture({
    'index.html': page('<!--header--><input>'),
    'other.html': page('<!--header--><input><p>other</p>'),
    'header.txt': '<h1>one</h1>',
  });
  t.after(() => files[Symbol.asyncDispose]());
  const server = await startServer(files.path, {
    plugins: [
      {
        name: 'layout',
        async html(html) {
          return { html: html.replace('<!--header-->', await files.read('header.txt')), watchFiles: [files.resolve('header.txt')] };
        },
      },
    ],
  });
  t.after(() => server.close());
  const tabs = await Promise.all(['/', '/other'].map((path) => openPage(server.url(path))));
  for (const tab of tabs) {
    t.after(() => tab.close());
    await tab.waitForConsole(/connected/);
    await tab.markDocument();
    await tab.page.locator('input').fill('typed');
  }
  await files.write('header.txt', '<h1>two</h1>');
  for (const tab of tabs) {
    await tab.untilText('h1', 'two');
    assert.equal(await tab.page.locator('input').inputValue(), 'typed');
    assert.ok(await tab.isSameDocument());
  }
  await files.edit('other.html', 'other</p>', 'edited</p>');
  await tabs[1]?.untilText('p', 'edited');
  assert.ok(await tabs[1]?.isSameDocument());
});

test('several addresses and tabs of one file, each with its own state', async (t) => {
  const { tab, edit, server } = await openSite(t);
  const others = await Promise.all(['/index.html', '/?a=b'].map((path) => openPage(server.url(path), { context: tab.page.context() })));
  for (const [index, other] of others.entries()) {
    await other.waitForConsole(/connected/);
    await other.markDocument();
    await other.page.locator('input').fill(`tab ${index}`);
  }
  await edit('<h1>one</h1>', '<h1>two</h1>');
  for (const [index, other] of others.entries()) {
    await other.untilText('h1', 'two');
    assert.equal(await other.page.locator('input').inputValue(), `tab ${index}`);
    assert.ok(await other.isSameDocument());
  }
});

test('a restarted server knows what the page shows, if that is still the file', async (t) => {
  const { tab, edit, server, ask } = await openSite(t);
  await tab.page.locator('#name').fill('Ada');
  await edit('<h1>one</h1>', '<h1>two</h1>');
  const synced = tab.page.waitForResponse(
    (answer) => answer.url().endsWith('/@hmr-dev/sync') && /"page":\{/.test(answer.request().postData() ?? ''),
  );
  await server.server.restart({});
  await synced;
  assert.equal(await edit('<h1>two</h1>', '<h1>three</h1>'), 'html merged (1 node)');
  assert.deepEqual(await ask(`[document.querySelector('h1').textContent, document.querySelector('input').value]`), ['three', 'Ada']);
  assert.ok(await tab.isSameDocument());
});

test('an edit that comes while the page is being read is merged when all of it is there', async (t) => {
  const files = await fixture({ 'index.html': page('<script src="slow.js"></script><h1>one</h1><p>one</p>'), 'slow.js': '' });
  t.after(() => files[Symbol.asyncDispose]());
  const server = await startServer(files.path);
  t.after(() => server.close());
  const tab = await openPage(server.url(), {
    async prepare(opened) {
      await opened.route('**/slow.js', async (route) => {
        const asked = opened.waitForRequest(/\/@hmr-dev\/page$/);
        await files.edit('index.html', '<h1>one', '<h1>two');
        await asked;
        await route.continue();
      });
    },
  });
  t.after(() => tab.close());
  await tab.untilText('h1', 'two');
  assert.equal(tab.loads.length, 1);
});
