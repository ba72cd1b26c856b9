/**
 * The code of recent updates as scripts, for pages whose policy forbids inline code and for updates too large for the event. Made from
 * what the modules are now: a page that asks late gets the newest, and the next update finds it level already.
 */
import type { EventId, ModuleId, UpdateCode } from '../protocol.ts';
import type { Compiled } from './compile/compiler.ts';
import type { ModuleGraph, ModuleNode } from './hot/module-graph.ts';
import { createRecent } from './recent.ts';

const REMEMBERED = 200;

export interface UpdateScripts {
  remember(id: EventId, modules: readonly ModuleId[]): void;
  /** @param name the event's id, and `.patch` behind it for the patches */
  get(name: string): string | undefined;
}

export interface UpdateScriptsOptions {
  readonly graph: ModuleGraph<Compiled>;
  readonly code: (nodes: readonly ModuleNode<Compiled>[]) => UpdateCode;
}

export function createUpdateScripts({ graph, code }: UpdateScriptsOptions): UpdateScripts {
  const updates = createRecent<readonly ModuleId[]>(REMEMBERED);
  return {
    remember: updates.set,
    get(name) {
      const id = name.replace(/\.patch$/, '');
      const modules = updates.get(id);
      if (!modules) return undefined;
      const scripts = code(modules.flatMap((module) => graph.node(module) ?? []));
      // They are asked for at once, and run in this order.
      return id === name ? scripts.code : `import"./${id}.js";${scripts.patch ?? ''}`;
    },
  };
}
