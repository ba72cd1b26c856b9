/**
 * The matrix: every kind of live state under every kind of HTML edit, around the state's element and on it. One page load for each kind of edit,
 * one save that edits all blocks of the page, and one answer for each cell.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixture } from '../harness/fixture.ts';
import { browser, openPage } from '../harness/browser.ts';
import { startServer } from '../harness/server.ts';
import { ALONE, SETUP, STATES } from './html-merge-states.ts';

interface Block {
  readonly tag: string;
  readonly before: string;
  readonly content: string;
  readonly after: string;
}

interface Edit {
  readonly block?: (block: Block) => string;
  readonly head?: string;
  /** In the page: whether the edit has arrived in a block. */
  readonly arrived: string;
}

const HEAD = '<title>one</title><style>p { color: red }</style>';

const print = ({ tag, before, content, after }: Block): string =>
  `<${tag} class="block">\n  ${before}\n  ${content}\n  ${after}\n</${tag}>\n`;

const EDITS: Readonly<Record<string, Edit>> = {
  text: {
    block: (block) => print({ ...block, before: '<p class="before">edited</p>' }),
    arrived: `block.querySelector('.before').textContent === 'edited'`,
  },
  insert: {
    block: (block) => print({ ...block, before: `${block.before}<p class="new">new</p>` }),
    arrived: `block.querySelectorAll('.new').length === 1`,
  },
  wrap: {
    block: (block) => print({ ...block, content: `<div class="wrap">${block.content}</div>` }),
    arrived: `block.querySelector('.wrap').contains(el)`,
  },
  delete: { block: (block) => print({ ...block, before: '' }), arrived: `!block.querySelector('.before')` },
  reorder: {
    block: (block) => print({ ...block, before: block.after, after: block.before }),
    arrived: `block.querySelector('.after').compareDocumentPosition(el) === 4 && el.compareDocumentPosition(block.querySelector('.before')) === 4`,
  },
  'tag change': { block: (block) => print({ ...block, tag: 'article' }), arrived: `block.localName === 'article' && block.contains(el)` },
  attribute: {
    block: (block) => print({ ...block, content: block.content.replace('data-x="0"', 'data-x="1"') }),
    arrived: `el.dataset.x === '1'`,
  },
  class: {
    block: (block) => print({ ...block, content: block.content.replace('class="k"', 'class="k edited"') }),
    arrived: `el.classList.contains('edited') && el.classList.contains('k')`,
  },
  head: {
    head: '<title>two</title><meta name="description" content="new"><style>p { color: blue }</style>',
    arrived: `document.title === 'two' && getComputedStyle(block.querySelector('p')).color === 'rgb(0, 0, 255)'`,
  },
};

const idOf = (name: string): string => `s-${name.replaceAll(' ', '-')}`;

function blockOf(name: string): Block {
  const content = (STATES[name]?.html ?? '').replace('ID', `id="${idOf(name)}" class="k" data-x="0"`);
  return { tag: 'section', before: '<p class="before">before</p>', content, after: '<p class="after">after</p>' };
}

function pageOf(names: readonly string[], { block = print, head = HEAD }: Partial<Edit>): string {
  const blocks = names.map((name) => block(blockOf(name)));
  return `<!doctype html><html><head>${head}${SETUP}</head><body>\n${blocks.join('')}</body></html>`;
}

/** The code of all states as functions, since pages may forbid to evaluate text. */
function script(names: readonly string[], edit: Edit): string {
  const parts = names.map((name) => {
    const state = STATES[name];
    return `${JSON.stringify(idOf(name))}: { name: ${JSON.stringify(name)}, kept: {}, act: async (el, kept) => { ${state?.act} }, check: (el, kept) => ${state?.check} }`;
  });
  return `globalThis.cells = { ${parts.join(', ')} }; globalThis.hasArrived = (el, block) => ${edit.arrived};
    (async () => { for (const [id, cell] of Object.entries(cells)) await cell.act(cell.el = document.getElementById(id), cell.kept); })()`;
}

/** Cells that are not as they were, or that the edit has not reached. */
const ASK = `Object.values(cells).flatMap(({ name, el, kept, check }) => {
  const block = el.closest('.block');
  const isKept = el.isConnected && check(el, kept);
  const isThere = el.isConnected && hasArrived(el, block);
  return [isKept ? [] : name, isThere ? [] : name + ': the edit is not there'].flat();
})`;

