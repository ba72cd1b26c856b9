/**
 * Edits of HTML in a page that runs: what is merged and what reloads, scripts, events, files that are saved half, partials, several addresses and
 * tabs of one file, policies. Which live state outlives which edit is html-merge-matrix.test.ts.
 */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { openPage } from '../harness/browser.ts';
import { withDeadline } from '../harness/diagnostics.ts';
import { fixture, type FixtureFiles } from '../harness/fixture.ts';
import { startServer } from '../harness/server.ts';
import { nextOutcomes } from './hot-page.ts';
import { openProject } from './link-support.ts';
import { openFolder, page, startFront, untilColor, type Session } from './robust-support.ts';

const BODY = `<h1>one</h1><p id="text">text</p><input id="name"><ul><li>a</li><li>b</li></ul>`;

interface Site extends Session {
  /** Edits the page; what it did about that. */
  edit(from: string | RegExp, to: string): Promise<string>;
  /** The same for an edit that reloads the page. */
  editAndReload(from: string | RegExp, to: string): Promise<string>;
  ask<T>(code: string): Promise<T>;
}

async function open(t: TestContext, body = BODY, head = '', more: FixtureFiles = {}): Promise<Site> {
  const session = await openFolder(t, { 'index.html': page(body, head), ...more });
  const { server, files, tab } = session;
  const edit: Site['edit'] = async (from, to) => {
    const told = nextOutcomes(server, 1);
    await files.edit('index.html', from, to);
    const [report] = await withDeadline(told, `what the page did about ${to}`);
    return report?.text ?? '';
  };
  return {
    ...session,
    edit,
    async editAndReload(from, to) {
      const loaded = tab.page.waitForEvent('load');
      const text = await edit(from, to);
      await loaded;
      await tab.markDocument();
      return text;
    },
    ask: (code) => tab.page.evaluate(code) as Promise<never>,
  };
}

/** Counts its runs. */
const counting = (name: string, attributes = ''): string =>
  `<script${attributes}>globalThis.${name} = (globalThis.${name} ?? 0) + 1;</script>`;

test('an edit is merged, and terminal and console say so in one line', async (t) => {
  const { tab, edit, server } = await open(t);
  await tab.page.locator('#name').fill('Ada');
  assert.equal(await edit('<h1>one</h1>', '<h1 class="new">two</h1>'), 'html merged (2 nodes)');
  await server.log.waitFor(/^\d\d:\d\d:\d\d index\.html: html merged \(2 nodes\)/);
  await tab.waitForConsole(/^\[hmr-dev\] html merged \(2 nodes\): \/index\.html$/);
  assert.equal(await tab.text('h1'), 'two');
  assert.equal(await tab.page.locator('h1').getAttribute('class'), 'new');
  assert.equal(await tab.page.locator('#name').inputValue(), 'Ada');
  assert.equal(await edit('<li>b</li>', '<li>b</li><li>c</li>'), 'html merged (1 node)');
  assert.equal(await edit('<li>a</li>', ''), 'html merged (1 node)');
  assert.equal(await tab.text('ul'), 'b\nc');
  assert.equal(await edit('<p id="text">text</p>', '<div><p id="text">text</p></div>'), 'html merged (2 nodes)');
  assert.equal(await tab.page.locator('div > #text').count(), 1);
  assert.equal(await edit('<p id="text">text</p>', '<h2 id="text">text</h2>'), 'html merged (2 nodes)');
  assert.ok(await tab.isSameDocument());
  assert.deepEqual(tab.errors, []);
});

test('where the author and the page changed the same thing, the author decides; the rest is left alone', async (t) => {
  const { tab, edit, ask } = await open(
    t,
    '<p id="p" class="a b" style="color: red; width: 1px" title="one">0</p><input value="one"><i>x</i>',
  );
  await ask(`p.classList.add('own'), p.classList.remove('b'), p.style.width = '9px', p.style.height = '8px', p.title = 'own', p.textContent = '5',
    p.dataset.own = 1, document.querySelector('input').value = 'typed'`);
  await edit(
    'class="a b" style="color: red; width: 1px" title="one">0',
    'class="b c" style="color: blue; width: 1px" title="two">Count: 0',
  );
  assert.deepEqual(await ask(`[p.className, p.style.color, p.style.width, p.style.height, p.title, p.dataset.own, p.textContent]`), [
    'own c',
    'blue',
    '9px',
    '8px',
    'two',
    '1',
    'Count: 0',
  ]);
  await edit('<i>x</i>', '<i>y</i>');
  assert.equal(await tab.page.locator('input').inputValue(), 'typed');
  await edit('value="one"', 'value="two"');
  assert.equal(await tab.page.locator('input').inputValue(), 'two');
  assert.ok(await tab.isSameDocument());
});

