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

  it('are not kept level for a barrel that was pruned', async () => {
    const program = createProgram({
      '/main.js': `import './view.js'; import './data.js';`,
      '/view.js': `import { value } from './barrel.js'; import.meta.hot.accept();`,
      '/barrel.js': `export * from './data.js';`,
      '/data.js': `export let value = 1; import.meta.hot.accept(); state.set = (next) => (value = next);`,
    });
    await program.start();
    const barrel = program.runtime.registry.record('/barrel.js');
    await program.save({ '/view.js': `import.meta.hot.accept();` });
    assert.equal(program.runtime.registry.record('/barrel.js'), undefined);
    (program.state['set'] as (next: number) => void)(2);
    assert.equal(barrel?.cells.read('value'), 1);
  });
});
