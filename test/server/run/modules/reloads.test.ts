/**
 * Versions that were retired are freed: nothing of the registry, the compiler or V8's caches holds them. In a process with `--expose-gc`, as many
 * times as a day of work has saves.
 */
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { withDeadline } from '../../../harness/diagnostics.ts';
import { fixture } from '../../../harness/fixture.ts';
import { buildDrivers, type BuiltDrivers } from './built-driver.ts';
import type { ReloadReport, ReloadTask } from './reload-runner.ts';

let drivers: BuiltDrivers;

before(async () => {
  drivers = await buildDrivers('reload-runner');
});
after(() => drivers[Symbol.asyncDispose]());

/** The whole of it takes seconds. */
const LIMIT_MS = 240_000;
const RELOADS = 500;
const MODULES = 50;
const BYTES_PER_RELOAD = 5_000;

async function reload(task: ReloadTask): Promise<ReloadReport> {
  const child = fork(drivers.path('reload-runner'), {
    execArgv: ['--expose-gc', '--no-warnings'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const answer = once(child, 'message');
  child.send(task);
  const [report] = (await withDeadline(answer, 'the report of the reloads', LIMIT_MS)) as [ReloadReport];
  return report;
}

/** A tree of modules; each has a class, a closure over state, and an import. */
function esModules(): Record<string, string> {
  const files: Record<string, string> = { 'package.json': '{"type":"module"}' };
  for (let n = 0; n < MODULES; n++) {
    const parent = (n - 1) >> 1;
    files[`m${n}.js`] = `${n > 0 ? `import { f${parent} as above } from './m${parent}.js'; import * as all from './m${parent}.js';` : ''}
import { createHash } from 'node:crypto';
export const hash = createHash('sha1'); export let count = ${n}; const kept = new Array(100).fill(${n});
export function f${n}() { count++; return kept.length ${n > 0 ? '+ above() + Object.keys(all).length' : ''}; }
export class C${n} { #own = kept; get own() { return this.#own; } }\n`;
  }
  const all = Array.from({ length: MODULES }, (_, n) => n);
  files['main.js'] = `${all.map((n) => `import { f${n}, C${n} } from './m${n}.js';`).join('\n')}
import { value } from './changed.js';
globalThis.state = { value, mark: f0, all: [${all.map((n) => `f${n}(), new C${n}()`).join(', ')}], closure: () => value };
import.meta.hot?.dispose(() => {}); import('./m3.js').then((ns) => ns.f3());\n`;
  files['changed.js'] = 'export const value = 0;';
  return files;
}

function commonJs(): Record<string, string> {
  const files: Record<string, string> = {};
  for (let n = 0; n < MODULES; n++)
    files[`m${n}.js`] =
      `const kept = new Array(100).fill(${n}); exports.f = () => kept.length ${n > 0 ? `+ require('./m${(n - 1) >> 1}').f()` : ''}; exports.parent = module.parent;`;
  const all = Array.from({ length: MODULES }, (_, n) => `require('./m${n}').f`);
  files['main.js'] =
    `globalThis.state = { value: require('./changed').value, mark: require('./m0').f, all: [${all.join(', ')}], cache: require.cache };`;
  files['changed.js'] = 'exports.value = 0;';
  return files;
}

describe(`${RELOADS} reloads of ${MODULES + 2} modules`, () => {
  const kinds = { 'ES modules': [esModules(), 'export const value = <N>;'], CommonJS: [commonJs(), 'exports.value = <N>;'] } as const;
  for (const [kind, [files, text]] of Object.entries(kinds)) {
    test(`${kind}: every retired version is collected, and the heap stays`, async () => {
      await using folder = await fixture(files);
      const report = await reload({ folder: folder.path, reloads: RELOADS, warmUp: 100, file: 'changed.js', text });
      assert.equal(report.seen, RELOADS);
      assert.deepEqual(report.alive, []);
      assert.ok(report.growthPerReload < BYTES_PER_RELOAD, `${Math.round(report.growthPerReload)} bytes a reload`);
    });
  }
});
