/**
 * The files of a program as modules: read, compiled and resolved, each once for as long as it stays as it is. Versions of the program are made of
 * these; what a version changes (instances, exports) is not here.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { jsonSyntaxError } from '../../compile/json-syntax.ts';
import type { TsconfigRaw } from '../../compile/esbuild.ts';
import { isBuiltin, isLinked } from '../../../runtime/record.ts';
import type { SwapLevel } from '../../../runtime/swap/shape.ts';
import type { ModuleId, ModuleMeta } from '../../../protocol.ts';
import { toHmrError } from './load-errors.ts';
import { createMeta, type MetaOptions } from './module-meta.ts';
import { fileOfId, urlOfId } from './file-ids.ts';
import { isTypeScript } from './find-file.ts';
import type { Linker, ModuleSource } from './linker.ts';
import type { ModuleCode, ModuleCompiler } from './module-code.ts';
import { declaredFormat } from './module-format.ts';
import type { PackageScopes } from './package-scope.ts';
import type { ModuleResolver } from './resolve-module.ts';

export interface ProgramModule {
  readonly id: ModuleId;
  readonly filePath: string;
  readonly source: ModuleSource;
  readonly code: ModuleCode;
  readonly meta: ModuleMeta;
}

export interface Modules {
  /** A module and all that it imports. Rejects with HmrError. */
  load(id: ModuleId): Promise<void>;
  /** The same at once, for `require`. @throws what Node would */
  loadNow(id: ModuleId): ProgramModule;
  get(id: ModuleId): ProgramModule | undefined;
  /** What a program has loaded, dependencies first. */
  graph(id: ModuleId): readonly ProgramModule[];
  /** From now on a module's text is compiled so that a later version of it can be put in its place. */
  makeSwappable(ids: Iterable<ModuleId>): boolean;
  /** Whether a file still has the text that was read last. */
  isSame(file: string): boolean;
  /** These files may have new content. */
  touch(files: Iterable<string>): void;
  /** The same for those that have another time or size than when they were read. @returns whether there are any */
  touchStale(): boolean;
  /** Files came or went, or say otherwise what specifiers mean. */
  resolveAnew(): void;
  /** Files that were read, or could not be. */
  readonly files: ReadonlySet<string>;
}

export interface ModulesOptions {
  readonly resolver: ModuleResolver;
  readonly scopes: PackageScopes;
  readonly tsconfigRaw: (filePath: string) => TsconfigRaw;
  readonly hotswap: SwapLevel;
  readonly linker: () => Linker;
  readonly compiler: ModuleCompiler;
}

interface Kept {
  readonly module: ProgramModule;
  readonly stamp: string;
  /** When its specifiers were resolved. */
  readonly generation: number;
}

