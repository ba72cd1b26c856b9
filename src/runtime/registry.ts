/**
 * The modules of a running program: what is defined, what runs, who imports whom. Links and evaluates; replacing what runs is the
 * update's job (update.ts), which uses the same steps.
 *
 *     definition  meta and factory, the newest that arrived; nothing has run
 *     instance    one run of a definition (instance.ts); at most one is current
 *     record      the id's permanent place: its export cells, `hot.data`, its importers by `import()`
 */
import type { ModuleId, ModuleMeta } from '../protocol.ts';
import { createBindings, type BindingsOptions } from './bindings.ts';
import { createCommonJs, type CommonJs, type CommonJsOptions } from './commonjs.ts';
import { evaluate } from './evaluate.ts';
import type { Environment, ScriptApi } from './format.ts';
import { createInstance, type Definition, type Instance } from './instance.ts';
import { findMissingExport, missingExportMessage, resolveExport, type MetaLookup, type Resolution } from './linking.ts';
import { createLoading, type Loading } from './loading.ts';
import { createRecord, isBuiltin, isLinked, type DynamicImport, type ModuleRecord } from './record.ts';
import { createSurroundings, type Surroundings } from './surroundings.ts';

export interface RegistryHost extends Pick<BindingsOptions, 'showsNamespaces'> {
  /** Fetches definitions of what a URL names, and of what that needs and the registry lacks. Resolves with the module's id. */
  load(url: string): Promise<ModuleId>;
  /** Imports a module that is not linked (another origin, an import map's bare name) natively. */
  importExternal(url: string): Promise<object>;
  /** What a computed specifier names, seen from a module: a root-relative URL, or anything else for {@link importExternal}. */
  resolve(specifier: string, importer: ModuleId): string;
  /** The exports of a module that is part of the host (`hmr-dev/client`), made for one importer. */
  builtin(id: ModuleId, importer: Instance): Environment | undefined;
  /** Definitions were dropped: what was fetched before has to be fetched again when it is needed again. */
  forget(): void;
  /** Fills `import.meta`; `hot` included. */
  fillMeta(instance: Instance, meta: Record<string, unknown>): void;
  /** Where `require` is not that of packages in a page. */
  commonJs?(options: CommonJsOptions): CommonJs;
}

export interface Registry extends Omit<ScriptApi, 'chunk' | 'failed'> {
  record(id: ModuleId): ModuleRecord | undefined;
  records(): Iterable<ModuleRecord>;
  /** Of these somebody has asked what they are; see `ScriptApi.describe`. */
  readonly undescribed: Set<Definition>;
  /** Loads what the static graphs of these modules lack: definitions and external modules. */
  prepare(ids: Iterable<ModuleId>): Promise<void>;
  /** Makes and links an instance for each id without one, dependencies first; runs their hoisting phase. All or none. */
  link(ids: Iterable<ModuleId>): Instance[];
  /** Runs a linked module and what it needs. */
  run(id: ModuleId): Promise<void> | undefined;
  namespace(id: ModuleId): object;
  /** `import()` on behalf of a module. */
  importModule(url: string, importer: Instance): Promise<object>;
  /** Runs a function and collects the ids of what it imports with `import()` before it returns. */
  trackImports: Loading['track'];
  /** What a patch of an instance is run with. */
  surroundings(instance: Instance, definition: Definition): Surroundings;
  /** The instance goes on as another version, without running; to be connected when all of a transaction are. Returns the way back. */
  redefine(instance: Instance, definition: Definition): () => void;
  /** Names of importers and of barrels follow what an instance is now. */
  connect(instance: Instance): void;
  /** Whose binding an export is. */
  ownerOf(id: ModuleId, name: string): Resolution;
  /**
   * Throws the SyntaxError of linking these modules' newest definitions, if any; changes nothing.
   * @param leaving modules that nothing leads to after the update: what they miss is nobody's loss
   */
  check(ids: ReadonlySet<ModuleId>, leaving: () => readonly ModuleId[]): void;
  /** Level again after instances were replaced: what barrels forward, what namespaces list. @param isSame names stand for what they did */
  refresh(isSame: boolean): void;
  /** Running modules that import a module, statically or by an `import()` that was called. */
  importers(id: ModuleId): readonly ModuleId[];
  /** Static dependencies that are linked modules. */
  dependencies(meta: ModuleMeta): readonly ModuleId[];
  idOf(url: string): ModuleId;
  /** Drops a module that nobody imports any more, its definition and its data. */
  remove(id: ModuleId): void;
}

