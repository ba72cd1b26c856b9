/**
 * A Node program whose local files run in our own registry, so that a newer version of them can run beside the older in the same process, and the
 * older be freed. Files are read and compiled once; each `load` makes a version of what they are now.
 *
 *     load → Version.evaluate → … files change … → changed: 'reload' → load → evaluate → retire the older
 *                                                  changed: 'accepted' → apply, in the version that runs
 */
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import type { ModuleMeta } from '../../../protocol.ts';
import type { SwapLevel } from '../../../runtime/swap/shape.ts';
import type { UpdateOutcome } from '../../../runtime/update.ts';
import { HmrError } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import { createLineCache } from '../../compile/line-cache.ts';
import { hashOf } from '../../content-hash.ts';
import type { TsconfigRaw } from '../../compile/esbuild.ts';
import type { TsconfigFinder } from '../../compile/tsconfig.ts';
import type { EvaluationStep } from './evaluation-steps.ts';
import { idOfFile } from './file-ids.ts';
import { findRequired } from './find-file.ts';
import { checkLinks } from './load-errors.ts';
import type { Linker } from './linker.ts';
import { createModuleCompiler } from './module-code.ts';
import { createModules, type ProgramModule } from './modules.ts';
import { createNatives } from './natives.ts';
import { createPackageScopes } from './package-scope.ts';
import { createModuleResolver, packageFolder } from './resolve-module.ts';
import { swappableModules } from './swappable.ts';
import { createVersion, stepsOf, type Effect, type Version } from './version.ts';

export interface ProgramOptions {
  /** Absolute, or seen from `cwd`; without its extension, if need be. */
  readonly entry: string;
  readonly cwd: string;
  /** Of `exports` and `imports` in package.json, besides Node's own. */
  readonly conditions?: readonly string[];
  /** Packages in node_modules that run in the registry, so that their edits reload. */
  readonly include?: readonly string[];
  /** How much of a module can be changed in place below an accept boundary. */
  readonly hotswap?: SwapLevel;
  /** Also where nobody is told of it. */
  readonly swapsAlways?: boolean;
  /** Where linked modules are kept for the next start; default: nowhere. */
  readonly cacheFolder?: string;
  /** Makes the linked form of files that are not kept there. */
  readonly linker: () => Linker;
  readonly logger: Pick<Logger, 'warn' | 'debug'>;
  /** Runs what is to belong to no version: packages are evaluated once, in whatever version asks first. */
  readonly outside?: <T>(run: () => T) => T;
  /** Of an update that `import.meta.hot.invalidate` started. */
  readonly onOutcome?: (outcome: UpdateOutcome) => void;
}

export interface Program {
  /** Reads what has changed, and links. Rejects with HmrError; what runs goes on. */
  load(): Promise<Version>;
  /** What a change of files means for the newest version that has run. To be told of every change: what is not told is not read again. */
  changed(files: Iterable<string>): Effect;
  /** Whether a file still has the text that was read last. */
  isSame(file: string): boolean;
  /** New code for what an accept boundary of a version takes. Rejects with HmrError. */
  apply(version: Version, files: Iterable<string>): Promise<UpdateOutcome>;
  /** Files that were read or that packages were loaded from, and places where something was looked for in vain. */
  readonly files: ReadonlySet<string>;
  /** Writes what is to be kept for the next start. */
  close(): void;
}

/** Also of one file: a start that links nothing does not load what links. */
const CACHE = { minimum: 1, delayMs: 2_000 };

const UNKNOWN: ReadonlyMap<string, ModuleMeta> = new Map();

