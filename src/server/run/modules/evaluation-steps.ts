/**
 * The order in which a graph runs, cut where Node has to load something first. Packages are Node's, whose `import()` only gives what has run: asked
 * for in advance, a package would run before the file in front of it, which may set up what the package reads (`import './env.js'; import 'pg'`).
 *
 *     main.js → [env.js, pg, db.js → [pg]]        env.js | pg | db.js main.js
 */
import type { ModuleId } from '../../../protocol.ts';

export type EvaluationStep =
  | { readonly kind: 'native'; readonly url: string }
  /** Modules that are there together: one, or a cycle. The first of them that the graph leads to is `root`. */
  | { readonly kind: 'modules'; readonly root: ModuleId; readonly ids: readonly ModuleId[] };

export interface EvaluationGraph {
  readonly dependencies: (id: ModuleId) => readonly string[];
  readonly isNative: (id: string) => boolean;
}

/** Strongly connected components, dependencies first (R. Tarjan 1972). */
export function evaluationSteps(entry: ModuleId, { dependencies, isNative }: EvaluationGraph): EvaluationStep[] {
  const steps: EvaluationStep[] = [];
  const index = new Map<string, number>();
  const open = new Set<string>();
  const stack: string[] = [];

  const visit = (id: string): number => {
    const own = index.size;
    index.set(id, own);
    if (isNative(id)) {
      steps.push({ kind: 'native', url: id });
      return own;
    }
    let low = own;
    stack.push(id);
    open.add(id);
    for (const dep of dependencies(id)) {
      const known = index.get(dep);
      if (known === undefined) low = Math.min(low, visit(dep));
      else if (open.has(dep)) low = Math.min(low, known);
    }
    if (low === own) {
      const ids = stack.splice(stack.lastIndexOf(id));
      for (const member of ids) open.delete(member);
      steps.push({ kind: 'modules', root: id, ids });
    }
    return low;
  };

  visit(entry);
  return steps;
}