const groups = [Object.keys(STATES).filter((name) => !ALONE.includes(name)), ...ALONE.map((name) => [name])];

for (const [kind, edit] of Object.entries(EDITS)) {
  test(`${Object.keys(STATES).length} kinds of live state under an edit: ${kind}`, async () => {
    const nameOf = (index: number): string => `page${index}.html`;
    await using files = await fixture(Object.fromEntries(groups.map((names, index) => [nameOf(index), pageOf(names, {})])));
    await using server = await startServer(files.path);
    const context = await (await browser()).newContext();
    const tabs = await Promise.all(groups.map((_, index) => openPage(server.url(`/${nameOf(index)}`), { context })));
    const lost: string[] = [];
    for (const [index, tab] of tabs.entries()) {
      const names = groups[index] ?? [];
      await tab.waitForConsole(/connected/);
      await tab.markDocument();
      await tab.page.bringToFront();
      await tab.page.evaluate(script(names, edit));
      await files.write(nameOf(index), pageOf(names, edit));
      await tab.waitForConsole(/^\[hmr-dev\] html merged \(\d+ nodes?\)/);
      lost.push(...((await tab.page.evaluate(ASK)) as string[]).map((name) => `${name} / ${kind}`));
      assert.ok(await tab.isSameDocument());
      assert.deepEqual(tab.errors, []);
    }
    await context.close();
    assert.deepEqual(lost, []);
  });
}

interface Loss {
  readonly html: string;
  readonly from: string;
  readonly to: string;
  readonly act: string;
  /** An expression: what is left. */
  readonly left: string;
}

/** Edits of the very thing that holds the state, by the reason why it does not outlive them. */
const LOSSES: Readonly<Record<string, Loss>> = {
  'an element with another tag name is another element: no listeners, no typed text': {
    html: '<input id="x">',
    from: '<input id="x">',
    to: '<textarea id="x"></textarea>',
    act: `x.value = 'typed'`,
    left: `x.localName + x.value`,
  },
  'the author decides what a field holds': {
    html: '<input id="x" value="one">',
    from: 'value="one"',
    to: 'value="two"',
    act: `x.value = 'typed'`,
    left: 'x.value',
  },
  'the author decides what a text says': {
    html: '<output id="x">0</output>',
    from: '>0<',
    to: '>1<',
    act: `x.textContent = '5'`,
    left: 'x.textContent',
  },
  'an edited style block is read anew, without the rules of scripts': {
    html: '<style id="x">p { color: red }</style>',
    from: 'red',
    to: 'blue',
    act: `x.sheet.insertRule('b { color: red }')`,
    left: 'x.sheet.cssRules.length',
  },
  'a frame with another address loads it': {
    html: '<iframe id="x" srcdoc="one"></iframe>',
    from: 'srcdoc="one"',
    to: 'srcdoc="two"',
    act: 'x.contentWindow.mark = 1',
    left: `(async () => { await new Promise((resolve) => x.contentDocument.body?.textContent === 'two' ? resolve() : x.addEventListener('load', resolve)); return x.contentWindow.mark ?? 'none'; })()`,
  },
};

test('what does not outlive an edit of itself, with the reason', async () => {
  const blocks = Object.values(LOSSES).map(({ html }, index) => html.replace('id="x"', `id="x${index}"`));
  const pageWith = (parts: readonly string[]): string => `<!doctype html><html><head></head><body>${parts.join('\n')}</body></html>`;
  await using files = await fixture({ 'index.html': pageWith(blocks) });
  await using server = await startServer(files.path);
  await using tab = await openPage(server.url());
  await tab.waitForConsole(/connected/);
  const inPage = (index: number, code: string): Promise<unknown> =>
    tab.page.evaluate(`((x) => ${code})(document.getElementById('x${index}'))`);
  for (const [index, { act }] of Object.values(LOSSES).entries()) await inPage(index, act);
  const edited = Object.values(LOSSES).map(({ html, from, to }, index) => html.replace(from, to).replace('id="x"', `id="x${index}"`));
  await files.write('index.html', pageWith(edited));
  await tab.waitForConsole(/html merged/);
  const left = await Promise.all(Object.values(LOSSES).map(({ left: expression }, index) => inPage(index, expression)));
  assert.deepEqual(left, ['textarea', 'two', '1', 1, 'none']);
  assert.equal(tab.loads.length, 1);
});