export function createProgram(options: ProgramOptions): Program {
  const { cwd, logger, hotswap = 'classes' } = options;
  const scopes = createPackageScopes();
  let tsconfig: TsconfigFinder | undefined;
  const resolver = createModuleResolver({
    scopes,
    conditions: options.conditions ?? [],
    include: options.include ?? [],
    pathCandidates: (specifier, importerPath) => tsconfig?.find(importerPath)?.pathCandidates(specifier) ?? [],
  });
  const { cacheFolder } = options;
  const cache = cacheFolder === undefined ? undefined : createLineCache({ filePath: cacheFile(cacheFolder, cwd), ...CACHE });
  const { linker } = options;
  const compiler = createModuleCompiler(linker, cache);
  const tsconfigRaw = (filePath: string): TsconfigRaw => tsconfig?.rawFor(filePath) ?? {};
  const modules = createModules({ resolver, scopes, tsconfigRaw, hotswap, linker, compiler });
  const natives = createNatives(options.outside ?? ((run) => run()));
  let entry: string | undefined;
  let count = 0;
  let loads = 0;
  let newest: Version | undefined;
  /** The last version that was begun has not come to its end, or to nothing. */
  let isUnsettled = false;
  /** The program when all of its imports were found, as far as the names of packages were known. */
  let found = UNKNOWN;

  const checkAll = (loaded: readonly ProgramModule[]): void =>
    checkLinks(loaded, { lookup: modules.get, namesOfNative: (url) => namesOf(natives.get(url)), cwd });

  /** The whole program; most saves change no name. */
  const checkProgram = (loaded: readonly ProgramModule[]): void => {
    if (loaded.every(({ meta }) => hasSameLinks(found.get(meta.id), meta))) return;
    checkAll(loaded);
    found = new Map(loaded.map(({ meta }) => [meta.id, meta]));
  };

  /** Of what stands in front of the program's own files, since it would run before them anyway; builtins do nothing. @returns whether any was */
  const preload = async (steps: readonly EvaluationStep[]): Promise<boolean> => {
    let isFirst = true;
    let isNew = false;
    for (const step of steps) {
      if (step.kind === 'modules') isFirst = false;
      else if (!natives.get(step.url) && (isFirst || step.url.startsWith('node:'))) {
        isNew = true;
        await natives.load(step.url);
      }
    }
    return isNew;
  };

  const loadGraph = async (id: string): Promise<readonly ProgramModule[]> => {
    await modules.load(id);
    if (modules.makeSwappable(swappableModules(modules.graph(id), modules.graph))) await modules.load(id);
    return modules.graph(id);
  };
  /** What is not there may have been saved with what is, and not told yet. */
  const loadChecked = async (id: string): Promise<void> => {
    try {
      checkProgram(await loadGraph(id));
    } catch (error) {
      if (!modules.touchStale()) throw error;
      checkProgram(await loadGraph(id));
    }
  };

  const load = async (): Promise<Version> => {
    // One that comes later is a restart.
    if (count === 0 && hasTsconfig(cwd)) tsconfig ??= await createTsconfig(cwd);
    const filePath = findRequired(path.resolve(cwd, options.entry), scopes);
    if (filePath === undefined) {
      throw new HmrError('READ', `${options.entry} is not there.`, { hint: `The entry is looked for in ${cwd}.` });
    }
    entry = idOfFile(realpathSync.native(filePath));
    await loadChecked(entry);
    const steps = stepsOf(entry, modules);
    if (await preload(steps)) {
      found = UNKNOWN;
      checkProgram(modules.graph(entry));
    }
    return createVersion({
      number: ++count,
      entry,
      steps,
      modules,
      natives,
      resolver,
      swapsAlways: options.swapsAlways ?? false,
      patchOf: ({ source }) => compiler.compilePatch({ ...source, hotswap }),
      checkNative(url) {
        const importers = entry === undefined ? [] : modules.graph(entry).filter(({ meta }) => meta.deps.includes(url));
        found = UNKNOWN;
        checkAll(importers);
      },
      onOutcome: options.onOutcome ?? (() => undefined),
      onError: (error) => logger.warn(error instanceof Error ? (error.stack ?? error.message) : String(error)),
      onRetire(version) {
        if (newest === version) newest = undefined;
      },
    });
  };

  const isConfiguration = (file: string): boolean => resolver.isConfiguration(file) || (tsconfig?.reads(file) ?? false);

  /** A file beside one of the program may be what an import means from now on. */
  const mayShadow = (file: string): boolean => {
    const base = file.replace(/\.[^./\\]*$/, '');
    for (const known of modules.files) if (known !== file && known.replace(/\.[^./\\]*$/, '') === base) return true;
    return false;
  };

  const effectOf = (changed: readonly string[]): Effect => {
    const packages = new Set([...natives.files].map(packageFolder));
    if (changed.some((file) => isConfiguration(file) || packages.has(packageFolder(file) || file))) return 'restart';
    const isMissed = changed.some((file) => resolver.missed.has(file));
    const isStrange = changed.some((file) => !modules.files.has(file) && existsSync(file) && mayShadow(file));
    const isGone = changed.some((file) => modules.files.has(file) && !existsSync(file));
    if (isMissed || isStrange || isGone) modules.resolveAnew();
    if (isUnsettled && changed.some((file) => modules.files.has(file) || isMissed)) return 'reload';
    const effect = newest?.effectOf(changed) ?? 'none';
    return effect === 'none' && (isStrange || isMissed) ? 'reload' : effect;
  };

  return {
    async load() {
      isUnsettled = true;
      const mine = ++loads;
      const version = await load();
      const { evaluate } = version;
      const settle = (): void => {
        // An older one may come to its end later.
        if (mine === loads) isUnsettled = false;
        if (version.number > (newest?.number ?? 0)) newest = version;
      };
      return Object.assign(version, {
        evaluate() {
          const running = evaluate();
          if (!running) settle();
          return running?.then(settle);
        },
      });
    },
    changed(files) {
      const changed = [...files];
      modules.touch(changed);
      return effectOf(changed);
    },
    isSame: modules.isSame,
    async apply(version, files) {
      const touched = [...files];
      const ids = version.running(touched);
      modules.touch(touched);
      for (const id of ids) await loadGraph(id);
      const changed = ids.flatMap((id) => modules.get(id) ?? []);
      checkAll(changed.flatMap(({ id }) => modules.graph(id)));
      return version.apply(changed);
    },
    get files() {
      return new Set([...modules.files, ...natives.files, ...resolver.missed]);
    },
    close: () => cache?.close(),
  };
}

function cacheFile(folder: string, cwd: string): string {
  return path.join(folder, `run-${path.basename(cwd)}-${hashOf(cwd)}.txt`);
}

/** All that decides whether imports are found, of a module and for those that import it. */
function hasSameLinks(before: ModuleMeta | undefined, now: ModuleMeta): boolean {
  return before === now || (before !== undefined && linksOf(before) === linksOf(now));
}

function linksOf({ deps, imports, exports, reexports, stars, format }: ModuleMeta): string {
  return JSON.stringify([deps, imports, exports, reexports, stars, format]);
}

function namesOf(namespace: object | undefined): ReadonlySet<string> | undefined {
  return namespace && new Set(Object.getOwnPropertyNames(namespace));
}

/** Above the working folder, or in the folders beside it. */
function hasTsconfig(cwd: string): boolean {
  for (let folder = cwd; ; folder = path.dirname(folder)) {
    if (readdirSync(folder).some((name) => /^[jt]sconfig.*\.json$/.test(name))) return true;
    if (folder === path.dirname(folder)) return false;
  }
}

/** Its library is loaded where there is one. */
async function createTsconfig(cwd: string): Promise<TsconfigFinder> {
  const { createTsconfigFinder } = await import('../../compile/tsconfig.ts');
  return createTsconfigFinder({ root: cwd });
}
