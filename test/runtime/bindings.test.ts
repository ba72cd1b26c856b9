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

  const barrels: Readonly<Record<string, string>> = {
    names: `export { a } from './a.js'; export { b } from './b.js';`,
    stars: `export * from './a.js'; export * from './b.js';`,
    imports: `import { a } from './a.js'; import { b } from './b.js'; export { a, b };`,
    'other names': `export { x as a } from './deeper.js'; export { y as b } from './deeper.js';`,
  };
  const readers: Readonly<Record<string, string>> = {
    'a module that accepts itself': `import { a, b } from './barrel.js'; log(a + b); import.meta.hot.accept();`,
    'a namespace': `import * as all from './barrel.js'; log(all.a + all.b); import.meta.hot.accept();`,
    'a container': `import { container } from 'hmr-dev/client'; await container({ './view.js': 'view' }, ({ view }) => log(view.text()));`,
    'an importer that does not run again': `import { a, b } from './barrel.js'; log(a + b); import.meta.hot.accept('./barrel.js', () => log(a + b));`,
  };
  for (const [barrel, text] of Object.entries(barrels)) {
    for (const [reader, main] of Object.entries(readers)) {
      it(`stay, of what did not change, for ${reader} behind a barrel of ${barrel}`, async () => {
        const program = createProgram({
          '/main.js': main,
          '/view.js': `import { a, b } from './barrel.js'; export const text = () => a + b;`,
          '/barrel.js': text,
          '/deeper.js': `export { a as x } from './a.js'; export { b as y } from './b.js';`,
          '/a.js': `export const a = 'a1';`,
          '/b.js': `export let b = 'b1';`,
        });
        await program.start();
        assert.deepEqual(program.take(), ['a1b1']);
        const saves = [{ '/a.js': `export const a = 'a2';` }, { '/b.js': `export let b = 'b2';` }, { '/a.js': `export const a = 'a3';` }];
        for (const save of saves) assert.equal((await program.save(save)).kind, 'updated');
        assert.deepEqual(program.take(), ['a2b1', 'a2b2', 'a3b2']);
        assert.deepEqual(program.errors, []);
      });
    }
  }

  it('are those of before, when an update fails', async () => {
    const program = createProgram({
      '/main.js': `import { a, b } from './barrel.js'; state.read = () => a + b; import.meta.hot.accept();`,
      '/barrel.js': `export { a } from './a.js'; export { b } from './b.js';`,
      '/a.js': `export const a = 'a1';`,
      '/b.js': `export const b = 'b1';`,
    });
    await program.start();
    const read = program.state['read'] as () => string;
    assert.equal((await program.save({ '/a.js': `export const a = 'a2'; throw new Error('no');` })).kind, 'failed');
    assert.equal(read(), 'a1b1');
    assert.equal((await program.save({ '/a.js': `export const a = 'a3';` })).kind, 'updated');
    assert.equal((program.state['read'] as () => string)(), 'a3b1');
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
