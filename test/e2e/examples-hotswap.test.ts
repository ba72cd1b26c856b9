/**
 * The pond: edited as its README says, in one page, by the command line as users have it. What was made when the page was loaded is there to the
 * end, and does what the files say.
 */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { openExample, type Example } from './examples-support.ts';

interface Pond extends Example {
  /** Saves, and waits until the page says that it changed in place, or what else it says. */
  save(file: string, from: string, to: string, says?: RegExp): Promise<void>;
  /** Presses the key until the text is there. */
  press(key: string, text: string): Promise<void>;
}

async function openPond(t: TestContext): Promise<Pond> {
  const example = await openExample(t, 'hotswap');
  const { tab, files } = example;
  await tab.untilText('#shopping h2', 'Shopping: 3');
  await tab.page.keyboard.press('f');
  await tab.untilText('.tells', '40 fish, fed 1 times; the longest is 20 long.');
  await tab.page.getByLabel('What else').fill('Eggs');
  await tab.page.getByLabel('What else').press('Enter');
  await tab.untilText('#shopping h2', 'Shopping: 4');
  await tab.page.getByLabel('What else').fill('Ja');
  await tab.page.evaluate(`document.activeElement.blur(), window.old = document.querySelector('#shopping li')`);
  return {
    ...example,
    async save(file, from, to, says = /hot updated: \/src\/main\.js/) {
      const seen = tab.console.lines.length;
      await files.edit(file, from, to);
      await tab.waitForConsole(says, seen);
      assert.equal(await tab.page.getByLabel('What else').inputValue(), 'Ja');
      assert.ok(await tab.page.evaluate('old.isConnected'), 'elements are those of before');
    },
    async press(key, text) {
      await tab.page.keyboard.press(key);
      await tab.untilText('.tells', text);
    },
  };
}

/** Whether the colour of the water is in the picture. */
const water = (rgb: string): string =>
  `document.querySelector('canvas').getContext('2d').getImageData(0, 0, 1, 1).data.slice(0, 3).join() === '${rgb}'`;

test('pond: a running loop, timers, listeners and a Map of handlers', async (t) => {
  const { tab, save, press, assertAlive } = await openPond(t);
  const { page } = tab;
  await save('src/fish.js', '+ width) % width;', '+ width) % width;\n    this.y += Math.sin(this.x / 20);');
  await save('src/fish.js', 'context.ellipse(x, y, length,', 'context.ellipse(x, y, length * 1.5,');
  await page.waitForFunction(water('223,243,245'));
  await save('src/pond.js', "'#dff3f5'", "'#0a3d62'");
  await page.waitForFunction(water('10,61,98'));

  await save('src/pond.js', 'this.fed += 1', 'this.fed += 10');
  await press('f', '40 fish, fed 11 times; the longest is 20 long.');
  await save('src/pond.js', 'get(key)', 'get(key.toLowerCase())');
  await press('F', '40 fish, fed 21 times; the longest is 20 long.');
  await save('src/pond.js', 'this.#second += 1;', 'this.#second += 60;');
  await page.waitForFunction(`parseInt(document.querySelector('.tells').title.slice(8)) > 60`);
  await assertAlive(/^Canvas2D: /);
});

test('pond: Backbone, whose models, views and delegated listeners are the old ones', async (t) => {
  const { tab, save, assertAlive } = await openPond(t);
  const { page } = tab;
  await save('src/shopping.js', "`${this.get('count')} × ${this.get('name')}`", "`${this.get('name')} (${this.get('count')})`");
  await tab.untilText('#shopping li:nth-child(3) .label', 'Eggs (1)');
  await save('src/shopping.js', "this.model.get('count') + 1", "this.model.get('count') + 12");
  await page.locator('#shopping .more').nth(1).click();
  await tab.untilText('#shopping li:nth-child(2) .label', 'Milk (14)');
  await save('src/shopping.js', '  total() {', '  kinds() {\n    return this.length;\n  },\n\n  total() {');
  await save('src/shopping.js', '${this.collection.total()}', '${this.collection.total()} of ${this.collection.kinds()} kinds');
  await tab.untilText('#shopping h2', 'Shopping: 16 of 3 kinds');
  // What is made after is of the same classes.
  await page.getByLabel('What else').fill('Jam');
  await page.getByLabel('What else').press('Enter');
  await tab.untilText('#shopping li:nth-child(4) .label', 'Jam (1)');
  await tab.untilText('#shopping h2', 'Shopping: 17 of 4 kinds');
  await assertAlive();
});

test('pond: another form of data, and what becomes of the fish that are there', async (t) => {
  const { files, tab, save, press, assertAlive } = await openPond(t);
  const text = await files.read('src/fish.js');
  const changed = text
    .replace('this.size = 8 + (index % 5) * 3;', 'this.size = { length: 8 + (index % 5) * 3, height: 6 };')
    .replace('return this.size;', 'return this.size.length;')
    .replace('return this.size / 2;', 'return this.size.height;');
  const migrate = `
import.meta.hot?.migrate({
  Fish: (fish) => {
    if (typeof fish.size === 'number') fish.size = { length: fish.size, height: 6 };
  },
});
`;
  await save('src/fish.js', text, changed + migrate);
  await press('f', '40 fish, fed 2 times; the longest is 20 long.');
  await save('src/fish.js', 'length: fish.size, height', 'length: fish.size * 2, height');
  await press('f', '40 fish, fed 3 times; the longest is 20 long.');
  await save('src/fish.js', 'return this.size.length;', 'return this.size.length + 1;');
  await tab.untilText('.tells', '40 fish, fed 3 times; the longest is 21 long.');
  await assertAlive();
});

test('pond: what cannot be done in place', async (t) => {
  const { tab, save, assertAlive } = await openPond(t);
  await save('src/fish.js', 'const COLOURS', "document.title = 'Fish';\nconst COLOURS");
  assert.equal(await tab.page.title(), 'Fish');
  await save('src/fish.js', "'Fish';", "'Fishes';", /not changed in place: \/src\/fish\.js:1 \(a statement at module level changed\)/);
  await tab.page.waitForFunction(`document.title === 'Fishes'`);
  // There are two versions now: the one that is seen keeps the code that it had.
  await save('src/pond.js', '} fish, fed', '} FISH, fed');
  await tab.page.keyboard.press('f');
  await tab.untilText('.tells', '40 fish, fed 2 times; the longest is 20 long.');
  await assertAlive();
});
