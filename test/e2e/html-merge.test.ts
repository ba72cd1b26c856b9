/**
 * Edits of HTML in a page that runs: what is merged and what scripts have made impossible, events, new elements of all kinds, policies. Which
 * live state outlives which edit is html-merge-matrix.test.ts.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPage } from '../harness/browser.ts';
import { fixture } from '../harness/fixture.ts';
import { BODY, openSite } from './html-merge-support.ts';
import { openProject } from './link-support.ts';
import { openFolder, page, startFront, untilColor } from './robust-support.ts';
test('an edit is merged, and terminal and console say so in one line', async (t) => {
  const { tab, edit, server } = await openSite(t);
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
  const { tab, edit, ask } = await openSite(
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
  const { tab, edit, ask } = await openSite(t, '<h1>one</h1><main><p id="banner" class="a">banner</p><p>rest</p></main>');
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
  const { tab, edit, editAndReload } = await openSite(
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
  const { tab, edit, editAndReload } = await openSite(
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

test('the page may merge an edit itself, and hears of what was merged', async (t) => {
  const { tab, edit, ask } = await openSite(t);
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

test('new links, styles, custom elements, declarative shadow roots and templates work; a changed link keeps its sheet until the new one is there', async (t) => {
  const { tab, edit, ask } = await openSite(t, '<main></main>', '<link rel="stylesheet" href="one.css">', {
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