test('what scripts have removed stays removed, whatever the author makes of it', async (t) => {
  const { tab, edit, ask } = await open(t, '<h1>one</h1><main><p id="banner" class="a">banner</p><p>rest</p></main>');
  await ask('banner.remove()');
  await edit('<h1>one</h1><main><p id="banner" class="a">banner</p>', '<h1>two</h1><main><p id="banner" class="b">big banner</p>');
  await edit(
    '<h1>two</h1><main><p id="banner" class="b">big banner</p>',
    '<h1>three</h1><main><div id="banner" class="b">big banner</div>',
  );
  await edit(
    '<h1>three</h1><main><div id="banner" class="b">big banner</div>',
    '<h1>four</h1><main><section><div id="banner">big banner</div></section>',
  );
  assert.equal(await ask(`document.querySelector('main').innerHTML`), '<section></section><p>rest</p>');
  assert.ok(await tab.isSameDocument());
});

test('an edit where scripts have removed the place: with others it is passed over, alone it reloads the page', async (t) => {
  const { tab, edit, editAndReload } = await open(
    t,
    `<h1>one</h1><div id="app"><p>Loading</p></div><script>app.innerHTML = '<b>app</b>'</script>`,
  );
  assert.equal(await edit('<h1>one</h1><div id="app"><p>Loading</p>', '<h1>two</h1><div id="app"><p>Wait</p>'), 'html merged (1 node)');
  assert.equal(await tab.text('#app'), 'app');
  assert.ok(await tab.isSameDocument());
  // White space is nothing to anybody.
  assert.equal(await edit('<p>Wait</p>', '\n  <p>Wait</p>\n'), '');
  assert.match(await editAndReload('Wait', 'Wait a moment'), /scripts have replaced what was there/);
});

test('an edit of text that scripts have marked up, as highlighters of code do, reloads the page; beside it others are merged', async (t) => {
  const { tab, edit, editAndReload } = await open(
    t,
    `<h1>one</h1><pre><code id="code">let a = 1;\nlet b = 2;</code></pre><p id="all">all</p>
     <script>code.innerHTML = code.textContent.replaceAll('let', '<b>let</b>'); all.innerHTML = '<b>all</b>'</script>`,
  );
  assert.equal(await edit('<h1>one', '<h1>two'), 'html merged (1 node)');
  assert.equal(await edit('<pre>', '<pre class="wide">'), 'html merged (1 node)');
  assert.ok(await tab.isSameDocument());
  assert.match(await editAndReload('a = 1', 'a = 10'), /scripts have made elements of the text that changed/);
  assert.equal(await tab.page.innerHTML('#code'), '<b>let</b> a = 10;\n<b>let</b> b = 2;');
  assert.match(
    await editAndReload(/<h1>two[^]*let b = 2;/, '<h1>three</h1><pre class="wide"><code id="code">let a = 10;'),
    /scripts have made elements/,
  );
  assert.match(await editAndReload('>all<', '>each<'), /scripts have made elements/);
});

test('scripts: unchanged ones never run again, a new one runs once, a changed or removed one reloads', async (t) => {
  const { tab, edit, editAndReload, ask } = await open(
    t,
    `${counting('first')}<h1>one</h1><script src="classic.js"></script><main></main>`,
    '<script type="module" src="main.js"></script>',
    {
      'classic.js': 'globalThis.second = (globalThis.second ?? 0) + 1;',
      'main.js': 'globalThis.third = (globalThis.third ?? 0) + 1;',
      'new.js': 'globalThis.fifth = (globalThis.fifth ?? 0) + 1;',
      'module.js': 'globalThis.sixth = (globalThis.sixth ?? 0) + 1;',
    },
  );
  await tab.page.waitForFunction('globalThis.third');
  await edit(
    '<main></main>',
    `<main>${counting('fourth')}<script src="new.js"></script><script type="module" src="module.js"></script></main>`,
  );
  await tab.page.waitForFunction('globalThis.sixth');
  await edit('<main>', `<main><script type="application/json">{}</script>${counting('seventh', ' type="module"')}`);
  await tab.page.waitForFunction('globalThis.seventh');
  await edit('<h1>one</h1>', '<section><h1>two</h1></section>');
  await edit(/<script>[^<]*first[^<]*<\/script><section>(.*)<\/section>/, '<section><h1>two</h1></section>' + counting('first'));
  assert.deepEqual(await ask('[first, second, third, fourth, fifth, sixth, seventh]'), [1, 1, 1, 1, 1, 1, 1]);
  assert.ok(await tab.isSameDocument());
  assert.match(
    await editAndReload('globalThis.fourth', 'globalThis.other'),
    /an inline script was changed or removed, and has run already/,
  );
  assert.match(await editAndReload('<script src="classic.js"></script>', ''), /classic\.js was changed or removed/);
});

