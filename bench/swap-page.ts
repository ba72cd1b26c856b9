/** The part of `bench/swap.ts` that runs where it is measured: bundled for Chromium, imported in Node. Times in milliseconds. */
import type { ModuleId } from '../src/protocol.ts';
import type { Preact } from '../test/swap/preact-use.ts';
import { createBareRuntime, runLibrary, type Library } from '../test/swap/library.ts';
import type { ModuleText } from '../test/swap/host.ts';

/** The same modules: plain, with slots, and with every function replaced. */
export interface Forms {
  readonly entry: ModuleId;
  readonly plain: readonly ModuleText[];
  readonly slots: readonly ModuleText[];
  readonly changed: readonly ModuleText[];
}

/** Of each round: a second plain instance (what the machine itself does to a ratio), with slots, after a swap. */
export interface Times {
  readonly plain: number[];
  readonly again: number[];
  readonly slots: number[];
  readonly swapped: number[];
}

export type Work = 'loop' | 'acorn' | 'magic-string' | 'preact';

/** Of a loop, in one call. */
const CALL = 2000;
const WARM_MS = 150;

interface Loop {
  loop(count: number): unknown;
}

/** What is timed, of a namespace; one call of what it returns is one measurement. */
function workOf(work: Work, namespace: object, input: string): (count: number) => unknown {
  switch (work) {
    case 'loop':
      return (count) => (namespace as Loop).loop(count);
    case 'acorn': {
      const { parse } = namespace as { parse(source: string, options: object): unknown };
      return () => parse(input, { ecmaVersion: 'latest', sourceType: 'module' });
    }
    case 'magic-string': {
      const { default: MagicString } = namespace as {
        default: new (text: string) => {
          update(from: number, to: number, text: string): unknown;
          generateMap(options: object): unknown;
          toString(): string;
        };
      };
      return () => {
        const text = new MagicString(input);
        for (let at = 0; at + 20 < input.length; at += 30) text.update(at, at + 10, 'changed');
        return [text.toString(), text.generateMap({ hires: 'boundary' })];
      };
    }
    case 'preact':
      return createTable(namespace as Preact);
    default:
      return work satisfies never;
  }
}

/** Renders a table of 1,000 rows, and changes every tenth. */
function createTable({ h, render, options, Component }: Preact): () => unknown {
  options.debounceRendering = (draw) => draw();
  class Row extends Component<{ id: number; label: string }> {
    override render({ id, label }: { id: number; label: string }): ReturnType<typeof h> {
      return h(
        'tr',
        { class: id % 2 ? 'odd' : undefined },
        h('td', null, id),
        h('td', { onClick: () => undefined }, label),
        h('td', null, h('a', { href: '#' }, 'x')),
      );
    }
  }
  const table = (version: number): ReturnType<typeof h> =>
    h(
      'table',
      null,
      h(
        'tbody',
        null,
        Array.from({ length: 1000 }, (_, id) => h(Row, { key: id, id, label: `row ${id} ${id % 10 === 0 ? version : 0}` })),
      ),
    );
  return () => {
    const root = document.createElement('div');
    render(table(0), root);
    render(table(1), root);
    const { length } = root.innerHTML;
    render(null, root);
    return length;
  };
}

/** @param least of one measurement, ms: loops are repeated until it takes that long */
export async function timeWork(
  work: Work,
  { entry, plain, slots, changed }: Forms,
  input: string,
  rounds: number,
  least: number,
): Promise<Times> {
  const run = (texts: readonly ModuleText[]): Promise<Library<object>> => runLibrary<object>(entry, texts);
  const swapped = await run(slots);
  const warm = workOf(work, swapped.namespace, input);
  warm(CALL);
  await swapped.swap(changed);
  const forms = {
    plain: workOf(work, (await run(plain)).namespace, input),
    again: workOf(work, (await run(plain)).namespace, input),
    slots: workOf(work, (await run(slots)).namespace, input),
    swapped: warm,
  };
  const names = ['plain', 'again', 'slots', 'swapped'] as const;
  let calls = 1;
  /** Many short calls, so that none of them has to be replaced by faster code while it runs. */
  const time = (name: (typeof names)[number]): number => {
    const start = performance.now();
    for (let call = 0; call < calls; call++) forms[name](CALL);
    return performance.now() - start;
  };
  for (const name of names) {
    const begun = performance.now();
    do forms[name](CALL);
    while (performance.now() - begun < WARM_MS);
  }
  if (work === 'loop') while (time('plain') < least) calls *= 2;
  const times: Times = { plain: [], again: [], slots: [], swapped: [] };
  for (let round = 0; round < rounds; round++) {
    // Each round in another order.
    for (let n = 0; n < names.length; n++) {
      const name = names[(n + round) % names.length] ?? 'plain';
      times[name].push(time(name));
    }
  }
  return times;
}

/** One edit after the other of a module that has an importer and instances. */
export async function timeEdits(
  start: readonly ModuleText[],
  edits: readonly (readonly ModuleText[])[],
): Promise<{ readonly prepare: number[]; readonly commit: number[] }> {
  const entry = start[0]?.meta.id ?? '';
  const library = await runLibrary<object>(entry, start);
  const times = { prepare: [] as number[], commit: [] as number[] };
  for (const texts of edits) {
    const begun = performance.now();
    const commit = await library.prepare(texts);
    const prepared = performance.now();
    commit();
    times.commit.push(performance.now() - prepared);
    times.prepare.push(prepared - begun);
  }
  return times;
}

/** Of many modules in one script, as a page gets them: from the text to the end of the last module. @param script a function that gets `define` */
export async function timeStart(entry: ModuleId, script: string): Promise<number> {
  const { registry } = createBareRuntime();
  const begun = performance.now();
  // oxlint-disable-next-line no-eval -- a script element would say neither when it begins nor when it is done
  ((0, eval)(script) as (define: typeof registry.define) => void)(registry.define);
  await registry.prepare([entry]);
  await registry.start(entry);
  return performance.now() - begun;
}
