import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createProgram } from './program.ts';

describe('forwarded exports over an update', () => {
  it('follow a namespace object that is exported by a name, in both ways to write it', async () => {
    for (const through of [`export * as data from './data.js';`, `import * as data from './data.js'; export { data };`]) {
      const program = createProgram({
        '/main.js': `import { data } from './through.js'; import.meta.hot.accept('./data.js', () => log(data.value)); log(data.value);`,
        '/through.js': `${through} import.meta.hot.accept('./data.js');`,
        '/data.js': `export const value = 1;`,
      });
      await program.start();
      const { kind } = await program.save({ '/data.js': `export const value = 2;` });
      assert.equal(kind, 'updated');
      assert.deepEqual(program.take().slice(0, 1), [1]);
      assert.equal((program.namespace('/through.js')['data'] as { value: number }).value, 2, through);
    }
  });
});
