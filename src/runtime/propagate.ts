/**
 * Who takes an update: a walk from a changed module up through its importers. Pure questions over a view of the graph that is
 * really running, so that the decision can be tested on plain data and explained in one line.
 *
 *     view.css → view.ts → main.ts          main.ts accepts './view.ts'
 *     changed    outdated   boundary         view.ts and view.css run again, main.ts does not
 */
import type { ModuleId } from '../protocol.ts';

export interface GraphView {
  importersOf(id: ModuleId): readonly ModuleId[];
  /** Static dependencies that run here. */
  dependenciesOf(id: ModuleId): readonly ModuleId[];
  /** Started by the page itself: a script element, an import by code that is not linked. */
  isRoot(id: ModuleId): boolean;
  selfAccepts(id: ModuleId): boolean;
  /** Names given to `acceptExports`; undefined when it was not called. */
  acceptedExports(id: ModuleId): ReadonlySet<string> | undefined;
  /** Export names that an importer uses of a module; undefined for "all, or cannot tell". */
  namesUsed(importer: ModuleId, id: ModuleId): ReadonlySet<string> | undefined;
  accepts(importer: ModuleId, id: ModuleId): boolean;
  declined(id: ModuleId): boolean;
  /** Its body came to its end. If not, somebody may still wait for it, or never began because of it. */
  hasRun(id: ModuleId): boolean;
  /** The page's own listener on `/changes` imports this module again by itself. */
  isLeftToPage(id: ModuleId): boolean;
}

export interface Boundary {
  /** Whose callbacks run. The same as `via` when it accepts itself. */
  readonly boundary: ModuleId;
  /** The module that runs again and is handed over. */
  readonly via: ModuleId;
  readonly kind: 'self' | 'dependency' | 'page';
}

/** Why the last module of the path cannot take the update. */
export type Rule = 'accepts-nothing' | 'declined' | 'root' | 'unfinished';

export type Propagation =
  | { readonly kind: 'accepted'; readonly boundaries: readonly Boundary[]; readonly outdated: ReadonlySet<ModuleId> }
  | {
      readonly kind: 'unaccepted';
      /** From the changed module to where nobody was left to ask. */
      readonly path: readonly ModuleId[];
      readonly rule: Rule;
    };

/**
 * @param forced modules that may not be their own boundary (they called `invalidate`)
 */
export function propagate(graph: GraphView, changed: readonly ModuleId[], forced: ReadonlySet<ModuleId> = new Set()): Propagation {
  // A boundary inside a cycle with what changed would run part of the cycle; one outside it is asked first.
  const strict = walkAll(graph, changed, forced, (a, b) => inOneCycle(graph, a, b));
  if (strict.kind === 'accepted' || strict.rule === 'declined') return strict;
  const loose = walkAll(graph, changed, forced, () => false);
  return loose.kind === 'accepted' ? loose : strict;
}

type IsCyclic = (boundary: ModuleId, via: ModuleId) => boolean;

function walkAll(graph: GraphView, changed: readonly ModuleId[], forced: ReadonlySet<ModuleId>, cyclic: IsCyclic): Propagation {
  const boundaries = new Map<string, Boundary>();
  const outdated = new Set<ModuleId>();
  let failure: Propagation | undefined;

  const found = (boundary: Boundary): true => {
    boundaries.set(`${boundary.boundary}\n${boundary.via}`, boundary);
    return true;
  };

  const visit = (id: ModuleId, path: readonly ModuleId[]): boolean => {
    if (outdated.has(id)) return true;
    outdated.add(id);
    if (graph.declined(id)) return fail('declined', path);
    const importers = graph.importersOf(id);
    // Importers of a module that threw or hangs never began, or hold a promise that nothing will keep: they have to be asked.
    const isAwaited = importers.length > 0 && !graph.hasRun(id);
    if (!forced.has(id) && !isAwaited && acceptsItself(graph, id) && !cyclic(id, id)) return found({ boundary: id, via: id, kind: 'self' });
    if (graph.isLeftToPage(id)) return found({ boundary: id, via: id, kind: 'page' });
    if (importers.length === 0) return fail(graph.hasRun(id) ? 'accepts-nothing' : 'unfinished', path);
    if (graph.isRoot(id)) return fail('root', path);
    return importers.every((importer) => {
      if (graph.accepts(importer, id) && !cyclic(importer, id)) return found({ boundary: importer, via: id, kind: 'dependency' });
      return path.includes(importer) || visit(importer, [...path, importer]);
    });
  };

  const fail = (rule: Rule, path: readonly ModuleId[]): false => {
    failure = { kind: 'unaccepted', path, rule };
    return false;
  };

  for (const id of changed) if (!visit(id, [id]) && failure) return failure;
  return {
    kind: 'accepted',
    boundaries: [...boundaries.values()].filter((b) => b.kind !== 'dependency' || !outdated.has(b.boundary)),
    outdated,
  };
}

function acceptsItself(graph: GraphView, id: ModuleId): boolean {
  if (graph.selfAccepts(id)) return true;
  const accepted = graph.acceptedExports(id);
  if (!accepted) return false;
  return graph.importersOf(id).every((importer) => {
    const used = graph.namesUsed(importer, id);
    return used !== undefined && [...used].every((name) => accepted.has(name));
  });
}

/** Whether `via` depends on `boundary`, which depends on it. For a module itself: whether it is in any cycle. */
function inOneCycle(graph: GraphView, boundary: ModuleId, via: ModuleId): boolean {
  const seen = new Set<ModuleId>();
  const queue = [...graph.dependenciesOf(via)];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (id === boundary) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    queue.push(...graph.dependenciesOf(id));
  }
  return false;
}
