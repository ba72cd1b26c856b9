/**
 * Custom elements with hot-swap: live ones get new methods, callbacks that the platform has not seen when they were defined, attributes that
 * are observed later, and Lit's are drawn with their new templates and styles. None is made anew.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixture } from '../harness/fixture.ts';
import { linkPackages } from './examples-support.ts';
import { html, openFolder, openHot, sorted } from './hot-page.ts';

const ELEMENT = `
class Counter extends HTMLElement {
  #n = 0;
  static observedAttributes = ['step'];
  constructor() { super(); this.attachShadow({ mode: 'open' }).innerHTML = '<b></b>'; this.addEventListener('click', () => this.onClick()); }
  attributeChangedCallback(name, before, after) { say([this.id, name, before, after].map(String).join(' ')); }
  onClick() { this.#n += 1; this.shadowRoot.firstChild.textContent = 'one ' + this.#n; }
}
customElements.define('x-counter', Counter);
customElements.define('x-quiet', class extends HTMLElement { static formAssociated = true; word() { return 'one'; } });
class Outer extends HTMLElement { constructor() { super(); this.attachShadow({ mode: 'open' }).innerHTML = '<x-counter id="inner"></x-counter>'; } }
customElements.define('x-outer', Outer);
`;

test('live elements: methods, callbacks added and removed, observed attributes, in the document, in shadow roots and nowhere', async (t) => {
  const site = await openHot(
    t,
    {
      'index.html': html('/main.js').replace(
        '<main></main>',
        '<x-counter id="a" step="1"></x-counter><x-quiet id="quiet"></x-quiet><x-outer id="outer"></x-outer>',
      ),
      'main.js': ELEMENT,
    },
    { hotswap: 'classes,always' },
  );
  const { page } = site;
  const edit = async (from: string, to: string): Promise<void> => {
    const before = await site.files.read('main.js');
    assert.ok(before.includes(from), from);
    await site.save({ 'main.js': before.replace(from, () => to) });
  };
  await page.evaluate(
    `window.a = document.querySelector('#a'), window.away = document.createElement('x-counter'), away.id = 'away', a.click()`,
  );
  assert.deepEqual(await site.said(), ['a step null 1']);
  await edit(`'one ' + `, `'two ' + `);
  await page.evaluate('a.click()');
  assert.equal(await page.evaluate('a.shadowRoot.textContent'), 'two 2');

  // Added after the platform has looked.
  await edit(
    '  onClick()',
    `  connectedCallback() { say(this.id + ' connected'); }\n  disconnectedCallback() { say(this.id + ' gone'); }\n  onClick()`,
  );
  assert.deepEqual(await site.said(), []);
  await page.evaluate('document.body.append(away), a.remove(), document.body.append(a)');
  assert.deepEqual(await site.said(), ['away connected', 'a gone', 'a connected']);
  assert.equal(
    await page.evaluate(`Object.getOwnPropertyNames(Object.getPrototypeOf(document.querySelector('x-outer'))).join()`),
    'constructor',
  );
  await edit(`  disconnectedCallback() { say(this.id + ' gone'); }\n`, '');
  await page.evaluate('a.remove(), document.body.append(a)');
  assert.deepEqual(await site.said(), ['a connected']);
  await edit(
    `word() { return 'one'; }`,
    `word() { return 'two'; } connectedCallback() { say('quiet ' + this.word()); } formResetCallback() { say('reset'); }`,
  );
  await page.evaluate(`document.body.append(document.querySelector('#quiet'))`);
  assert.deepEqual(await site.said(), ['quiet two']);
  await page.evaluate(
    `const form = document.createElement('form'); document.body.append(form); form.append(document.querySelector('#quiet')); form.reset()`,
  );
  assert.deepEqual(await site.said(2), ['quiet two', 'reset']);

  // Attributes that the platform was not asked to watch.
  await page.evaluate(`a.setAttribute('size', 'L')`);
  await edit(`['step']`, `['step', 'size']`);
  assert.deepEqual(await site.said(), ['a size null L']);
  await page.evaluate(`a.setAttribute('size', 'M'), a.setAttribute('step', '2')`);
  assert.deepEqual(sorted(await site.said(2)), ['a size L M', 'a step 1 2']);
  await page.evaluate(`document.querySelector('#outer').shadowRoot.firstChild.setAttribute('size', 'S')`);
  assert.deepEqual(await site.said(1), ['inner size null S']);
  await page.evaluate(`document.body.insertAdjacentHTML('beforeend', '<x-counter id="late" size="XL"></x-counter>')`);
  assert.deepEqual(await site.said(2), ['late connected', 'late size null XL']);
  await edit(`['step', 'size']`, `['size']`);
  await page.evaluate(`a.setAttribute('step', '3'), a.setAttribute('size', 'XS')`);
  assert.deepEqual(await site.said(1), ['a size M XS']);
  await page.evaluate('a.click()');
  assert.equal(await page.evaluate('a.shadowRoot.textContent'), 'two 3');
  assert.deepEqual(site.tab.errors, []);
});

test('Lit: templates, styles, methods and properties of live elements; state stays', async (t) => {
  const files = await fixture({
    'index.html': html('/main.js'),
    'main.js': `import './x-list.js'; document.body.append(document.createElement('x-list'));`,
    'word.js': `export const word = () => 'thing';`,
    'x-list.js': `import { LitElement, css, html } from 'lit'; import { word } from './word.js';
      export class List extends LitElement {
        static properties = { items: { state: true }, label: {} };
        static styles = css\`p { color: rgb(1, 1, 1) }\`;
        constructor() { super(); this.items = ['tent']; }
        add() { this.items = [...this.items, word()]; }
        render() { return html\`<input><p @click=\${() => this.add()}>\${this.items.join()} \${word()}</p>\`; }
      }
      customElements.define('x-list', List);`,
  });
  t.after(() => files[Symbol.asyncDispose]());
  await linkPackages(files);
  const site = await openFolder(t, files, { hotswap: 'classes' });
  const { page, tab } = site;
  const edit = async (name: string, from: string, to: string): Promise<void> => {
    const before = await files.read(name);
    assert.ok(before.includes(from), from);
    await site.save({ [name]: before.replace(from, () => to) });
  };
  await tab.untilText('x-list p', 'tent thing');
  await tab.markDocument();
  await page.click('x-list p');
  await tab.untilText('x-list p', 'tent,thing thing');
  await page.fill('x-list input', 'typed');
  await edit('x-list.js', 'rgb(1, 1, 1)', 'rgb(2, 2, 2)');
  assert.equal(await page.locator('x-list p').evaluate((node) => getComputedStyle(node).color), 'rgb(2, 2, 2)');
  assert.equal(await page.inputValue('x-list input'), 'typed');
  await edit('x-list.js', 'items.join()', "items.join(' + ')");
  await tab.untilText('x-list p', 'tent + thing thing');
  await edit('word.js', `'thing'`, `'pot'`);
  await tab.untilText('x-list p', 'tent + thing pot');
  await edit('x-list.js', '[...this.items, word()]', "[...this.items, 'a ' + word()]");
  await page.click('x-list p');
  await tab.untilText('x-list p', 'tent + thing + a pot pot');
  await page.evaluate(`document.body.append(document.createElement('x-list'))`);
  assert.equal(
    await page
      .locator('x-list p')
      .nth(1)
      .evaluate((node) => getComputedStyle(node).color),
    'rgb(2, 2, 2)',
  );
  assert.ok(await tab.isSameDocument());
  assert.deepEqual(tab.errors, []);
  assert.match(site.terminal().at(-1) ?? '', /x-list\.js: hot updated \/x-list\.js, in place: \/x-list\.js/);
});
