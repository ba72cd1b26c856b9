/**
 * Runs a program and its saves from linked texts: the smallest host of the runtime. It knows neither Node nor the page, so that both
 * run the same code; the test process hands over plain data and gets plain data back.
 */
import type { ModuleId, ModuleMeta } from '../../src/protocol.ts';
import type { Factory } from '../../src/runtime/format.ts';
import { createRuntime, type Runtime, type RuntimeHost } from '../../src/runtime/runtime.ts';
import { createHotSwap } from '../../src/runtime/swap/hot-swap.ts';
import type { PatchForm } from '../../src/runtime/swap/patch-form.ts';
import type { UpdateOutcome } from '../../src/runtime/update.ts';
import { createClock, type Clock } from './clock.ts';

/** One version of a module. */
export interface ModuleText {
  readonly meta: ModuleMeta;
  readonly factory: string;
  /** Missing where nothing is swapped. */
  readonly patch?: string;
}

export interface SaveText {
  readonly modules: readonly ModuleText[];
  /** Before this save the same one is made together with one that throws. */
  readonly failsFirst?: readonly ModuleText[];
}

export interface RunText {
  readonly entry: ModuleId;
  readonly start: readonly ModuleText[];
  readonly saves: readonly SaveText[];
  /** Only what somebody draws, or the program asks for, is changed in place; default: everything. */
  readonly swapsOnRequest?: true;
}

export interface Look {
  /** What `log` was told since the last look. */
  readonly logged: readonly string[];
  readonly probed: readonly string[];
}

/** What a save did. */
export interface SaveReport {
  /** The kind of the outcome. */
  readonly kind: UpdateOutcome['kind'];
  readonly swapped: readonly ModuleId[];
  /** Of refusals, and errors. */
  readonly reasons: readonly string[];
  /** Why the page would be loaded anew. */
  readonly reload: string;
  readonly look: Look;
}

export interface RunReport {
  readonly start: Look;
  readonly saves: readonly SaveReport[];
  /** Of the saves that failed first, by the index of the save. */
  readonly failed: Readonly<Record<number, SaveReport>>;
}

type Evaluated = (...globals: unknown[]) => unknown;

export interface Program {
  look(): Promise<Look>;
  save(modules: readonly ModuleText[]): Promise<SaveReport>;
  readonly clock: Clock;
  start(): Promise<void>;
}

/** @param more globals of the program */
export function createProgram(
  { entry, start, swapsOnRequest }: Omit<RunText, 'saves'>,
  more: Readonly<Record<string, unknown>> = {},
): Program {
  const probes: (() => readonly unknown[])[] = [];
  const logged: string[] = [];
  const attached: object[] = [];
  const texts = new Map(start.map((text) => [text.meta.id, text]));
  const undescribed = new Map<string, ModuleText>();
  const clock = createClock();
  const globals: Record<string, unknown> = {
    ...clock.globals,
    ...more,
    probe: (probe: () => readonly unknown[]) => void probes.push(probe),
    log: (line: unknown) => void logged.push(String(line)),
    attach: (object: object) => void attached.push(object),
  };
  const evaluate = (text: string, id: ModuleId): unknown => {
    // Names of parameters hide the real timers from the program, in Node and in a page alike.
    // oxlint-disable-next-line typescript/no-implied-eval -- it is what a host does; node:vm is not there in a page
    const run = new Function(...Object.keys(globals), `'use strict';return ${text}\n//# sourceURL=swap:${id}`) as Evaluated;
    return run(...Object.values(globals));
  };
  const define = ({ meta, factory, patch }: ModuleText): void => {
    runtime.registry.define(meta, evaluate(factory, meta.id) as Factory);
    if (patch !== undefined) runtime.registry.patch(meta.id, meta.hash, evaluate(patch, `${meta.id}?patch`) as PatchForm);
  };
  const errors: unknown[] = [];
  const options: RuntimeHost = {
    swapsAlways: !swapsOnRequest,
    draws: () => false,
    loadSwap: async () => ({ createHotSwap }),
    async loadPatch(_, hash) {
      const text = undescribed.get(hash);
      if (text) define(text);
    },
    async loadDescriptions(hashes) {
      for (const hash of hashes) {
        const { meta, patch } = undescribed.get(hash) ?? {};
        if (meta && patch !== undefined) runtime.registry.describe(hash, (evaluate(patch, `${meta.id}?patch`) as PatchForm)[0]);
      }
    },
    instancesOf: (object) => attached.filter((element) => element instanceof object),
    load: async (url) => {
      const text = texts.get(url);
      if (!text) throw new TypeError(`Failed to fetch ${url}`);
      // As a page gets it: without what says what it is.
      undescribed.set(text.meta.hash, text);
      define({ meta: text.meta, factory: text.factory });
      return url;
    },
    importExternal: (url) => Promise.reject(new TypeError(`Failed to fetch ${url}`)),
    resolve: (specifier, importer) => new URL(specifier, `http://x${importer}`).pathname,
    resolveUrl: (specifier, importer) => new URL(specifier, `http://x${importer}`).href,
    url: (id) => `http://x${id}`,
    builtin: () => undefined,
    forget: () => undefined,
    isLeftToPage: () => false,
    send: () => undefined,
    onInvalidate: () => undefined,
    onOutcome: () => undefined,
    onError: (error) => void errors.push(error),
  };
  const runtime: Runtime = createRuntime(options);

  const look = async (): Promise<Look> => {
    await turn();
    const probed = probes.flatMap((probe) => lines(probe));
    return { logged: logged.splice(0), probed };
  };

  return {
    clock,
    look,
    async start() {
      await runtime.registry.prepare([entry]);
      await runtime.registry.start(entry);
    },
    async save(modules) {
      for (const text of modules) texts.set(text.meta.id, text);
      const running = modules.filter(({ meta }) => runtime.registry.record(meta.id)?.definition);
      for (const text of running) define(text);
      const outcome = await runtime.apply(running.map(({ meta: { id, hash } }) => ({ id, hash })));
      const isSaid = outcome.kind === 'updated' || outcome.kind === 'reload';
      const reasons = isSaid ? outcome.refusals.map(({ reason }) => reason) : [];
      if (outcome.kind === 'failed') reasons.push(String(outcome.error));
      if (outcome.kind === 'updated') reasons.push(...outcome.errors.map(String));
      reasons.push(...errors.splice(0).map(String));
      if (outcome.kind === 'updated' && reasons.length === 0) clock.tick();
      const reload = outcome.kind === 'reload' ? outcome.reason : '';
      return { kind: outcome.kind, swapped: outcome.kind === 'updated' ? outcome.swapped : [], reasons, reload, look: await look() };
    },
  };
}

/** A probe that throws says so, and the others still speak. */
function lines(probe: () => readonly unknown[]): string[] {
  try {
    return [...probe()].map(String);
  } catch (error) {
    return [`the probe throws ${String(error)}`];
  }
}

/** Everything that promises have queued has run after a task. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

/** Starts the program, makes the saves, and looks after each. */
export async function runProgram(run: RunText): Promise<RunReport> {
  const program = createProgram(run);
  await program.start();
  program.clock.tick();
  const start = await program.look();
  const saves: SaveReport[] = [];
  const failed: Record<number, SaveReport> = {};
  for (const [index, { modules, failsFirst }] of run.saves.entries()) {
    if (failsFirst) failed[index] = await program.save(failsFirst);
    saves.push(await program.save(modules));
  }
  return { start, saves, failed };
}
