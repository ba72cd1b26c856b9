/**
 * What DevTools shows of code that was changed in place: the author's files and lines of the newest version, at breakpoints, while
 * stepping, in stacks and at functions in the console; nothing of ours.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DevTools, openDevTools, type Pause } from './devtools.ts';
import { withDeadline } from '../harness/diagnostics.ts';
import { type HotSite, openHot } from './hot-page.ts';

const CODE = `// kinds of functions
export function declared(n) {
  const next = n + 1; // in declared
  return next;
}
export class Counter {
  #count = 0;
  constructor(start) {
    this.#count = start; // in constructor
  }
  method(n) {
    this.#count += n; // in method
    return this.#count;
  }
  field = (n) => {
    const next = n + 2; // in field
    return next;
  };
}
export const api = {
  literal(n) {
    const next = n + 3; // in literal
    return next;
  },
  short: (n) =>
    n + 4, // in short
};
`;
/** The same at other lines, with another text. */
const CHANGED = `// one line more\n// and another\n${CODE.replaceAll(/n \+ (\d)/g, 'n + 10 + $1')
  .replace('+= n', '+= n * 2')
  .replace('= start', '= start + 100')}`;

const MAIN = `import { api, Counter, declared } from './code.js';
const counter = new Counter(0);
window.calls = {
  declared: () => declared(1), // call declared
  constructor: () => new Counter(5), // call constructor
  method: () => counter.method(1), // call method
  field: () => counter.field(1), // call field
  literal: () => api.literal(1), // call literal
  short: () => api.short(1), // call short
};
window.things = { declared, method: counter.method, field: counter.field, literal: api.literal };
import.meta.hot.accept('./code.js', () => {});
`;
const KINDS = ['declared', 'constructor', 'method', 'field', 'literal', 'short'] as const;
type Kind = (typeof KINDS)[number];

/** `/code.js:3` */
function placeOf(file: string, text: string, part: string): string {
  const line = text.split('\n').findIndex((candidate) => candidate.includes(part)) + 1;
  assert.ok(line > 0, part);
  return `${file}:${line}`;
}

const lineOf = (place: string): number => Number(place.slice(place.lastIndexOf(':') + 1));

interface Opened {
  readonly site: HotSite;
  readonly tools: DevTools;
}

/** A test in a page with DevTools, which lets go of the page whatever happens. @param saves before DevTools are opened */
function debugging(name: string, body: (opened: Opened) => Promise<void>, saves: Readonly<Record<string, string>> = {}): void {
  test(name, async (t) => {
    const site = await openHot(t, { 'main.js': MAIN, 'code.js': CODE }, { hotswap: 'classes' });
    if (Object.keys(saves).length > 0) await site.save(saves);
    const tools = await openDevTools(site.page);
    try {
      await body({ site, tools });
    } finally {
      await tools.session.detach();
    }
  });
}

/** Stops where the call is written, as an author does who sets a breakpoint there. */
async function stopAtCall({ site, tools }: Opened, kind: Kind): Promise<{ pause: Pause; ended: Promise<unknown> }> {
  await tools.breakAt('/main.js', lineOf(placeOf('/main.js', MAIN, `call ${kind}`)));
  const paused = tools.nextPause();
  const ended = site.page.evaluate(`void calls.${kind}()`);
  return { pause: await withDeadline(paused, 'a pause'), ended };
}

/** The first line of a function of this kind, where a debugger stops in it. */
const inside = (kind: Kind, text: string): string => placeOf('/code.js', text, `in ${kind}`);

/** Steps on until the function has been left; where that went, each place once. */
async function walk(from: Pause): Promise<string[]> {
  const places: string[] = [];
  let pause = from;
  for (;;) {
    const [top, ...callers] = pause.frames;
    assert.ok(top, 'the debugger stopped in code of ours');
    if (top.place.startsWith('/main.js')) break;
    assert.ok(top.place.startsWith('/code.js'), top.place);
    assert.ok(callers[0]?.place.startsWith('/main.js'), `a frame between the function and its call: ${JSON.stringify(pause.frames)}`);
    if (places.at(-1) !== top.place) places.push(top.place);
    pause = await pause.stepOver();
  }
  await pause.resume();
  return places;
}

for (const kind of KINDS.filter((one) => one !== 'constructor')) {
  debugging(`${kind}: stepping into a call arrives at the function's first line, and goes on line by line`, async (opened) => {
    const { pause, ended } = await stopAtCall(opened, kind);
    assert.equal(pause.frames[0]?.place, placeOf('/main.js', MAIN, `call ${kind}`));
    const entered = await pause.stepInto();
    assert.equal(entered.frames[0]?.place, inside(kind, CODE));
    const second = await entered.stepOver();
    // An expression has one line only, and its end is a stop of its own.
    if (kind !== 'short') assert.equal(lineOf(second.frames[0]?.place ?? ''), lineOf(inside(kind, CODE)) + 1);
    await second.resume();
    await ended;
  });

  debugging(`${kind}: after a change it is the new function, with one more step where the old one was`, async (opened) => {
    await opened.site.save({ 'code.js': CHANGED });
    const { pause, ended } = await stopAtCall(opened, kind);
    const old = await pause.stepInto();
    assert.equal(old.frames[0]?.place, inside(kind, CODE));
    const entered = await old.stepInto();
    assert.deepEqual(
      entered.frames.slice(0, 2).map(({ place }) => place),
      [inside(kind, CHANGED), placeOf('/main.js', MAIN, `call ${kind}`)],
    );
    assert.match(entered.frames[0]?.name ?? '', new RegExp(`${kind}$`));
    const places = await walk(entered);
    // On the way out it comes by the old one again.
    assert.deepEqual(
      places.filter((place) => place !== inside(kind, CODE)),
      places.slice(0, kind === 'short' ? 1 : 2),
    );
    await ended;
  });

  debugging(
    `${kind}: in DevTools that are opened after the change there is no old one to step through`,
    async (opened) => {
      const { pause, ended } = await stopAtCall(opened, kind);
      const entered = await pause.stepInto();
      assert.deepEqual(
        entered.frames.slice(0, 2).map(({ place }) => place),
        [inside(kind, CHANGED), placeOf('/main.js', MAIN, `call ${kind}`)],
      );
      await entered.resume();
      await ended;
    },
    { 'code.js': CHANGED },
  );
}