export function createModules({ resolver, scopes, tsconfigRaw, hotswap, linker, compiler }: ModulesOptions): Modules {
  const kept = new Map<ModuleId, Kept>();
  const touched = new Set<string>();
  const swappable = new Set<ModuleId>();
  const files = new Set<string>();
  /** By entry, as long as nothing is read. */
  const graphs = new Map<ModuleId, readonly ProgramModule[]>();
  const metaOptions: MetaOptions = { resolver, namesOf: (code) => linker().namesOf(code) };
  let generation = 0;

  /** Undefined: it has to be compiled. @throws as resolving does */
  const reuse = (id: ModuleId): ProgramModule | undefined => {
    const known = kept.get(id);
    if (!known || touched.has(known.module.filePath)) return undefined;
    const { module, stamp } = known;
    if (known.generation === generation || module.code.format === 'json') return module;
    // Its specifiers may mean something else now; its format too, which then is in the text.
    if (module.source.declared !== declaredFormat(module.filePath, scopes, true)) return undefined;
    return keep({ ...module, meta: createMeta(module, metaOptions) }, stamp);
  };

  const isStale = (id: ModuleId): boolean => {
    const known = kept.get(id);
    return known !== undefined && known.stamp !== stampOf(known.module.filePath);
  };

  const keep = (module: ProgramModule, stamp: string): ProgramModule => {
    kept.set(module.id, { module, stamp, generation });
    graphs.clear();
    return module;
  };

  const read = (id: ModuleId, isRequired: boolean): { readonly source: ModuleSource; readonly stamp: string } => {
    const filePath = fileOfId(id);
    files.add(filePath);
    const declared = declaredFormat(filePath, scopes, isRequired);
    // Before it is read: what is written in between is then seen to be newer.
    const stamp = stampOf(filePath);
    touched.delete(filePath);
    const text = readText(filePath);
    const isCompiled = isTypeScript(filePath) || /\.[jt]sx$/.test(filePath);
    const raw = isCompiled ? tsconfigRaw(filePath) : {};
    const url = declared === 'commonjs' ? filePath : urlOfId(id);
    return { source: { filePath, text, url, declared, tsconfigRaw: raw, hotswap: swappable.has(id) ? hotswap : 'off' }, stamp };
  };

  const finish = (id: ModuleId, source: ModuleSource, stamp: string, code: ModuleCode): ProgramModule => {
    const known = kept.get(id)?.module;
    // Saved without a change: what runs is still the newest.
    const isSame =
      known?.source.text === source.text && known.source.hotswap === source.hotswap && known.source.declared === source.declared;
    const made = { id, filePath: source.filePath, source, code: isSame ? known.code : code };
    return keep({ ...made, meta: createMeta(made, metaOptions) }, stamp);
  };

  const compile = async (id: ModuleId): Promise<ProgramModule> => {
    try {
      const { source, stamp } = read(id, false);
      if (source.declared === 'json') checkJson(source);
      return finish(id, source, stamp, await compiler.compile(source));
    } catch (error) {
      // What is kept of it is not what it is.
      touched.add(fileOfId(id));
      throw error;
    }
  };

  /** Of a thousand modules one has changed: no promise is made for the others. */
  const load = async (entry: ModuleId): Promise<void> => {
    const seen = new Set<ModuleId>();
    const visit = (id: ModuleId): Promise<void> | undefined => {
      if (seen.has(id)) return undefined;
      seen.add(id);
      let module: ProgramModule | undefined;
      try {
        module = reuse(id);
      } catch (error) {
        return Promise.reject(toHmrError(error, fileOfId(id)));
      }
      return module ? visitAll(module) : visitNew(id);
    };
    const visitNew = async (id: ModuleId): Promise<void> => {
      let module: ProgramModule;
      try {
        module = await compile(id);
      } catch (error) {
        throw toHmrError(error, fileOfId(id));
      }
      await visitAll(module);
    };
    const visitAll = ({ meta }: ProgramModule): Promise<void> | undefined => {
      const pending = localDependencies(meta).flatMap((dep) => visit(dep) ?? []);
      return pending.length === 0 ? undefined : firstMistake(pending);
    };
    await visit(entry);
  };

  const loadNow = (entry: ModuleId): ProgramModule => {
    const seen = new Set<ModuleId>();
    const visit = (id: ModuleId, isRequired: boolean): ProgramModule => {
      seen.add(id);
      let module = isStale(id) ? undefined : reuse(id);
      if (!module) {
        const { source, stamp } = read(id, isRequired);
        touched.add(source.filePath);
        const code = compiler.compileNow(source);
        touched.delete(source.filePath);
        module = finish(id, source, stamp, code);
      }
      for (const dep of localDependencies(module.meta)) if (!seen.has(dep)) visit(dep, false);
      return module;
    };
    return visit(entry, true);
  };

  return {
    load,
    loadNow,
    files,
    get: (id) => kept.get(id)?.module,
    graph(entry) {
      const known = graphs.get(entry);
      if (known) return known;
      const order: ProgramModule[] = [];
      const seen = new Set<ModuleId>();
      const visit = (id: ModuleId): void => {
        if (seen.has(id)) return;
        seen.add(id);
        const module = kept.get(id)?.module;
        if (!module) return;
        for (const dep of localDependencies(module.meta)) visit(dep);
        order.push(module);
      };
      visit(entry);
      graphs.set(entry, order);
      return order;
    },
    makeSwappable(ids) {
      let isNew = false;
      for (const id of ids) {
        const module = kept.get(id)?.module;
        if (swappable.has(id) || module?.code.format !== 'module' || hotswap === 'off') continue;
        swappable.add(id);
        touched.add(module.filePath);
        isNew = true;
      }
      return isNew;
    },
    isSame(file) {
      const read = [...kept.values()].filter(({ module }) => module.filePath === file);
      if (read.length === 0 || !existsSync(file)) return false;
      const text = readText(file);
      return read.every(({ module }) => module.source.text === text);
    },
    touch(changed) {
      for (const file of changed) touched.add(file);
    },
    touchStale() {
      const stale = [...kept.values()].filter(({ module }) => isStale(module.id));
      for (const { module } of stale) touched.add(module.filePath);
      return stale.length > 0;
    },
    resolveAnew() {
      generation++;
      resolver.clear();
    },
  };
}

/** Static imports of files that run in the registry. */
export function localDependencies(meta: ModuleMeta): ModuleId[] {
  return meta.deps.filter((id) => isLinked(id) && !isBuiltin(id));
}

function readText(filePath: string): string {
  return readFileSync(filePath, 'utf8').replace(/^\ufeff/, '');
}

function stampOf(filePath: string): string {
  const stats = statSync(filePath, { throwIfNoEntry: false });
  return stats === undefined ? 'absent' : `${stats.mtimeMs} ${stats.ctimeMs} ${stats.size} ${stats.ino}`;
}

/** Of many the first that the author wrote, when all have been looked for. */
async function firstMistake(pending: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(pending);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

function checkJson({ text, filePath }: ModuleSource): void {
  try {
    JSON.parse(text);
  } catch (cause) {
    throw jsonSyntaxError(text, filePath, { relaxed: false }) ?? cause;
  }
}
