/**
 * Random edits of random pages, one after the other in one document that no script touches: after each, the live page is what a fresh load
 * would have made of the file, and elements that the file names by id are still the same ones.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPage } from '../harness/browser.ts';
import { fixture } from '../harness/fixture.ts';
import { startServer } from '../harness/server.ts';

const EDITS = 400;

/** In the page. Numbers come from a generator, so that a failure can be repeated. */
const RUN = `async (seed, count) => {
  const { mergeDocuments } = await import('/@hmr-dev/merge.js');
  const random = (limit) => (seed = (seed * 1103515245 + 12345) % 2147483648) % 65536 % limit;
  const pick = (list) => list[random(list.length)];
  const parse = (html) => new DOMParser().parseFromString(html, 'text/html');
  const tags = ['div', 'section', 'span', 'b', 'em'];
  let ids = 0;
  const make = (document) => {
    const node = document.createElement(pick(tags));
    if (random(3) === 0) node.id = 'id' + ++ids;
    if (random(3) === 0) node.className = pick(['x', 'y', 'x y']);
    if (random(2) === 0) node.textContent = 'word ' + random(9);
    return node;
  };
  const edits = {
    text: (node) => node.firstChild?.nodeType === 3 ? (node.firstChild.data = 'text ' + random(99)) : node.prepend('new ' + random(9)),
    insert: (node, document) => node.append(make(document)),
    before: (node, document) => node.before(make(document)),
    remove: (node) => node.remove(),
    wrap: (node, document) => { const around = document.createElement(pick(tags)); node.replaceWith(around); around.append(node); },
    unwrap: (node) => node.replaceWith(...node.childNodes),
    reorder: (node) => node.parentNode.prepend(node),
    move: (node, document) => { const to = pick([...document.body.querySelectorAll('*')]); if (!node.contains(to)) to.append(node); },
    retag: (node, document) => { const other = document.createElement(pick(tags)); for (const { name, value } of node.attributes) other.setAttribute(name, value); other.append(...node.childNodes); node.replaceWith(other); },
    class: (node) => node.classList.toggle(pick(['x', 'y', 'z'])),
    style: (node) => { node.style[pick(['color', 'background'])] = pick(['red', 'blue', '']); if (!node.getAttribute('style')) node.removeAttribute('style'); },
    attribute: (node) => node.setAttribute('title', random(9)),
  };
  const classesSorted = (root) => { for (const node of root.querySelectorAll('[class]')) node.className = [...node.classList].sort().join(' '); };
  const print = (body) => { const copy = body.cloneNode(true); classesSorted(copy); copy.normalize(); return copy.innerHTML; };
  const host = { page: { file: '/index.html', hash: '' }, highlight: false };
  let before = parse('<!doctype html><html><head></head><body></body></html>');
  document.body.replaceChildren();
  const wrong = [];
  let lostIds = 0;
  for (let at = 0; at < count; at++) {
    const file = parse(before.documentElement.outerHTML);
    const names = [];
    for (let more = 0; more <= random(3); more++) {
      const nodes = [...file.body.querySelectorAll('*')];
      const name = nodes.length < 5 ? 'grow' : nodes.length > 60 ? 'remove' : pick(Object.keys(edits));
      names.push(name);
      if (name === 'grow') file.body.append(make(file), make(file));
      else edits[name](pick(nodes), file);
    }
    const after = parse('<!doctype html>' + file.documentElement.outerHTML);
    const named = new Map([...document.body.querySelectorAll('[id]')].map((node) => [node.id, node]));
    const outcome = mergeDocuments(before, after, host);
    const [got, wanted] = [print(document.body), print(after.body)];
    if (got !== wanted) {
      wrong.push({ at, names, outcome, from: print(before.body), got, wanted });
      break;
    }
    for (const [id, node] of named) {
      const now = document.getElementById(id);
      if (now && now.localName === node.localName && now !== node) lostIds++;
    }
    before = after;
  }
  return { wrong, lostIds };
}`;

test(`after each of ${EDITS} random edits the page is what its file says, and named elements are the same`, async (t) => {
  await using files = await fixture({ 'index.html': '<!doctype html><title>x</title>' });
  await using server = await startServer(files.path);
  await using tab = await openPage(server.url());
  for (const seed of [1, 2, 3]) {
    await t.test(`seed ${seed}`, async () => {
      const result = await tab.page.evaluate(`(${RUN})(${seed}, ${EDITS})`);
      assert.deepEqual(result, { wrong: [], lostIds: 0 });
    });
  }
});
