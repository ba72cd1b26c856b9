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
 * @param level modules whose users the host has brought level itself: nobody has to take them, but whoever can, does
 */
export function propagate(
  graph: GraphView,
  changed: readonly ModuleId[],
  forced: ReadonlySet<ModuleId> = new Set(),
  level: ReadonlySet<ModuleId> = new Set(),
): Propagation {
  // A boundary inside a cycle with what changed would run part of the cycle; one outside it is asked first.
  const strict = walkAll(graph, changed, forced, (a, b) => inOneCycle(graph, a, b));
  if (strict.kind === 'accepted' || strict.rule === 'declined') return strict;
  const loose = walkAll(graph, changed, forced, () => false);
  if (loose.kind === 'accepted') return loose;
  if (!changed.some((id) => level.has(id))) return strict;
  return walkAll({ ...graph, selfAccepts: (id) => level.has(id) || graph.selfAccepts(id) }, changed, forced, () => false);
}

type IsCyclic = (boundary: ModuleId, via: ModuleId) => boolean;

/** A module to ask, and the one it was reached from. */
interface Step {
  readonly id: ModuleId;
  readonly from: Step | undefined;
}

function walkAll(graph: GraphView, changed: readonly ModuleId[], forced: ReadonlySet<ModuleId>, cyclic: IsCyclic): Propagation {
  const boundaries = new Map<string, Boundary>();
  const outdated = new Set<ModuleId>();
  const add = (boundary: ModuleId, via: ModuleId, kind: Boundary['kind']): void =>
    void boundaries.set(`${boundary}\n${via}`, { boundary, via, kind });

  const visit = ({ id, from }: Step): Rule | readonly ModuleId[] => {
    if (from && graph.accepts(id, from.id) && !cyclic(id, from.id)) {
      add(id, from.id, 'dependency');
      return [];
    }
    if (outdated.has(id)) return [];
    outdated.add(id);
    if (graph.declined(id)) return 'declined';
    const importers = graph.importersOf(id);
    // Importers of a module that threw or hangs never began, or hold a promise that nothing will keep: they have to be asked.
    const isAwaited = importers.length > 0 && !graph.hasRun(id);
    if (!forced.has(id) && !isAwaited && acceptsItself(graph, id) && !cyclic(id, id)) add(id, id, 'self');
    else if (graph.isLeftToPage(id)) add(id, id, 'page');
    else if (importers.length === 0) return graph.hasRun(id) ? 'accepts-nothing' : 'unfinished';
    else return graph.isRoot(id) ? 'root' : importers;
    return [];
  };

  // No recursion: a chain of imports may be deeper than the stack.
  const queue: Step[] = changed.map((id) => ({ id, from: undefined })).reverse();
  for (let step = queue.pop(); step; step = queue.pop()) {
    const found = visit(step);
    if (typeof found === 'string') return { kind: 'unaccepted', path: pathOf(step), rule: found };
    for (const id of [...found].reverse()) queue.push({ id, from: step });
  }
  return {
    kind: 'accepted',
    boundaries: [...boundaries.values()].filter((b) => b.kind !== 'dependency' || !outdated.has(b.boundary)),
    outdated,
  };
}

function pathOf(step: Step): ModuleId[] {
  const path: ModuleId[] = [];
  for (let at: Step | undefined = step; at; at = at.from) path.unshift(at.id);
  return path;
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