export function createRegistry(host: RegistryHost): Registry {
  const records = new Map<ModuleId, ModuleRecord>();
  const undescribed = new Set<Definition>();
  const externals = new Map<string, object>();
  const aliases = new Map<string, ModuleId>();
  /** What `export *` takes names from, and whose members importers read at a namespace. */
  const stars = new Set<ModuleId>();
  const asNamespace = new Set<ModuleId>();

  const recordOf = (id: ModuleId): ModuleRecord => {
    let record = records.get(id);
    if (!record) {
      record = createRecord(id);
      records.set(id, record);
    }
    return record;
  };

  const lookup = (id: ModuleId): ModuleMeta | undefined => {
    const record = records.get(id);
    return record?.current?.definition.meta ?? record?.definition?.meta;
  };

  const dependencies = (meta: ModuleMeta): readonly ModuleId[] => meta.deps.filter((id) => isLinked(id) && !isBuiltin(id));

  const importers = (id: ModuleId): ModuleId[] => {
    const record = records.get(id);
    if (!record) return [];
    const found = new Set<ModuleId>();
    for (const importer of record.staticImporters) {
      if (records.get(importer)?.current?.definition.meta.deps.includes(id)) found.add(importer);
      else record.staticImporters.delete(importer);
    }
    for (const [importer, kind] of record.dynamicImporters) {
      const { current } = records.get(importer) ?? {};
      if (current && (kind === 'computed' || Object.values(current.definition.meta.specifiers).includes(id))) found.add(importer);
      else record.dynamicImporters.delete(importer);
    }
    return [...found];
  };

  const requested = (instance: Instance): Instance[] => {
    const found: Instance[] = [];
    for (const id of dependencies(instance.definition.meta)) {
      const current = records.get(id)?.current;
      if (current) found.push(current);
    }
    return found;
  };

  const loading = createLoading({ load: host.load, importExternal: host.importExternal, record: recordOf, externals });
  const bindings = createBindings({ lookup, record: recordOf, external: (id) => externals.get(id), showsNamespaces: host.showsNamespaces });

  const commonJs = (host.commonJs ?? createCommonJs)({
    ensure(id, importer, kind) {
      recordOf(id).dynamicImporters.set(importer, kind);
      link([id]);
      const { current } = recordOf(id);
      if (!current || run(id)) throw new Error(`${id} awaits at top level, and cannot be required (by ${importer})`);
      return current;
    },
    namespace: bindings.namespace,
    builtin: host.builtin,
  });

  const environmentOf = (id: ModuleId, importer: Instance): Environment => {
    if (isBuiltin(id)) return host.builtin(id, importer) ?? {};
    const isNodes = importer.definition.meta.format === 'node' && lookup(id)?.format === 'commonjs';
    if (isNodes) return commonJs.asInNode(recordOf(id).cells.environment);
    return isLinked(id) ? recordOf(id).cells.environment : (externals.get(id) ?? {});
  };

  const collect = (ids: Iterable<ModuleId>): ModuleRecord[] => {
    const order: ModuleRecord[] = [];
    const seen = new Set<ModuleId>();
    const visit = (id: ModuleId): void => {
      if (seen.has(id)) return;
      seen.add(id);
      const record = recordOf(id);
      if (record.current) return;
      if (!record.definition) throw new Error(`${id} is not defined`);
      for (const dep of dependencies(record.definition.meta)) visit(dep);
      order.push(record);
    };
    for (const id of ids) visit(id);
    return order;
  };

  const link = (ids: Iterable<ModuleId>): Instance[] => {
    const order = collect(ids);
    for (const { definition } of order) {
      const missing = definition && findMissingExport(lookup, definition.meta);
      if (missing) throw new SyntaxError(missingExportMessage(missing, definition.meta.deps[missing.dep] ?? ''));
    }
    const instances: Instance[] = [];
    const forwarded = new Map<ModuleRecord, readonly string[]>();
    for (const record of order) {
      if (!record.definition) continue;
      const instance = createInstance(record.definition);
      record.current = instance;
      forwarded.set(record, bindings.drop(record));
      record.cells.declare(record.definition.meta.exports);
      instances.push(instance);
    }
    // Now that all have forgotten what they had: what a barrel forwards from a module that does not run again is there at once.
    for (const [record, names] of forwarded) for (const name of names) bindings.forward(record, name);
    for (const instance of instances) connect(instance);
    for (const instance of instances) initialise(instance);
    return instances;
  };

  const surroundings = createSurroundings({
    fillMeta: host.fillMeta,
    resolve: host.resolve,
    importModule: (url, importer, kind) => importModule(url, importer, kind),
    namespace: bindings.namespace,
    environmentOf,
    record: recordOf,
    runCommonJs(instance, body, write) {
      commonJs.run(instance, body, write);
      // Its names are known only now.
      if (stars.has(instance.id)) for (const id of asNamespace) for (const name of bindings.names(id)) bindings.forward(recordOf(id), name);
    },
  });

  /** Phase 1: hoisted functions and `var`s become readable. */
  const initialise = (instance: Instance): void => {
    const { write, context, environments } = surroundings(instance, instance.definition);
    instance.body = instance.definition.factory.call(undefined, write, context, ...environments);
    instance.body.next();
    instance.status = 'linked';
  };

  /** Names of importers and of barrels follow what an instance is now. */
  const connect = (instance: Instance): void => {
    const { meta } = instance.definition;
    for (const dep of dependencies(meta)) recordOf(dep).staticImporters.add(instance.id);
    for (const star of meta.stars) stars.add(meta.deps[star] ?? '');
    for (const [dep, name] of meta.imports) {
      const id = meta.deps[dep] ?? '';
      if (!isLinked(id) || isBuiltin(id)) continue;
      // Members of a namespace are read at the module's own environment too.
      for (const wanted of name === '*' ? bindings.names(id) : [name]) bindings.forward(recordOf(id), wanted);
      if (name === '*') asNamespace.add(id);
    }
  };

  const redefine = (instance: Instance, definition: Definition): (() => void) => {
    const record = recordOf(instance.id);
    const before = { definition: instance.definition, values: record.cells.snapshot(), namespace: instance.namespace };
    instance.definition = definition;
    record.cells.retain([...definition.meta.exports, ...record.forwards.keys()]);
    if (before.definition.meta.exports.join('\n') !== definition.meta.exports.join('\n')) instance.namespace = undefined;
    return () => {
      instance.definition = before.definition;
      instance.namespace = before.namespace;
      record.cells.restore(before.values);
    };
  };

  const run = (id: ModuleId): Promise<void> | undefined => {
    const { current } = recordOf(id);
    return current && evaluate(current, requested);
  };

  const check: Registry['check'] = (ids, leaving) => {
    const newest: MetaLookup = (id) => (ids.has(id) ? records.get(id)?.definition?.meta : undefined) ?? lookup(id);
    // Who imports a replaced module must still find what it names, even if it does not run again.
    for (const id of new Set([...ids].flatMap((changed) => [changed, ...importers(changed)]))) {
      const meta = newest(id);
      const missing = meta && findMissingExport(newest, meta);
      if (missing && !leaving().includes(id)) throw new SyntaxError(missingExportMessage(missing, meta.deps[missing.dep] ?? ''));
    }
  };

  const idOf = (url: string): ModuleId => aliases.get(url) ?? url;
  const importModule = async (url: string, importer: Instance, kind: DynamicImport | undefined): Promise<object> => {
    if (!isLinked(url)) return host.importExternal(url);
    if (isBuiltin(url)) return host.builtin(url, importer) ?? {};
    const known = idOf(url);
    const loaded = records.get(known)?.definition ? Promise.resolve(known) : loading.load(url);
    loading.tracked(loaded);
    const id = await loaded;
    if (kind) recordOf(id).dynamicImporters.set(importer.id, kind);
    // No edge leads to it: it ends with the page.
    else if (!recordOf(id).current) recordOf(id).root = true;
    if (!recordOf(id).current) await loading.prepare([id]);
    // Links nothing if another import() did meanwhile.
    link([id]);
    await run(id);
    return bindings.namespace(id);
  };

  return {
    define(meta, factory) {
      const record = recordOf(meta.id);
      if (record.definition?.meta.hash !== meta.hash) record.definition = { meta, factory };
    },
    patch(id, hash, form) {
      const { definition, current } = recordOf(id);
      if (definition?.meta.hash === hash) definition.patch ??= form;
      // What runs was perhaps defined without.
      if (current?.definition.meta.hash === hash) current.definition.description ??= form[0];
    },
    undescribed,
    describe(hash, description) {
      for (const definition of undescribed) if (definition.meta.hash === hash) definition.description = description;
    },
    external: (url, module) => void externals.set(url, module),
    alias: (url, id) => void aliases.set(url, id),
    start(id) {
      recordOf(id).root = true;
      link([id]);
      return run(id);
    },
    mirror(id, setters) {
      for (const [name, set] of Object.entries(setters)) bindings.follow(id, name, set);
    },
    record: (id) => records.get(id),
    records: () => records.values(),
    prepare: loading.prepare,
    link,
    run,
    namespace: bindings.namespace,
    importModule: (url, importer) => importModule(url, importer, 'computed'),
    trackImports: loading.track,
    surroundings,
    redefine,
    connect,
    ownerOf: (id, name) => resolveExport(lookup, id, name),
    check,
    refresh: bindings.refresh,
    importers,
    dependencies,
    idOf,
    remove(id) {
      const record = records.get(id);
      if (record) bindings.drop(record);
      records.delete(id);
      host.forget();
    },
  };
}
