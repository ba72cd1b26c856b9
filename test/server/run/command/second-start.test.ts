/**
 * A program that is started again as it was: its modules are linked already, and what links is loaded only where somebody cannot do without: a stack, a
 * file that is new.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import { test } from 'node:test';
import { runCli } from '../../../harness/cli.ts';
import { fixture } from '../../../harness/fixture.ts';

const PROGRAM = {
  'main.ts': `interface Place {
  name: string;
}
import { createRequire } from 'node:module';
import { whereAmI } from './where.ts';
const place: Place = { name: whereAmI() };
console.log(place.name);
console.log(createRequire(import.meta.url)(process.argv[2]).text);
`,
  'where.ts': `type Text = string;

export const whereAmI = (): Text => String(new Error('here').stack).split('\\n')[1] ?? '';
`,
  'one.cjs': "exports.text = 'one';",
  'two.cjs': "exports.text = 'two';",
};

for (const [how, NODE_OPTIONS] of [
  ['as it is', ''],
  ['where require takes no ES modules', '--no-experimental-require-module'],
] as const) {
  test(`stacks and files that are new, ${how}`, async () => {
    await using cache = await fixture();
    await using program = await fixture(PROGRAM);
    for (const name of ['one', 'one', 'two']) {
      const options = { cwd: program.path, env: { NODE_OPTIONS, XDG_CACHE_HOME: cache.path } };
      const { stdout, stderr, code } = await runCli(['run', 'main.ts', `./${name}.cjs`], options);
      assert.equal(stderr, '');
      assert.equal(code, 0);
      const [place, text] = stdout.split('\n');
      assert.match(place ?? '', /where\.ts:3:44\)?$/);
      assert.equal(text, name);
    }
    assert.equal((await fs.readdir(cache.resolve('hmr-dev'))).length, 1);
  });
}
