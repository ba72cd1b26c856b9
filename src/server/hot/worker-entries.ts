/**
 * Scripts that browsers asked for to run in workers. A worker has a program of its own, which no update reaches: its page is told when
 * something in that program changed, and starts it anew with itself.
 */
import type { ModuleId } from '../../protocol.ts';
import { hashOf } from '../content-hash.ts';
import type { ModuleGraph } from './module-graph.ts';

export interface WorkerEntries {
  add(id: ModuleId): void;
  /** Workers in whose programs something changed; also those that start such a worker. */
  reaching(changed: Iterable<ModuleId>): ModuleId[];
  /** By entry: a hash of its program. */
  programs(): ReadonlyMap<ModuleId, string>;
}

export function createWorkerEntries(graph: Pick<ModuleGraph, 'node'>): WorkerEntries {
  const entries = new Set<ModuleId>();

  const program = (entry: ModuleId): Set<ModuleId> => {
    const seen = new Set<ModuleId>();
    const queue = [entry];
    for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
      if (seen.has(id)) continue;
      seen.add(id);
      const meta = graph.node(id)?.built?.meta;
      if (meta) queue.push(...meta.deps, ...Object.values(meta.specifiers));
      // What names a worker's file has started that worker.
      const [, script] = /^(.*)\?(?:url|worker|sharedworker)\b/.exec(id) ?? [];
      if (script !== undefined && entries.has(script)) queue.push(script);
    }
    return seen;
  };

  return {
    add: (id) => void entries.add(id),
    reaching(changed) {
      const ids = [...changed];
      if (ids.length === 0) return [];
      return [...entries].filter((entry) => {
        const modules = program(entry);
        return ids.some((id) => modules.has(id));
      });
    },
    programs() {
      const versions = (entry: ModuleId): string[] => [...program(entry)].map((id) => `${id} ${graph.node(id)?.built?.meta.hash}`);
      return new Map([...entries].map((entry) => [entry, hashOf(versions(entry).sort().join('\n'))]));
    },
  };
}
