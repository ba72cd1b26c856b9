/**
 * The page of `examples/server` in Chromium: it speaks and hears over edits of the server, and is never loaded again.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPage } from '../harness/browser.ts';
import { startChat } from '../server/run/command/chat.ts';

test('server: an open page speaks to the newest version, and keeps what was said', async (t) => {
  await using chat = await startChat();
  const { run, port } = chat;
  const tab = await openPage(`http://localhost:${port}/`);
  t.after(() => tab.close());
  await tab.markDocument();
  await tab.untilText('output', 'Connected');
  const say = async (text: string): Promise<void> => {
    await tab.page.getByRole('textbox').fill(text);
    await tab.page.keyboard.press('Enter');
  };

  await say('hello');
  await tab.page.locator('li', { hasText: 'hello' }).waitFor();
  await run.expect('err', /chat\.js: reloaded/, () => run.folder.edit('chat.js', 'return text;', 'return text.toUpperCase();'));
  await say('louder');
  await tab.page.locator('li', { hasText: 'LOUDER' }).waitFor();
  await say('/count');
  await tab.page.locator('output', { hasText: / requests since the start$/ }).waitFor();
  assert.equal(await tab.page.locator('li').count(), 2);
  assert.equal(await tab.isSameDocument(), true);
  assert.deepEqual(tab.errors, []);
});
