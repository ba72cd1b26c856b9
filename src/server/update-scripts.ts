/**
 * The code of recent updates as scripts, for pages whose policy forbids inline code and for updates too large for the event. Made from
 * what the modules are now: a page that asks late gets the newest, and the next update finds it level already.
 */
import type { EventId, ModuleId } from '../protocol.ts';
import type { Compiled } from './compile/compiler.ts';
import type { ModuleGraph, ModuleNode } from './hot/module-graph.ts';
import { createRecent } from './recent.ts';

const REMEMBERED = 200;

export interface UpdateScripts {
  remember(id: EventId, modules: readonly ModuleId[]): void;
  get(id: EventId): string | undefined;
}

export interface UpdateScriptsOptions {
  readonly graph: ModuleGraph<Compiled>;
  readonly script: (nodes: readonly ModuleNode<Compiled>[]) => string;
}

export function createUpdateScripts({ graph, script }: UpdateScriptsOptions): UpdateScripts {
  const updates = createRecent<readonly ModuleId[]>(REMEMBERED);
  return {
    remember: updates.set,
    get(id) {
      const modules = updates.get(id);
      return modules && script(modules.flatMap((module) => graph.node(module) ?? []));
    },
  };
}