test('inline modules: a changed one is updated like a file, whatever comes or goes in front of it', async (t) => {
  const module = (name: string, value: string): string => `<script type="module">
    const value = '${value}';
    (globalThis.runs ??= []).push('${name} ' + value);
    import.meta.hot.accept();
  </script>`;
  const { tab, edit, ask, server } = await open(t, `<h1>one</h1>${module('a', '1')}${module('b', '1')}`);
  await tab.page.waitForFunction('globalThis.runs?.length === 2');
  // Lines above it are nothing to a module.
  assert.equal(await edit('<h1>one</h1>', '<h1>one</h1>\n\n<p>new</p>'), 'html merged (1 node)');
  assert.equal(
    await edit(`const value = '1';\n    (globalThis.runs ??= []).push('b`, `const value = '2';\n    (globalThis.runs ??= []).push('b`),
    'hot updated /index.html?inline-module=1',
  );
  await edit('<h1>one</h1>', `<h1>one</h1>${module('c', '1')}`);
  await tab.page.waitForFunction('globalThis.runs.length === 4');
  await edit(`push('a '`, `push('A '`);
  await edit(`push('b '`, `push('B '`);
  assert.deepEqual(await ask('runs'), ['a 1', 'b 1', 'b 2', 'c 1', 'A 1', 'B 2']);
  assert.ok(await tab.isSameDocument());
  const second = await openPage(server.url());
  t.after(() => second.close());
  await second.page.waitForFunction('globalThis.runs?.length === 3');
  assert.deepEqual(await second.page.evaluate('runs'), ['c 1', 'A 1', 'B 2']);
  assert.deepEqual(second.errors, []);
});

test('one save of an inline module, a sheet of the page and its text is one update', async (t) => {
  const { tab, edit } = await open(
    t,
    `<style>h1 { color: red }</style><h1>one</h1><script type="module">globalThis.value = 'one'; import.meta.hot.accept();</script>`,
  );
  await tab.page.waitForFunction(`globalThis.value === 'one'`);
  const text = await edit(
    /<style>.*<\/script>/,
    `<style>h1 { color: blue }</style><h1>two</h1><script type="module">globalThis.value = 'two'; import.meta.hot.accept();</script>`,
  );
  assert.equal(text, 'hot updated /index.html?inline-module=0, html merged (2 nodes)');
  assert.equal(
    await tab.page.evaluate(
      `[value, document.querySelector('h1').textContent, getComputedStyle(document.querySelector('h1')).color].join()`,
    ),
    'two,two,rgb(0, 0, 255)',
  );
});

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
    const { tab, editAndReload } = await open(
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
  const { tab, files, server } = await open(t);
  const loaded = tab.page.waitForEvent('load');
  await server.close();
  await files.edit('index.html', '<h1>one', '<h1>two');
  const second = await startServer(files.path, { port: server.port });
  t.after(() => second.close());
  await loaded;
  await tab.untilText('h1', 'two');
  await tab.waitForConsole(/page reload \/index\.html \(\/index\.html changed: what this page was made of is not known any more\)/);
  const later = await open(t);
  await later.ask(`Node.prototype.insertBefore = () => { throw new Error('not here') }`);
  assert.match(await later.editAndReload('<h1>one</h1>', '<h1>one</h1><p>new</p>'), /merging threw Error: not here/);
  assert.equal(await later.tab.page.locator('p').count(), 2);
});

