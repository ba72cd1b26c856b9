/**
 * Names of exports that change while code of before still writes the variables behind them: functions inside of functions, what awaits, what
 * is suspended. Importers must never read one variable under the name of another.
 */
import { story, type SwapCase } from '../case.ts';

export const exportCases: readonly SwapCase[] = [
  story({
    name: 'a function inside a function writes a variable whose export name is another one by now',
    files: {
      '/main.js': `import * as all from './m.js';
import { x } from './m.js';
const write = all.make();
probe(() => { write(); return [String(x), JSON.stringify(all)]; });`,
      '/m.js': `export let a = 0;
let b = 100;
export function make() { return () => { a = 1; }; }
export { a as x };`,
    },
    starts: ['1', '{"a":1,"x":1}'],
    steps: [
      { edit: { '/m.js': [['a as x', 'b as x']] }, says: ['100', '{"a":1,"x":100}'] },
      { edit: { '/m.js': [['b = 100', 'b = 200']] }, says: ['200', '{"a":1,"x":200}'] },
      { edit: { '/m.js': [['b as x', 'a as x']] }, says: ['1', '{"a":1,"x":1}'] },
      { edit: { '/m.js': [['export let a', 'let a']] }, says: ['1', '{"x":1}'] },
      {
        edit: {
          '/m.js': [
            ['a as x', 'a as y'],
            ['let b = 200', 'export let x = 200'],
          ],
        },
        says: ['200', '{"x":200,"y":1}'],
      },
    ],
  }),
  story({
    name: 'a suspended generator and an async function write a variable whose export name is another one by now',
    files: {
      '/main.js': `import { x, count, wait } from './m.js';
const counting = count();
counting.next();
void wait();
probe(() => { counting.next(); return [String(x)]; });`,
      '/m.js': `let a = 0;
let b = 100;
let c = 7;
export function* count() { for (;;) { yield; a = 1; } }
export async function wait() { for (;;) { await new Promise((resolve) => setTimeout(resolve, 0)); c = 8; } }
export { a as x };`,
    },
    starts: ['1'],
    steps: [
      { edit: { '/m.js': [['a as x', 'b as x']] }, says: ['100'] },
      { edit: { '/m.js': [['b = 100', 'b = 5']] }, says: ['5'] },
    ],
  }),
  story({
    name: 'a variable that functions inside of others write is exported: nobody would be told',
    files: {
      '/main.js': `import * as all from './m.js';
const write = all.make();
probe(() => { write(); return [JSON.stringify(all)]; });`,
      '/m.js': `let a = 0;
export function make() { return () => { a = 1; }; }`,
    },
    starts: ['{}'],
    steps: [{ edit: { '/m.js': [['let a', 'export let a']] }, refused: 'a is exported now' }],
  }),
  story({
    name: 'a variable that an async function writes is exported',
    files: {
      '/main.js': `import * as all from './m.js';
void all.wait();
probe(() => [JSON.stringify(all)]);`,
      '/m.js': `let a = 0;
export async function wait() { await 0; a = 1; }`,
    },
    starts: ['{}'],
    steps: [{ edit: { '/m.js': [['let a', 'export let a']] }, refused: 'a is exported now' }],
  }),
  story({
    name: 'a variable that functions, methods and fields write is exported: they have the new code',
    files: {
      '/main.js': `import * as all from './m.js';
const counter = new all.Counter();
const add = counter.add;
probe(() => { all.reset(); counter.up(); add(); return [JSON.stringify(all)]; });`,
      '/m.js': `let a = 0;
export const reset = () => { a = 0; };
export class Counter { up() { a++; } add = () => { a += 10; }; }`,
    },
    starts: ['{}'],
    steps: [{ edit: { '/m.js': [['let a', 'export let a']] }, says: ['{"a":11}'] }],
  }),
];
