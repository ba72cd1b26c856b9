/**
 * What a served page's modules ask of hot-swap: custom elements that a later version migrates are found in the document and in shadow trees,
 * bindings and known instances in one save, and what a throwing hook leaves.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openHot } from './hot-page.ts';

const CARD = `export class MyCard extends HTMLElement {
  count = 3;
  show() { return typeof this.count + ' ' + this.count; }
}
customElements.define('my-card', MyCard);
export class MyBox extends HTMLElement {
  constructor() { super(); this.attachShadow({ mode: 'open' }).innerHTML = '<my-card></my-card>'; }
}
customElements.define('my-box', MyBox);
document.body.append(new MyCard(), new MyBox());
const away = new MyCard();
const cards = () => [document.querySelector('my-card'), document.querySelector('my-box').shadowRoot.firstChild];
window.counts = () => [...cards(), away].map((card) => String(card.count));
window.shows = () => away.show();
`;

test('custom elements are migrated wherever the page has them, others when they are used', async (t) => {
  const site = await openHot(t, { 'main.js': `import './card.js';`, 'card.js': CARD }, { hotswap: 'always' });
  const { page } = site;
  assert.deepEqual(await page.evaluate('counts()'), ['3', '3', '3']);
  const migrates = `${CARD.replace('count = 3', 'count = []')}import.meta.hot?.migrate({ MyCard(card) { if (typeof card.count === 'number') card.count = [card.count, 'new']; } });\n`;
  await site.save({ 'card.js': migrates });
  assert.deepEqual(await page.evaluate('counts()'), ['3,new', '3,new', '3']);
  assert.equal(await page.evaluate('shows()'), 'object 3,new');
  assert.deepEqual(await page.evaluate('counts()'), ['3,new', '3,new', '3,new']);
});

const MODEL = `let hits = 0;
class Apple { seeds = 3; }
const apple = new Apple();
window.hit = () => { hits++; return typeof hits + ' ' + hits + ' ' + JSON.stringify(apple.seeds); };
import.meta.hot.migrate({ Apple() {} });
import.meta.hot.on('hmr-dev:swap-before', ({ paths }) => say(['before', ...paths]));
import.meta.hot.on('hmr-dev:swap-after', ({ paths }) => say(['after', ...paths]));
import.meta.hot.on('hmr-dev:swap-rollback', ({ paths, err }) => say(['rollback', ...paths, err.message]));
`;

test('a changed data model: what a hook throws takes all of it back, and the next save mends it', async (t) => {
  const site = await openHot(t, { 'main.js': `import './model.js';`, 'model.js': MODEL }, { hotswap: 'classes' });
  const { page } = site;
  assert.equal(await page.evaluate('hit()'), 'number 1 3');
  const next = (hook: string): string =>
    MODEL.replace('hits = 0', 'hits = 0n')
      .replace('seeds = 3', 'seeds = []')
      .replace('{ Apple() {} }', `{ hits: (prev) => BigInt(prev), Apple(apple) { apple.seeds = [apple.seeds]; ${hook} } }`);
  await site.save({ 'model.js': next("throw new Error('no')") });
  assert.deepEqual(await site.said(), [
    ['before', '/model.js'],
    ['rollback', '/model.js', 'no'],
  ]);
  assert.equal(await page.evaluate('hit()'), 'number 2 3');
  await site.save({ 'model.js': next('') });
  assert.deepEqual(await site.said(), [
    ['before', '/model.js'],
    ['after', '/model.js'],
  ]);
  assert.equal(await page.evaluate('hit()'), 'bigint 3 [3]');
});
