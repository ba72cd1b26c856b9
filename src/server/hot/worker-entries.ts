/**
 * Scripts that browsers asked for to run in workers. A worker has a program of its own, which no update reaches: its page is told when
 * something in that program changed, and starts it anew with itself.
 */
import type { Change, ModuleId } from '../../protocol.ts';
import { hashOf } from '../content-hash.ts';
import type { ModuleGraph } from './module-graph.ts';

export interface WorkerEntries {
  add(id: ModuleId): void;
  /** Workers in whose programs something changed; also those that start such a worker. */
  reaching(changed: Iterable<ModuleId>): ModuleId[];
  /** By entry: a hash of its program. */
  programs(): ReadonlyMap<ModuleId, string>;
  /** They were started by the server before. Resolves with what is different now. */
  adopt(before: ReadonlyMap<ModuleId, string>): Promise<Change[]>;
}

export function createWorkerEntries(graph: Pick<ModuleGraph, 'node' | 'closure'>): WorkerEntries {
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

  const programs = (): Map<ModuleId, string> => {
    const versions = (entry: ModuleId): string[] => [...program(entry)].map((id) => `${id} ${graph.node(id)?.built?.meta.hash}`);
    return new Map([...entries].map((entry) => [entry, hashOf(versions(entry).sort().join('\n'))]));
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
    programs,
    async adopt(before) {
      for (const id of before.keys()) {
        entries.add(id);
        // They run there: a change from here on is one.
        for (const node of await graph.closure(id, { entry: true })) node.toldHash ??= node.built?.meta.hash;
      }
      return [...programs()].flatMap(([url, hash]): Change[] => (hash === (before.get(url) ?? hash) ? [] : [{ kind: 'asset', url, hash }]));
    },
  };
}
