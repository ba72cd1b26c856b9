/**
 * A breakpoint that an author sets in a file once is hit in whatever runs of the file, save after save: what was changed in place, what ran
 * again although it could have been, and one after the other.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withDeadline } from '../harness/diagnostics.ts';
import { openDevTools, type DevTools } from './devtools.ts';
import { html, openHot, type HotSite } from './hot-page.ts';

type Way = 'in place' | 'again';

interface Language {
  readonly file: string;
  /** A statement at module level that reads otherwise makes the module run again. */
  text(version: number, statement: number): string;
}

const JAVASCRIPT: Language = {
  file: 'code.js',
  text: (version, statement) => `globalThis.started = ${statement};
export function step(n) {
  const next = n + ${version}; // in step
  return next;
}
export class Counter {
  add(n) {
    return n + ${version}; // in add
  }
}
`,
};
const TYPESCRIPT: Language = {
  file: 'code.ts',
  text: (version, statement) => `interface Unused {
  a: string;
}
Reflect.set(globalThis, 'started', ${statement});
export function step(n: number): number {
  const next: number = n + ${version}; // in step
  return next;
}
export class Counter {
  constructor(private readonly unused?: Unused) {}
  add(n: number): number {
    return n + ${version}; // in add
  }
}
`,
};

const mainOf = (file: string): string => `import { Counter, step } from './${file}';
window.calls = { step: () => step(1), add: () => new Counter().add(1) };
import.meta.hot.accept('./${file}', () => {});
`;

const SEQUENCES: readonly (readonly Way[])[] = [
  ['in place', 'in place'],
  ['again', 'again'],
  ['again', 'in place', 'again', 'in place'],
  ['again', 'again', 'in place', 'in place'],
];

const lineOf = (text: string, part: string): number => text.split('\n').findIndex((line) => line.includes(part)) + 1;

/** A call of the function stops at the breakpoint, once, in the code that runs. */
async function assertHit({ page }: HotSite, tools: DevTools, name: string, place: string): Promise<void> {
  const paused = tools.nextPause();
  const ended = page.evaluate(`calls.${name}()`);
  const pause = await withDeadline(
    Promise.race([paused, ended.then((result) => assert.fail(`no stop at ${place}, and the result is ${String(result)}`))]),
    `a pause at ${place}`,
  );
  assert.deepEqual(
    pause.frames.slice(0, 2).map((frame) => frame.place),
    [place, '/main.js:2'],
  );
  const again = tools.nextPause();
  await pause.resume();
  await Promise.race([ended, again.then(({ frames }) => assert.fail(`stopped once more: ${JSON.stringify(frames)}`))]);
}

async function assertHitAfterEach(site: HotSite, { file, text }: Language, ways: readonly Way[]): Promise<void> {
  const tools = await openDevTools(site.page);
  try {
    const lines = ['step', 'add'].map((name) => ({ name, line: lineOf(text(1, 1), `in ${name}`) }));
    for (const { line } of lines) await tools.breakAt(`/${file}`, line);
    let [version, statement] = [1, 1];
    for (const way of ways) {
      version += 1;
      if (way === 'again') statement += 1;
      const [outcome] = await site.save({ [file]: text(version, statement) });
      assert.match(outcome?.text ?? '', way === 'again' ? /not in place/ : /in place: /);
      await tools.settled();
      for (const { name, line } of lines) await assertHit(site, tools, name, `/${file}:${line}`);
      assert.equal(await withoutBreakpoints(site, tools, 'step'), version + 1);
    }
  } finally {
    await tools.session.detach();
  }
}

/** What a call gives, so that it is certain that the newest code has run. */
async function withoutBreakpoints({ page }: HotSite, { session }: DevTools, name: string): Promise<unknown> {
  await session.send('Debugger.setBreakpointsActive', { active: false });
  const result: unknown = await page.evaluate(`calls.${name}()`);
  await session.send('Debugger.setBreakpointsActive', { active: true });
  return result;
}

for (const language of [JAVASCRIPT, TYPESCRIPT]) {
  const files = { 'main.js': mainOf(language.file), [language.file]: language.text(1, 1) };
  for (const ways of SEQUENCES) {
    test(`${language.file}: a breakpoint is hit after each save: ${ways.join(', ')}`, async (t) => {
      const site = await openHot(t, files, { hotswap: 'classes' });
      await assertHitAfterEach(site, language, ways);
    });
  }

  test(`${language.file}: the same where a policy forbids inline code, and updates are fetched`, async (t) => {
    const policy = `<meta http-equiv="Content-Security-Policy" content="script-src 'self'">`;
    const page = html('/main.js').replace('<link', `${policy}<link`);
    const site = await openHot(t, { ...files, 'index.html': page }, { hotswap: 'classes' });
    const asked: string[] = [];
    site.page.on('request', (request) => {
      const kind = ['.patch.js', '/updates/', 'hmr-patch'].find((part) => request.url().includes(part));
      if (kind !== undefined) asked.push(kind);
    });
    await assertHitAfterEach(site, language, ['again', 'in place']);
    // Both scripts of each, and no patch once more.
    assert.deepEqual(asked.sort(), ['.patch.js', '.patch.js', '/updates/', '/updates/']);
  });
}
