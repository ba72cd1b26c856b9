/**
 * Which modules are compiled so that a later version can be put in their place: those below an accept boundary, and no others. The form has a
 * question in front of each function, and takes longer to make; a program without `import.meta.hot` pays nothing.
 */
import type { ModuleId } from '../../../protocol.ts';
import type { ProgramModule } from './modules.ts';

/** @param graphOf a module and all that it imports */
export function swappableModules(modules: readonly ProgramModule[], graphOf: (id: ModuleId) => readonly ProgramModule[]): Set<ModuleId> {
  const found = new Set<ModuleId>();
  for (const module of modules) {
    for (const root of rootsOf(module)) for (const { id } of found.has(root) ? [] : graphOf(root)) found.add(id);
  }
  return found;
}

const known = new WeakMap<ProgramModule, readonly ModuleId[]>();

/** What a module accepts: what it names, or itself. */
function rootsOf(module: ProgramModule): readonly ModuleId[] {
  const roots = known.get(module) ?? findRoots(module);
  known.set(module, roots);
  return roots;
}

function findRoots({ id, code, source, meta }: ProgramModule): readonly ModuleId[] {
  if (code.format !== 'module' || !/\bimport\s*\.\s*meta\s*\.\s*hot\b/.test(source.text)) return [];
  const accepted = code.linked.dynamic.filter(({ kind }) => kind === 'accept').flatMap(({ specifier }) => meta.specifiers[specifier] ?? []);
  return accepted.length > 0 ? accepted : [id];
}
