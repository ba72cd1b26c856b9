import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBase, NO_BASE, type Base } from '../../src/server/base.ts';
import type { RawSourceMap } from '../../src/server/compile/source-map.ts';
import { mapPageError } from '../../src/server/stacks.ts';

/** Line n of `/src/(app)/page.ts`, from 1, is line n of its definition; what is no module is where it says. */
async function framesOf(stack: string, maps: string[] = [], base: Base = NO_BASE): Promise<(string | undefined)[]> {
  const map: RawSourceMap = { version: 3, sources: ['/src/(app)/page.ts'], names: [], mappings: 'AAAA;AACA;AACA' };
  const { stack: frames = [] } = await mapPageError(
    { kind: 'error', message: 'm', page: '/', stack },
    {
      base,
      locate: (url, line) => (url.includes('page.ts') ? { id: '/src/(app)/page.ts', line, form: 'module' } : undefined),
      async map(id) {
        maps.push(id);
        return map;
      },
      read: async (file) => (file.includes('gone') ? undefined : 'text'),
    },
  );
  return frames.map(({ functionName, place }) => `${functionName}@${place ? `${place.file}:${place.line}` : '?'}`);
}

test('frames of V8, of Firefox and Safari; those of the client are left out', async () => {
  const v8 = [
    'Error: m',
    '    at run (http://localhost:1/a.js:3:4)',
    '    at async Object.start [as go] (http://localhost:1/b.js?v=1:1:1)',
    '    at http://localhost:1/a.js:2:1',
    '    at async http://localhost:1/a.js:1:1',
    '    at tick (http://localhost:1/@hmr-dev/client.js:1:1)',
    '    at eval (eval at run (http://localhost:1/a.js:1:1), <anonymous>:1:1)',
    '    at far (https://cdn.example/gone.js:1:1)',
  ].join('\n');
  assert.deepEqual(await framesOf(v8), ['run@a.js:3', 'Object.start [as go]@b.js:1', '@a.js:2', '@a.js:1', 'far@?']);
  assert.deepEqual(await framesOf('run@http://localhost:1/a.js:3:4\n@http://localhost:1/b.js:1:1'), ['run@a.js:3', '@b.js:1']);
});

test('with a base, frames lead to what is under it, whichever address they have', async () => {
  const stack = [
    'Error: m',
    ...['app/src/(app)/page.ts?hmr-update=a:2:1', 'app/a.js:3:4', 'b.js:1:1', 'app/@hmr-dev/client.js:1:1'].map(
      (at) => `    at http://localhost:1/${at}`,
    ),
  ];
  assert.deepEqual(await framesOf(stack.join('\n'), [], createBase('/app/')), ['@src/(app)/page.ts:2', '@a.js:3', '@b.js:1']);
});

test('an address may have parentheses', async () => {
  const stack = ['at page (http://localhost:1/src/(app)/page.ts?hmr-update=a:2:1)', 'at http://localhost:1/src/(app)/page.ts:1:1'];
  assert.deepEqual(await framesOf(stack.join('\n')), ['page@src/(app)/page.ts:2', '@src/(app)/page.ts:1']);
});

test('a module is mapped once for all of its frames', async () => {
  const maps: string[] = [];
  await framesOf(`Error\n${'    at f (http://localhost:1/page.ts:1:1)\n'.repeat(5)}`, maps);
  assert.deepEqual(maps, ['/src/(app)/page.ts']);
});

test('a line as no engine writes it is no frame, and is not looked at', async () => {
  assert.deepEqual(await framesOf(`${'@/'.repeat(100_000)}x\n    at run (http://localhost:1/a.js:3:4)`), ['run@a.js:3']);
});
