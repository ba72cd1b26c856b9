/** A module that runs again: what listeners and old objects hold of its earlier version calls the newest. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProgram } from '../program.ts';

const version = (word: string): string => `
  let calls = 0;
  export function declared(x) { return '${word} declared ' + x + ' ' + ++calls; }
  export const arrow = (x) => '${word} arrow ' + x;
  export const api = { method(x) { return '${word} method ' + x; } };
  export class Model { constructor() { this.kept = 'kept'; } show() { return '${word} show ' + this.kept; } get word() { return '${word}'; } static make() { return '${word} make'; } }
  export class Secret { #x = '${word}'; show() { return this.#x; } }
  import.meta.hot.accept();`;

const MAIN = `
  import * as view from './view.js';
  const { declared, arrow, api, Model, Secret } = view;
  const { method } = api;
  const model = new Model(), secret = new Secret();
  state.read = () => [declared('a'), arrow('b'), method('c'), model.show(), model.word, Model.make(), secret.show()];`;

test('functions, methods and accessors move on; classes with private names stay what they are', async () => {
  const program = createProgram({ '/main.js': MAIN, '/view.js': version('one') }, 'classes');
  await program.start();
  const read = (): string[] => [...(program.state['read'] as () => string[])()];
  const expected = (word: string, calls: number): string[] => [
    `${word} declared a ${calls}`,
    `${word} arrow b`,
    `${word} method c`,
    `${word} show kept`,
    word,
    `${word} make`,
    'one',
  ];
  assert.deepEqual(read(), expected('one', 1));
  for (const word of ['two', 'three', 'four']) {
    const outcome = await program.save({ '/view.js': version(word) });
    assert.equal(outcome.kind, 'updated');
    // The state is that of the version that runs.
    assert.deepEqual(read(), expected(word, 1));
    assert.deepEqual(read(), expected(word, 2));
  }
});

test('what the newest version has not keeps its last code; a version that fails changes nothing', async () => {
  const program = createProgram({ '/main.js': MAIN, '/view.js': version('one') }, 'classes');
  await program.start();
  const [first] = (program.state['read'] as () => string[])();
  assert.equal(first, 'one declared a 1');
  const failed = await program.save({ '/view.js': `${version('two')}\nthrow new Error('no');` });
  assert.equal(failed.kind, 'failed');
  assert.equal((program.state['read'] as () => string[])()[0], 'one declared a 2');
  await program.save({ '/view.js': version('three').replace('export const arrow', 'export const arrow = 1; const other') });
  const [declared, arrow] = (program.state['read'] as () => string[])();
  assert.deepEqual([declared, arrow], ['three declared a 1', 'one arrow b']);
});