test('the page may merge an edit itself, and hears of what was merged', async (t) => {
  const { tab, edit, ask } = await open(t);
  await ask(`document.addEventListener('hmr-dev:html', (event) => {
      globalThis.asked = [event.detail.file, event.detail.before.querySelector('h1').textContent, event.detail.after.querySelector('h1').textContent];
      if (event.detail.after.querySelector('h1').textContent === 'own') event.preventDefault();
    }),
    document.addEventListener('hmr-dev:html-updated', ({ detail }) => {
      globalThis.heard = [detail.added.map((node) => node.localName), detail.changed.map((node) => node.localName).sort()];
    })`);
  await edit('<h1>one</h1>', '<h1>two</h1><h2>new</h2>');
  assert.deepEqual(await ask('asked'), ['/index.html', 'one', 'two']);
  assert.deepEqual(await ask('heard'), [['h2'], ['h1', 'h2']]);
  assert.equal(await edit('<h1>two</h1>', '<h1>own</h1>'), 'html left to the page');
  assert.equal(await tab.text('h1'), 'two');
  // What the page did not want is not brought in later.
  assert.equal(await edit('<h2>new</h2>', '<h2>newer</h2>'), 'html left to the page');
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
  const { tab, edit, files } = await open(t);
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
  const { tab, edit } = await open(t);
  assert.match(await edit('</body></html>', ''), /<\/body> is missing/);
  assert.match(await edit('<h1>one', '<h1>two'), /^html merged/);
  assert.equal(await tab.text('h1'), 'two');
  assert.ok(await tab.isSameDocument());
});

test('scripts that were only indented, as editors do when something is wrapped, are the same', async (t) => {
  const script = 'const values = [\n  1,\n];\nglobalThis.runs = (globalThis.runs ?? 0) + values[0];\n';
  const template = 'globalThis.text = `a\nb`;';
  const { tab, edit, editAndReload, ask } = await open(
    t,
    `<main>\n<script>\n${script}</script>\n<script type="module">\n${script}</script>\n<script>\n${template}\n</script>\n</main>`,
  );
  await tab.page.waitForFunction('globalThis.runs === 2');
  const indent = (text: string): string => text.replaceAll(/^(?=.)/gm, '  ');
  await edit(
    new RegExp(`<main>[^]*${'values\\[0\\];'}\n</script>`),
    indent(`<main><p id="new">new</p>\n<script>\n${script}</script>\n<script type="module">\n${script}</script>`),
  );
  assert.equal(await tab.text('#new'), 'new');
  assert.equal(await ask('runs'), 2);
  assert.ok(await tab.isSameDocument());
  assert.match(await editAndReload(template, indent(template)), /an inline script was changed/);
});