for (const kind of KINDS) {
  debugging(`${kind}: a breakpoint at a line of the new text is hit once, in the new code`, async ({ site, tools }) => {
    await tools.breakAt('/code.js', lineOf(inside(kind, CODE)));
    for (const text of [CODE, CHANGED]) {
      if (text === CHANGED) {
        await tools.clear();
        await site.save({ 'code.js': CHANGED });
        await tools.breakAt('/code.js', lineOf(inside(kind, CHANGED)));
      }
      const paused = tools.nextPause();
      const ended = site.page.evaluate(`void calls.${kind}(); 'ended'`);
      const pause = await withDeadline(paused, 'a pause');
      assert.deepEqual(
        pause.frames.slice(0, 2).map(({ place }) => place),
        [inside(kind, text), placeOf('/main.js', MAIN, `call ${kind}`)],
      );
      const again = tools.nextPause();
      await pause.resume();
      assert.equal(await Promise.race([ended, again.then(({ frames }) => frames)]), 'ended');
    }
  });
}

debugging('a breakpoint that was there before the change is not hit by the way to the new code', async ({ site, tools }) => {
  await tools.breakAt('/code.js', lineOf(inside('declared', CODE)));
  await site.save({ 'code.js': `${CODE.replace('n + 1', 'n + 100')}` });
  await tools.breakAt('/code.js', lineOf(inside('declared', CODE)));
  const paused = tools.nextPause();
  const ended = site.page.evaluate("void calls.declared(); 'ended'");
  const pause = await withDeadline(paused, 'a pause');
  assert.equal(pause.frames[0]?.place, inside('declared', CODE));
  const again = tools.nextPause();
  await pause.resume();
  assert.equal(await Promise.race([ended, again.then(({ frames }) => frames)]), 'ended');
});

debugging('a new object: from the call into the constructor, and nothing of ours on the way', async (opened) => {
  await opened.site.save({ 'code.js': CHANGED });
  const { pause, ended } = await stopAtCall(opened, 'constructor');
  const seen: string[] = [];
  for (let at = await pause.stepInto(); !at.frames[0]?.place.startsWith('/main.js'); at = await at.stepInto()) {
    assert.ok(at.frames[0]?.place.startsWith('/code.js'), JSON.stringify(at.frames));
    seen.push(at.frames[0]?.place ?? '');
  }
  assert.ok(seen.includes(inside('constructor', CHANGED)), seen.join());
  await opened.tools.session.send('Debugger.resume');
  await ended;
});

debugging("the stack of an error in new code is the author's: names, files, lines, and no frame of ours", async ({ site, tools }) => {
  const failing = CODE.replaceAll(/n \+ (\d)/g, 'missing + $1')
    .replace('+= n', '+= missing')
    .replace('= start', '= missing');
  await tools.session.send('Runtime.enable');
  await site.save({ 'code.js': `// one line more\n${failing}` });
  await tools.settled();
  for (const kind of KINDS) {
    const { exceptionDetails } = await tools.session.send('Runtime.evaluate', { expression: `calls.${kind}()` });
    const frames = (exceptionDetails?.stackTrace?.callFrames ?? []).flatMap(
      ({ functionName, ...place }) => tools.frameOf(functionName, place) ?? [],
    );
    assert.deepEqual(
      frames.slice(0, 2).map(({ place }) => place),
      [inside(kind, `// one line more\n${failing}`), placeOf('/main.js', MAIN, `call ${kind}`)],
    );
    assert.match(frames[0]?.name ?? '', kind === 'constructor' ? /Counter|constructor/ : new RegExp(`${kind}$`));
  }
});

debugging(
  "a function in the console: its own text is the newest, the engine's is the one that was loaded, and so is its place",
  async ({ site, tools }) => {
    const { session } = tools;
    await session.send('Runtime.enable');
    await site.save({ 'code.js': CHANGED });
    await tools.settled();
    for (const kind of ['declared', 'method', 'field', 'literal'] as const) {
      const logged = new Promise<{ objectId?: string; description?: string }>((resolve) =>
        session.once('Runtime.consoleAPICalled', ({ args: [first] }) => resolve(first ?? {})),
      );
      await site.page.evaluate(`console.log(things.${kind})`);
      const { objectId = '', description = '' } = await logged;
      assert.doesNotMatch(description, /n \+ 10|n \* 2/);
      const { internalProperties = [] } = await session.send('Runtime.getProperties', { objectId, ownProperties: true });
      const location = internalProperties.find(({ name }) => name === '[[FunctionLocation]]')?.value?.value as Parameters<
        typeof tools.frameOf
      >[1];
      const { place = '' } = tools.frameOf('', location) ?? {};
      // The line of its head.
      assert.equal(lineOf(place), lineOf(inside(kind, CODE)) - 1);
      // Functions in fields are known to their objects only.
      if (kind !== 'field') assert.match(await site.page.evaluate(`String(things.${kind})`), /n \+ 10|n \* 2/);
    }
  },
);
