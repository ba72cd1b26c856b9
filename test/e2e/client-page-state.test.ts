import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestPage } from '../harness/browser.ts';
import { openTab, html, startScriptedServer } from './client-support.ts';
import type { ScriptedServer } from './client-support.ts';

/** As the client composes them: explain and restore on load, keep at a reload. */
const CREATE = `<script>
globalThis.pageState = hmr.createPageState();
globalThis.reloader = hmr.createReloader({ log: hmr.createConsoleLog(), pageState });
reloader.explain();
addEventListener('DOMContentLoaded', () => pageState.restore());
</script>`;

declare global {
  var pageState: ReturnType<typeof globalThis.hmr.createPageState>;
  var reloader: ReturnType<typeof globalThis.hmr.createReloader>;
}

async function open(server: ScriptedServer, body: string, path = '/'): Promise<TestPage> {
  server.resources.set('/', html(body, CREATE));
  return openTab(server.origin + path);
}

async function reload({ page, loads }: TestPage): Promise<void> {
  const before = loads.length;
  const loaded = page.waitForEvent('load');
  await page.evaluate(() => globalThis.reloader.reload('main.ts accepts nothing', { path: '/main.ts' }));
  await loaded;
  assert.equal(loads.length, before + 1);
}

test('the reason is said before and after the reload', async () => {
  await using server = await startScriptedServer();
  await using tab = await open(server, '');
  assert.equal(tab.console.lines.length, 0);
  await reload(tab);
  await tab.waitForConsole(/page reload/, 1);
  assert.deepEqual(
    tab.console.lines.filter((line) => line.startsWith('[hmr-dev]')),
    ['[hmr-dev] page reload /main.ts (main.ts accepts nothing)', '[hmr-dev] page reload /main.ts (main.ts accepts nothing)'],
  );
});

test('one reload per event, over documents', async () => {
  await using server = await startScriptedServer();
  await using tab = await open(server, '');
  const loaded = tab.page.waitForEvent('load');
  await tab.page.evaluate(() => globalThis.reloader.reload('r', { eventId: 'e-1' }));
  await loaded;
  await tab.page.evaluate(() => globalThis.reloader.reload('r', { eventId: 'e-1' }));
  await tab.waitForConsole(/for the same change already/);
  assert.equal(tab.loads.length, 2);
});

test('scroll of the window and of boxes, in both directions', async () => {
  await using server = await startScriptedServer();
  const big = '<div style="width: 5000px; height: 5000px"></div>';
  await using tab = await open(
    server,
    `<style>html { scroll-behavior: smooth }</style><div id="box" style="overflow: auto; width: 100px; height: 100px">${big}</div>${big}`,
  );
  await tab.page.evaluate(() => {
    scrollTo({ left: 20, top: 700, behavior: 'instant' });
    document.getElementById('box')?.scrollTo(30, 400);
  });
  await reload(tab);
  const position = await tab.page.evaluate(() => {
    const box = document.getElementById('box');
    return [scrollX, scrollY, box?.scrollLeft, box?.scrollTop];
  });
  assert.deepEqual(position, [20, 700, 30, 400]);
});

const FORM = `<form autocomplete="off">
<input id="text" value="default"><input name="noid"><textarea>old</textarea>
<input type="checkbox" id="check"><input type="checkbox" id="checked" checked>
<input type="radio" name="r" value="1" checked><input type="radio" name="r" value="2">
<select id="one"><option>a<option>b<option>c</select><select id="many" multiple><option selected>a<option>b<option>c</select>
<input type="password" id="password"><input id="card" autocomplete="cc-number"><input type="hidden" id="hidden" value="page">
<input type="range" id="range"><input type="file" id="file"><details><summary>more</summary></details><details open><summary>less</summary></details>
</form>`;

