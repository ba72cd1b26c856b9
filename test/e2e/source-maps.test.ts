/**
 * What a debugger sees: the author's files at their paths, places that map to the character, stacks in the author's terms, and breakpoints
 * that hold over an update.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AnyMap, originalPositionFor, type TraceMap } from '@jridgewell/trace-mapping';
import type { CDPSession } from 'playwright-core';
import type { TestPage } from '../harness/browser.ts';
import { createLineLog } from '../harness/diagnostics.ts';
import { openProject, pageOf, type Project } from './link-support.ts';

const SECOND = `import { helper } from './lib/helper.js';
type Unused = { a: number };
interface Longer {
  a: string;
}

export enum Kind { One = 1 }
export function second(value: number): number {
  const doubled: number = value * 2; // marker doubled
  return helper(doubled) + Kind.One; // marker return
}
export class Box<T> {
  constructor(private readonly inner: T) {}
  open(): T { return this.inner; /* marker open */ }
}
`;
const FILES = {
  'index.html': pageOf('/src/main.tsx'),
  'src/main.tsx': `import { second, Box } from './second';\nconst createElement = (type: string) => ({ type });\nconst React = { createElement };\n\nexport const view = <div>\n  {/* comment */}\n</div>;\nglobalThis.run = (): number => second(new Box(4).open()); // marker run\nglobalThis.result = [run(), view.type];\nimport.meta.hot?.accept('./second');\n`,
  'src/second.ts': SECOND,
  'src/lib/helper.js': `// plain\nexport const helper = (n) => {\n  const grown = n + 1; // marker grown\n  return grown;\n};\n`,
};

interface Script {
  readonly scriptId: string;
  readonly url: string;
  readonly sourceMapURL: string;
}

interface Debugger {
  readonly session: CDPSession;
  /** Every script with a map that the page parsed. */
  readonly scripts: readonly Script[];
  /** The first script of such an address, now or as soon as there is one. */
  script(pattern: RegExp): Promise<Script>;
}

async function openDebugger(tab: TestPage): Promise<Debugger> {
  const session = await tab.page.context().newCDPSession(tab.page);
  const scripts: Script[] = [];
  const urls = createLineLog('the scripts that the debugger saw');
  session.on('Debugger.scriptParsed', ({ scriptId, url, sourceMapURL }) => {
    if (!sourceMapURL) return;
    scripts.push({ scriptId, url, sourceMapURL });
    urls.add(url);
  });
  await session.send('Debugger.enable');
  return {
    session,
    scripts,
    async script(pattern) {
      await urls.waitFor(pattern);
      const found = scripts.find(({ url }) => pattern.test(url));
      assert.ok(found);
      return found;
    },
  };
}

async function mapOf({ url, sourceMapURL }: Script, { server, tab }: Project): Promise<TraceMap> {
  const address = new URL(sourceMapURL, new URL(url, server.url())).href;
  const answer = await tab.page.request.get(address);
  assert.equal(answer.status(), 200, address);
  return new AnyMap((await answer.json()) as ConstructorParameters<typeof AnyMap>[0], address);
}

/** Where a text is in a text: line from 1, column from 0. */
function placeOf(text: string, part: string): { line: number; column: number } {
  const before = text.slice(0, text.indexOf(part)).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length };
}

/** The emitted script's text maps to the author's at each of these parts, which both texts hold. */
function assertMaps(map: TraceMap, emitted: string, file: string, source: string, parts: readonly string[]): void {
  for (const part of parts) {
    assert.ok(emitted.includes(part) && source.includes(part), part);
    const found = originalPositionFor(map, placeOf(emitted, part));
    const wanted = placeOf(source, part);
    assert.deepEqual(
      { source: new URL(String(found.source)).pathname, line: found.line, column: found.column },
      { source: file, ...wanted },
      part,
    );
  }
}

