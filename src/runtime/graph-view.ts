/**
 * The running graph as the update's questions see it (propagate.ts), made from the registry's records, and the walks over it that need
 * no decision: orders, and what nothing leads to.
 */
import type { ModuleId } from '../protocol.ts';
import type { GraphView } from './propagate.ts';
import type { Registry } from './registry.ts';

export function createGraphView(registry: Registry, isLeftToPage: (id: ModuleId) => boolean): GraphView {
  const hot = (id: ModuleId) => registry.record(id)?.current?.hot;
  const meta = (id: ModuleId) => registry.record(id)?.current?.definition.meta;
  return {
    importersOf: registry.importers,
    dependenciesOf: (id) => {
      const of = meta(id);
      return of ? registry.dependencies(of) : [];
    },
    isRoot: (id) => registry.record(id)?.root ?? false,
    selfAccepts: (id) => hot(id)?.selfAccepted ?? false,
    acceptedExports: (id) => hot(id)?.acceptedExports,
    namesUsed: (importer, id) => namesUsed(registry, importer, id),
    // One that threw runs its callbacks, but never the rest of its body. One that awaits still does: `hasRun` would ask too much.
    accepts: (importer, id) =>
      !registry.record(importer)?.current?.error && (hot(importer)?.dependencyAccepts.some(({ deps }) => [...deps].includes(id)) ?? false),
    declined: (id) => hot(id)?.declined ?? false,
    hasRun: (id) => {
      const current = registry.record(id)?.current;
      return current?.status === 'evaluated' && current.error === undefined;
    },
    isLeftToPage,
  };
}

function namesUsed(registry: Registry, importer: ModuleId, id: ModuleId): ReadonlySet<string> | undefined {
  const meta = registry.record(importer)?.current?.definition.meta;
  const dep = meta?.deps.indexOf(id) ?? -1;
  if (!meta || dep === -1 || meta.stars.includes(dep)) return undefined;
  if (registry.record(id)?.dynamicImporters.has(importer)) return undefined;
  const names = new Set<string>();
  for (const [index, name] of meta.imports) if (index === dep) names.add(name);
  for (const [, index, name] of meta.reexports) if (index === dep) names.add(name);
  return names.has('*') ? undefined : names;
}

/**
 * Some modules in the order in which the standard would run them: dependencies first, also where what lies between them stays as it is.
 * @param isEntered cycles are entered where the page's scripts enter them; else where the first of these modules stands in them
 */
export function evaluationOrder(registry: Registry, ids: ReadonlySet<ModuleId>, isEntered = false): ModuleId[] {
  const order: ModuleId[] = [];
  const seen = new Set<ModuleId>();
  const visit = (id: ModuleId): void => {
    if (seen.has(id)) return;
    seen.add(id);
    const record = registry.record(id);
    const meta = (ids.has(id) ? record?.definition : record?.current?.definition)?.meta;
    for (const dep of meta ? registry.dependencies(meta) : []) visit(dep);
    if (ids.has(id)) order.push(id);
  };
  if (isEntered && ids.size > 1) for (const { id, root } of registry.records()) if (root) visit(id);
  for (const id of ids) visit(id);
  return order;
}

/** All that runs, in the order of a fresh start: the graphs of the page's own scripts, then what was imported later, as it came. */
export function runningOrder(registry: Registry): ModuleId[] {
  const order: ModuleId[] = [];
  const seen = new Set<ModuleId>();
  const visit = (id: ModuleId): void => {
    if (seen.has(id)) return;
    seen.add(id);
    const meta = registry.record(id)?.current?.definition.meta;
    if (!meta) return;
    for (const dep of registry.dependencies(meta)) visit(dep);
    order.push(id);
  };
  const records = [...registry.records()];
  for (const { id, root } of records) if (root) visit(id);
  for (const { id } of records) visit(id);
  return order;
}

/**
 * Running modules that nothing leads to any more: no script of the page, no import.
 * @param replaced modules that are taken to be their newest versions already
 */
export function unreachable(registry: Registry, replaced: ReadonlySet<ModuleId> = new Set()): ModuleId[] {
  const dynamic = new Map<ModuleId, ModuleId[]>();
  const queue: ModuleId[] = [];
  for (const { id, root, dynamicImporters } of registry.records()) {
    if (root) queue.push(id);
    // Those of literal specifiers are found by what their importers name now.
    for (const [importer, kind] of dynamicImporters) if (kind === 'computed') dynamic.set(importer, [...(dynamic.get(importer) ?? []), id]);
  }
  const reached = new Set<ModuleId>();
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (reached.has(id)) continue;
    reached.add(id);
    const { current, definition } = registry.record(id) ?? {};
    const meta = (current && !replaced.has(id) ? current.definition : definition)?.meta;
    if (meta) queue.push(...registry.dependencies(meta), ...Object.values(meta.specifiers));
    queue.push(...(dynamic.get(id) ?? []));
  }
  return [...registry.records()].filter(({ id, current }) => current && !reached.has(id)).map(({ id }) => id);
}