test('what was typed and chosen, but never secrets', async () => {
  await using server = await startScriptedServer();
  await using tab = await open(server, FORM);
  const { page } = tab;
  await page.fill('#text', 'typed');
  await page.fill('[name=noid]', 'also typed');
  await page.fill('textarea', 'two\nlines');
  await page.check('#check');
  await page.uncheck('#checked');
  await page.check('[value="2"]');
  await page.selectOption('#one', 'c');
  await page.selectOption('#many', ['b', 'c']);
  await page.fill('#password', 'secret');
  await page.fill('#card', '4111');
  await page.fill('#range', '80');
  await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = !details.open;
    (document.getElementById('hidden') as HTMLInputElement).value = 'script';
  });
  const kept = await page.evaluate(() => {
    globalThis.pageState.save();
    return JSON.stringify({ ...sessionStorage });
  });
  assert.ok(!kept.includes('secret') && !kept.includes('4111'), kept);
  await reload(tab);
  const values = await page.evaluate(() => {
    const value = (selector: string): string => (document.querySelector(selector) as HTMLInputElement).value;
    const selected = (selector: string): string[] =>
      [...(document.querySelector(selector) as HTMLSelectElement).selectedOptions].map((option) => option.value);
    return {
      texts: ['#text', '[name=noid]', 'textarea', '#range', '#hidden', '#password', '#card'].map(value),
      checked: [...document.querySelectorAll<HTMLInputElement>('[type=checkbox], [type=radio]')].map((input) => input.checked),
      selected: [selected('#one'), selected('#many')],
      open: [...document.querySelectorAll('details')].map((details) => details.open),
    };
  });
  assert.deepEqual(values, {
    texts: ['typed', 'also typed', 'two\nlines', '80', 'page', '', ''],
    checked: [true, false, false, true],
    selected: [['c'], ['b', 'c']],
    open: [true, false],
  });
});

test('no event is made up: the page’s own handlers stay quiet', async () => {
  await using server = await startScriptedServer();
  await using tab = await open(
    server,
    '<form autocomplete="off"><input id="a" oninput="console.log(`input`)" onchange="console.log(`change`)"></form>',
  );
  await tab.page.evaluate(() => void ((document.getElementById('a') as HTMLInputElement).value = 'x'));
  await reload(tab);
  assert.equal(await tab.page.inputValue('#a'), 'x');
  assert.ok(!tab.console.lines.some((line) => line === 'input' || line === 'change'));
});

test('a default that was not touched shows its new value', async () => {
  await using server = await startScriptedServer();
  await using tab = await open(server, '<form autocomplete="off"><input id="a" value="old"><input id="b" value="old"></form>');
  await tab.page.fill('#b', 'typed');
  server.resources.set('/', html('<form autocomplete="off"><p>new</p><input id="a" value="new"><input id="b" value="new"></form>', CREATE));
  await reload(tab);
  assert.deepEqual([await tab.page.inputValue('#a'), await tab.page.inputValue('#b')], ['new', 'typed']);
});

test('focus and selection', async () => {
  await using server = await startScriptedServer();
  await using tab = await open(server, '<p><input></p><p><input><button>b</button></p>');
  await tab.page.fill('p:nth-of-type(2) input', 'select this');
  await tab.page.evaluate(() => {
    const input = document.querySelector<HTMLInputElement>('p:nth-of-type(2) input');
    input?.focus();
    input?.setSelectionRange(7, 11, 'backward');
  });
  await reload(tab);
  const selection = await tab.page.evaluate(() => {
    const input = document.activeElement as HTMLInputElement;
    return [input.value, input.selectionStart, input.selectionEnd, input.selectionDirection];
  });
  assert.deepEqual(selection, ['select this', 7, 11, 'backward']);
  await tab.page.focus('button');
  await reload(tab);
  assert.equal(await tab.page.evaluate(() => document.activeElement?.localName), 'button');
});