test('maps of the first load and of an update lead to lines and columns of TS, TSX and JS', async (t) => {
  const project = await openProject(t, FILES);
  const { tab, files, result, assertAlive } = project;
  assert.deepEqual(await result(), [10, 'div']);
  const { session, script } = await openDebugger(tab);
  const chunk = await script(/\/src\/main\.tsx$/);
  const { scriptSource } = await session.send('Debugger.getScriptSource', { scriptId: chunk.scriptId });
  const map = await mapOf(chunk, project);
  assertMaps(map, scriptSource, '/src/second.ts', SECOND, ['value * 2', 'doubled) +', 'return this.inner', 'open()']);
  assertMaps(map, scriptSource, '/src/lib/helper.js', FILES['src/lib/helper.js'], ['const grown', 'n + 1', 'return grown']);
  assertMaps(map, scriptSource, '/src/main.tsx', FILES['src/main.tsx'], ['4).open()', 'createElement =', 'view.type']);
  const sources = map.sources.map((source) => new URL(String(source)).pathname);
  const contents = sources.map((source, index) => [source, map.sourcesContent?.[index]] as const);
  assert.deepEqual(
    // Beside the author's there is a source of ours, which debuggers leave out.
    contents.filter(([source]) => source !== '/@hmr-dev/hot-swap'),
    [
      ['/src/lib/helper.js', FILES['src/lib/helper.js']],
      ['/src/second.ts', SECOND],
      ['/src/main.tsx', FILES['src/main.tsx']],
    ],
  );

  const changed = SECOND.replace('type Unused', '// one line more\n// and another\ntype Unused').replace('value * 2', 'value * 200');
  await files.write('src/second.ts', changed);
  await tab.waitForConsole(/hot updated: .*second\.ts/);
  const update = await script(UPDATE);
  const updated = await session.send('Debugger.getScriptSource', { scriptId: update.scriptId });
  assertMaps(await mapOf(update, project), updated.scriptSource, '/src/second.ts', changed, ['value * 200', 'doubled) +']);
  assert.equal(await tab.page.evaluate(() => (Reflect.get(globalThis, 'run') as () => number)()), 802);
  await assertAlive();
});

/** The script of an update of second.ts. */
const UPDATE = /\/second\.ts\?/;

/** Sets a breakpoint where the author's text holds `part`, as DevTools does it: through the map, by URL. */
async function breakAt(script: Script, project: Project, session: CDPSession, part: string): Promise<void> {
  const { scriptSource } = await session.send('Debugger.getScriptSource', { scriptId: script.scriptId });
  const { line, column } = placeOf(scriptSource, part);
  const found = originalPositionFor(await mapOf(script, project), { line, column });
  assert.equal(new URL(String(found.source)).pathname, '/src/second.ts');
  await session.send('Debugger.setBreakpointByUrl', { url: script.url, lineNumber: line - 1, columnNumber: column });
}

/** Runs `globalThis.run` and resolves with the author's place where it stops. */
async function pausedPlace(project: Project, session: CDPSession, scripts: readonly Script[]): Promise<string> {
  const paused = new Promise<{ scriptId: string; lineNumber: number; columnNumber?: number }>((resolve) =>
    session.once('Debugger.paused', ({ callFrames: [frame] }) => frame && resolve(frame.location)),
  );
  const running = project.tab.page.evaluate(() => (Reflect.get(globalThis, 'run') as () => number)());
  const { scriptId, lineNumber, columnNumber = 0 } = await paused;
  const script = scripts.find((candidate) => candidate.scriptId === scriptId);
  assert.ok(script);
  await session.send('Debugger.resume');
  await running;
  const { source, line } = originalPositionFor(await mapOf(script, project), { line: lineNumber + 1, column: columnNumber });
  return `${new URL(String(source)).pathname}:${line}`;
}

test("a breakpoint is hit at the author's line, before and after an update", async (t) => {
  const project = await openProject(t, FILES);
  const { tab, files, result } = project;
  await result();
  const { session, scripts, script } = await openDebugger(tab);
  const chunk = await script(/\/src\/main\.tsx$/);
  await breakAt(chunk, project, session, 'helper)(doubled)');
  assert.equal(await pausedPlace(project, session, scripts), `/src/second.ts:${placeOf(SECOND, 'return helper').line}`);

  const changed = SECOND.replace('type Unused', '// one line more\ntype Unused').replace('value * 2', 'value * 3');
  await files.write('src/second.ts', changed);
  await tab.waitForConsole(/hot updated: .*second\.ts/);
  const update = await script(UPDATE);
  await breakAt(update, project, session, 'helper)(doubled)');
  assert.equal(await pausedPlace(project, session, scripts), `/src/second.ts:${placeOf(changed, 'return helper').line}`);
});

test("the stack of an error in the page is told in the author's places, first load and update", async (t) => {
  const source = `interface Gone {\n  a: string;\n}\nexport function fail(message: string): never {\n  const error: Error = new Error(message);\n  throw error;\n}\n`;
  const { tab, files, server } = await openProject(t, {
    'index.html': pageOf('/main.ts'),
    'main.ts': `type T = number;\nimport { fail } from './fail';\n\nsetTimeout(() => {\n  fail('first');\n});\nimport.meta.hot?.accept('./fail', (next) => {\n  fail('second');\n});\n`,
    'fail.ts': source,
  });
  await server.log.waitFor(/fail\.ts:5:24/);
  const first = server.log.lines.join('\n');
  assert.match(first, /first/);
  assert.match(first, /main\.ts:5:3/);
  await tab.untilText('hmr-dev-overlay', /fail\.ts:5:24/);
  const from = server.log.lines.length;
  await files.write('fail.ts', `// a line\n${source.replace('Error(message)', "Error(message + '!')")}`);
  await server.log.waitFor(/fail\.ts:6:24/, from);
  assert.match(server.log.lines.slice(from).join('\n'), /main\.ts:8:3/);
});
