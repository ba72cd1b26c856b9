/**
 * One case of hot-swap: a program, some saves, and what the live objects say after each. Programs take references before the first save
 * (instances, functions, timers) and look at them through probes; what a save must do to them is hotswap's promise, stated here as lines
 * of text, so that the same case runs in Node and in a page.
 *
 * A program finds as globals
 *
 *     probe(() => [...lines])   called at every look; changes nothing, since a look may come more than once
 *     attach(object)            the host knows of it from now on, as a page knows of its elements
 *     log(line)                 lines since the last look come before those of the probes
 *     setTimeout, setInterval, clearTimeout, clearInterval, clock.tick()
 *                               time is counted in ticks: one after the start, one after every save that changed something, both
 *                               before the look; what has to happen once for each version stands in an interval
 */

/** What is swapped, the least first. */
export const LEVELS = ['bindings', 'classes', 'closures'] as const;
export type Level = (typeof LEVELS)[number];

/** Root-relative path → text. */
export type Files = Readonly<Record<string, string>>;

export interface SwapStep {
  /** What is written, whole. */
  readonly save: Files;
  /** Default: what was said before. */
  readonly says?: readonly string[];
  /** Whole words of the reason why nothing has changed: a refusal's, or the error's that took the update back. */
  readonly refused?: string;
  /** The design leaves open whether this is swapped: refusing is right as well, half of it is not. */
  readonly orRefused?: true;
  /**
   * A fresh run of the same files says something else, since the swapped program has a past. For all other steps the test of the cases
   * themselves starts the files from nothing and compares.
   */
  readonly kept?: true;
}

export interface SwapCase {
  readonly name: string;
  /** The lowest level at which it holds; default `classes`. */
  readonly level?: Level;
  /** `/main.js` is the entry. */
  readonly files: Files;
  readonly starts: readonly string[];
  readonly steps: readonly SwapStep[];
}

/** The case's level and those above it. */
export function levelsOf({ level = 'classes' }: SwapCase): readonly Level[] {
  return LEVELS.slice(LEVELS.indexOf(level));
}

/**
 * The same case for a program that hears of the last version only. Undefined where its end depends on the way, or there is but one save.
 */
export function atOnce(swapCase: SwapCase): SwapCase | undefined {
  const steps = swapCase.steps.filter(({ refused }) => refused === undefined);
  const says = steps.map((step) => step.says ?? []).at(-1) ?? [];
  const isSure = steps.every((step) => !step.kept && !step.orRefused && step.says?.length === says.length);
  const last: Files = Object.assign({}, ...steps.map(({ save }) => save));
  const save = Object.fromEntries(Object.entries(last).filter(([file, text]) => swapCase.files[file] !== text));
  if (!isSure || steps.length < 2 || Object.keys(save).length === 0) return undefined;
  return { ...swapCase, steps: [{ save, says }] };
}

type Edit = readonly [from: string, to: string];

interface StoryStep extends Omit<SwapStep, 'save'> {
  /** Of `/main.js`, or by file. */
  readonly edit?: readonly Edit[] | Readonly<Record<string, readonly Edit[]>>;
  /** Appended to `/main.js`. */
  readonly add?: string;
  readonly save?: Files;
}

interface Story extends Omit<SwapCase, 'files' | 'steps'> {
  /** A text alone is `/main.js`. */
  readonly files: string | Files;
  readonly steps: readonly StoryStep[];
}

/** A case told by edits, each on top of the steps before it but for those that were refused. */
export function story({ files, steps, ...rest }: Story): SwapCase {
  const first = typeof files === 'string' ? { '/main.js': files } : files;
  let current: Files = first;
  const told = steps.map(({ edit = {}, add, save = {}, ...step }): SwapStep => {
    const edits: Readonly<Record<string, readonly Edit[]>> = Array.isArray(edit) ? { '/main.js': edit } : (edit as Record<string, Edit[]>);
    const changed: Record<string, string> = { ...save };
    for (const [file, list] of Object.entries(edits)) changed[file] = list.reduce(edited, changed[file] ?? current[file] ?? '');
    if (add !== undefined) changed['/main.js'] = `${changed['/main.js'] ?? current['/main.js'] ?? ''}\n${add}`;
    if (step.refused === undefined) current = { ...current, ...changed };
    return { ...step, save: changed };
  });
  return { ...rest, files: first, steps: told };
}

function edited(text: string, [from, to]: Edit): string {
  const parts = text.split(from);
  if (parts.length !== 2) throw new Error(`${JSON.stringify(from)} is ${parts.length - 1} times in ${text}`);
  return parts.join(to);
}