test('selected text, in its direction; not where it is another text', async () => {
  await using server = await startScriptedServer();
  await using tab = await open(server, '<p>some <b>selected</b> words</p><p id="end">the end</p>');
  const select = (anchor: number, focus: number): Promise<void> =>
    tab.page.evaluate(
      ([from = 0, to = 0]) => {
        const [start, end] = [document.querySelector('b'), document.getElementById('end')];
        if (start?.firstChild && end?.firstChild) getSelection()?.setBaseAndExtent(end.firstChild, from, start.firstChild, to);
      },
      [anchor, focus],
    );
  const selected = (): Promise<unknown> =>
    tab.page.evaluate(() => [String(getSelection()), getSelection()?.anchorNode?.parentElement?.id, getSelection()?.focusOffset]);
  await select(3, 2);
  const before = await selected();
  await reload(tab);
  assert.deepEqual(await selected(), before);
  assert.deepEqual(before, ['lected words\n\nthe', 'end', 2]);
  server.resources.set('/', html('<p>some <b>s</b></p><p id="end">the end</p>', CREATE));
  await reload(tab);
  assert.equal(((await selected()) as unknown[])[0], '');
  assert.deepEqual(tab.errors, []);
});

test('in shadow trees, and in what a script makes after load', async () => {
  await using server = await startScriptedServer();
  const body = `<x-host></x-host><div id="app"></div><script>
    const root = document.querySelector('x-host').attachShadow({ mode: 'open' });
    root.innerHTML = '<input>';
    addEventListener('load', () => setTimeout(() => {
      document.getElementById('app').innerHTML = '<ul><li><input></li></ul><div style="height: 4000px"></div>';
      globalThis.made = true;
    }));
  </script>`;
  await using tab = await open(server, body);
  await tab.page.waitForFunction('globalThis.made');
  await tab.page.locator('x-host input').fill('inside');
  await tab.page.locator('#app input').fill('late');
  await tab.page.evaluate(() => scrollTo(0, 900));
  await reload(tab);
  await tab.page.waitForFunction('globalThis.made && scrollY === 900');
  assert.equal(await tab.page.locator('x-host input').inputValue(), 'inside');
  assert.equal(await tab.page.locator('#app input').inputValue(), 'late');
});

test('what is gone is left out, what changed its kind is not written to', async () => {
  await using server = await startScriptedServer();
  await using tab = await open(server, '<form autocomplete="off"><input id="a"><input id="b"><input id="c"></form>');
  for (const id of ['a', 'b', 'c']) await tab.page.fill(`#${id}`, id);
  server.resources.set(
    '/',
    html('<form autocomplete="off"><input id="a" type="password"><p id="b">text</p><textarea id="c"></textarea></form>', CREATE),
  );
  await reload(tab);
  assert.deepEqual([await tab.page.inputValue('#a'), await tab.page.textContent('#b'), await tab.page.inputValue('#c')], ['', 'text', 'c']);
  assert.deepEqual(tab.errors, []);
});

test('is used once, on the same page only', async () => {
  await using server = await startScriptedServer();
  await using tab = await open(server, '<form autocomplete="off"><input id="a"></form>', '/?page=1');
  await tab.page.fill('#a', 'typed');
  await reload(tab);
  assert.equal(await tab.page.inputValue('#a'), 'typed');
  await tab.page.evaluate(() => ((document.getElementById('a') as HTMLInputElement).value = ''));
  await tab.page.reload();
  assert.equal(await tab.page.inputValue('#a'), '');
  await tab.page.fill('#a', 'typed');
  await tab.page.evaluate(() => globalThis.pageState.save());
  await tab.page.goto(`${server.origin}/?page=2`);
  assert.equal(await tab.page.inputValue('#a'), '');
});

test('the user’s own scroll wins over what is still waited for', async () => {
  await using server = await startScriptedServer();
  await using tab = await open(server, '<div id="tall" style="height: 5000px"></div>');
  await tab.page.evaluate(() => scrollTo(0, 3000));
  server.resources.set('/', html('<div id="tall" style="height: 2000px"></div>', CREATE));
  await reload(tab);
  const target = await tab.page.evaluate(() => scrollY);
  await tab.page.mouse.move(50, 50);
  await tab.page.mouse.wheel(0, -300);
  await tab.page.waitForFunction((before) => scrollY < before, target);
  await tab.page.evaluate(async () => {
    document.body.append('more');
    await new Promise((resolve) => requestAnimationFrame(resolve));
  });
  assert.ok((await tab.page.evaluate(() => scrollY)) < target);
});