test('a page whose file goes stays, and says so; when the file is back, it is merged', async (t) => {
  const { tab, server, files } = await open(t);
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
  const { tab, edit, server } = await open(t);
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
  const { tab, edit, server, ask } = await open(t);
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

test('new links, styles, custom elements, declarative shadow roots and templates work; a changed link keeps its sheet until the new one is there', async (t) => {
  const { tab, edit, ask } = await open(t, '<main></main>', '<link rel="stylesheet" href="one.css">', {
    'one.css': 'main { color: rgb(1, 1, 1) }',
    'two.css': 'main { color: rgb(2, 2, 2) }',
    'three.css': 'main { background-color: rgb(3, 3, 3) }',
  });
  await ask(`customElements.define('x-a', class extends HTMLElement { connectedCallback() { this.title = 'connected'; } })`);
  await edit(
    '<main></main>',
    `<main><x-a></x-a><div id="host"><template shadowrootmode="open"><style>b { color: rgb(4, 4, 4) }</style><b>in</b></template></div><template><i>inert</i></template></main>`,
  );
  assert.deepEqual(
    await ask(
      `[document.querySelector('x-a').title, getComputedStyle(host.shadowRoot.querySelector('b')).color, document.querySelector('main > template').content.textContent]`,
    ),
    ['connected', 'rgb(4, 4, 4)', 'inert'],
  );
  await ask(`globalThis.inner = host.shadowRoot.querySelector('b')`);
  await edit('<b>in</b>', '<b class="x">inside</b>');
  assert.deepEqual(await ask(`[inner.isConnected, inner.className, inner.textContent]`), [true, 'x', 'inside']);
  await edit('<i>inert</i>', '<i>still inert</i>');
  assert.equal(await ask(`document.querySelector('main > template').content.textContent`), 'still inert');
  await edit('</head>', '<link rel="stylesheet" href="three.css"></head>');
  await tab.page.waitForFunction(`getComputedStyle(document.querySelector('main')).backgroundColor === 'rgb(3, 3, 3)'`);
  await edit('one.css', 'two.css');
  await tab.page.waitForFunction(
    `getComputedStyle(document.querySelector('main')).color === 'rgb(2, 2, 2)' && document.querySelectorAll('link').length === 2`,
  );
  await edit('two.css" >'.replace(' ', ''), 'two.css" media="print">');
  await tab.page.waitForFunction(`getComputedStyle(document.querySelector('main')).color === 'rgb(0, 0, 0)'`);
  assert.ok(await tab.isSameDocument());
});

test('where nothing can be moved as it is, an edit that wraps is merged all the same; a frame in it loads again', async (t) => {
  const content = `<h1>one</h1><input><iframe srcdoc="<p>frame</p>"></iframe>`;
  const { files, tab } = await openFolder(
    t,
    { 'index.html': page(content) },
    {
      async prepare(opened) {
        await opened.addInitScript('for (const { prototype } of [Document, DocumentFragment, Element]) delete prototype.moveBefore');
      },
    },
  );
  await tab.page.locator('input').fill('typed');
  await tab.page.evaluate(`document.querySelector('iframe').contentWindow.mark = 1`);
  await files.edit('index.html', content, `<main>${content}</main>`);
  await tab.waitForConsole(/html merged/);
  assert.equal(await tab.page.locator('main input').inputValue(), 'typed');
  assert.equal(await tab.page.evaluate(`document.querySelector('main iframe').contentWindow.mark`), undefined);
  assert.ok(await tab.isSameDocument());
});

const NONCE = 'bm9uY2U';
const POLICIES: Readonly<Record<string, string>> = {
  'nonce and Trusted Types': `default-src 'self'; script-src 'self' 'nonce-${NONCE}'; style-src 'self' 'nonce-${NONCE}'; require-trusted-types-for 'script'; trusted-types 'none'`,
  'nonce only': `default-src 'none'; script-src 'nonce-${NONCE}' 'strict-dynamic'; style-src 'nonce-${NONCE}'; connect-src 'self'; img-src 'self'`,
};

for (const [name, policy] of Object.entries(POLICIES)) {
  test(`under a strict policy: ${name}`, async (t) => {
    await using files = await fixture({
      'index.html': page(
        `<h1 style="">one</h1><input><main></main>`,
        `<style nonce="${NONCE}">h1 { color: rgb(1, 1, 1) }</style><script nonce="${NONCE}">globalThis.early = 1</script>`,
      ),
    });
    await using front = await startFront(files.path, (_req, res) => void res.setHeader('Content-Security-Policy', policy));
    const tab = await openPage(`${front.origin}/`);
    t.after(() => tab.close());
    await tab.waitForConsole(/connected/);
    await tab.markDocument();
    await tab.page.locator('input').fill('typed');
    await files.edit('index.html', '<h1 style="">one', '<h1 style="width: 50px">two');
    await tab.untilText('h1', 'two');
    assert.equal(await tab.page.evaluate(`document.querySelector('h1').offsetWidth`), 50);
    await files.edit('index.html', '1, 1, 1', '2, 2, 2');
    await untilColor(tab, 'h1', 'rgb(2, 2, 2)');
    await files.edit('index.html', '<main></main>', `<main><style nonce="${NONCE}">main { color: rgb(3, 3, 3) }</style></main>`);
    await untilColor(tab, 'main', 'rgb(3, 3, 3)');
    assert.equal(await tab.page.locator('input').inputValue(), 'typed');
    assert.ok(await tab.isSameDocument());
    await files.edit('index.html', '</main>', `<script nonce="${NONCE}">globalThis.late = 1</script></main>`);
    await tab.page.waitForFunction(() => Reflect.get(globalThis, 'late') === 1);
    // Trusted Types let nobody make a script.
    assert.equal(await tab.isSameDocument(), name === 'nonce only');
    assert.deepEqual(tab.errors, []);
  });
}

test('--highlight outlines what an edit has changed', async (t) => {
  const { files, tab } = await openProject(t, { 'index.html': page(BODY) }, { serverOptions: { highlight: true } });
  await tab.waitForConsole(/connected/);
  await tab.page.evaluate(`document.addEventListener('hmr-dev:html-updated', () => {
    globalThis.outlined = document.getAnimations().filter(({ id }) => id === 'hmr-dev-highlight').map(({ effect }) => effect.target.localName);
  })`);
  await files.edit('index.html', '<h1>one', '<h1>two');
  await tab.page.waitForFunction('globalThis.outlined');
  assert.deepEqual(await tab.page.evaluate('outlined'), ['h1']);
});

test('a page in another encoding', async (t) => {
  const html = (text: string): Buffer => Buffer.from(page(`<h1>${text}</h1><input>`, '<meta charset="windows-1252">'), 'latin1');
  const { files, tab } = await openFolder(t, { 'index.html': html('é') });
  await tab.page.locator('input').fill('typed');
  await files.write('index.html', html('é ü'));
  await tab.untilText('h1', 'é ü');
  assert.equal(await tab.page.locator('input').inputValue(), 'typed');
});
