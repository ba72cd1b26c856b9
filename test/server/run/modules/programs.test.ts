/**
 * Whole programs, natively by `node` and in the registry, each in a process of its own: what they print and how they end is the same.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { withDeadline } from '../../../harness/diagnostics.ts';
import { fixture } from '../../../harness/fixture.ts';
import { buildDrivers, type BuiltDrivers } from './built-driver.ts';
import { programCases, type ProgramCase } from './program-cases.ts';

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

let drivers: BuiltDrivers;

before(async () => {
  drivers = await buildDrivers('driver');
});
after(() => drivers[Symbol.asyncDispose]());

function runNode(cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const ended = new Promise<Ended>((resolve) => {
    execFile(
      process.execPath,
      ['--no-warnings', ...args],
      { cwd, env: { ...process.env, NODE_OPTIONS: '', ...env } },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr }),
    );
  });
  return withDeadline(ended, `the end of node ${args.join(' ')}`);
}

async function compare({ entry = 'main.js', files, links = {}, fails }: ProgramCase): Promise<void> {
  await using folder = await fixture(files);
  for (const [from, to] of Object.entries(links)) {
    await mkdir(path.dirname(folder.resolve(from)), { recursive: true });
    await symlink(to, folder.resolve(from));
  }
  const [native, ours] = await Promise.all([runNode(folder.path, [entry]), runNode(folder.path, [drivers.path('driver'), entry])]);
  const all = `\nnative: ${native.stderr}\nours: ${ours.stderr}`;
  assert.equal(ours.stdout, native.stdout, all);
  assert.equal(ours.code, native.code, all);
  if (fails === undefined) {
    assert.ok(native.stdout !== '', `the native run said nothing: ${native.stderr}`);
    const lastError = (text: string): string | undefined => /^(?:Uncaught )?(\w*Error\b.*)$/m.exec(text)?.[1];
    assert.equal(lastError(ours.stderr), lastError(native.stderr));
    return;
  }
  assert.match(native.stderr, new RegExp(fails));
  assert.equal(native.stdout, '', 'nothing runs');
  // What Node says in a code is said there too; what it says in words has a place.
  if (fails === 'SyntaxError') assert.match(ours.stderr, /^(?:SYNTAX|MISSING_EXPORT) .*\n[\w./]+:\d+:\d+\n/);
  else assert.match(ours.stderr, new RegExp(`\\nmain\\.js:\\d+:\\d+\\n[^]*\\ncode ${fails}`));
}

for (const [group, cases] of Object.entries(programCases)) {
  describe(`a program as native in Node: ${group}`, () => {
    for (const programCase of cases) test(programCase.name, () => compare(programCase));
  });
}

describe('what is kept for the next start', () => {
  const files = {
    'package.json': '{"type":"module"}',
    ...Object.fromEntries(
      Array.from({ length: 8 }, (_, n) => [`m${n}.ts`, `interface A { n: number }\n\nexport const v${n}: A = { n: ${n} };`]),
    ),
    'main.ts': `${Array.from({ length: 8 }, (_, n) => `import './m${n}.ts';`).join('\n')}
interface B {}
import { v7 } from './m7.ts';
console.log(v7, /main\\.ts:\\d+/.exec(new Error('x').stack!)![0]);`,
  };
  const expected = '{ n: 7 } main.ts:11\n';

  const lines = (text: string): number => text.split('\n').length;

  test('runs the same, with lines of the author', async () => {
    await using folder = await fixture(files);
    await using cache = await fixture();
    const run = async (): Promise<string> =>
      (await runNode(folder.path, [drivers.path('driver'), 'main.ts'], { HMR_DEV_CACHE: cache.path })).stdout;
    assert.equal(await run(), expected);
    const [name = ''] = await readdir(cache.path);
    const first = await cache.read(name);
    assert.equal(lines(first), 1 + 9 + 1);
    assert.equal(await run(), expected);
    assert.equal(await cache.read(name), first, 'nothing was linked again');
    await folder.edit('m7.ts', 'n: 7', 'n: 8');
    assert.equal(await run(), expected.replace('7', '8'));
    // Cut off by a crash.
    await cache.write(name, first.slice(0, first.length / 2));
    assert.equal(await run(), expected.replace('7', '8'));
  });
});
