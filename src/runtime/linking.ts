/**
 * What an export name stands for, decided from the static facts of modules alone: ResolveExport and GetExportedNames of
 * ECMA-262 §16.2.1.6. Pure, so that the page links with it and the server finds a missing export before anything is told.
 */
import type { ModuleId, ModuleMeta } from '../protocol.ts';

/** A module whose export names cannot be known here (another origin, a built-in, CommonJS): every name is taken to be its own. */
export type MetaLookup = (id: ModuleId) => ModuleMeta | undefined;

/** `name` is `*` for the namespace object of `id`. */
export interface Binding {
  readonly id: ModuleId;
  readonly name: string;
}

/** `missing` also stands for a circular chain of re-exports, as in the standard. */
export type Resolution = Binding | 'missing' | 'ambiguous';

export function resolveExport(lookup: MetaLookup, id: ModuleId, name: string, seen?: Set<string>): Resolution {
  const meta = lookup(id);
  // Nearly all imports end here.
  if (!meta || meta.format === 'commonjs' || meta.exports.includes(name)) return { id, name };
  seen ??= new Set();
  const step = `${name}\n${id}`;
  if (seen.has(step)) return 'missing';
  seen.add(step);
  for (const [as, dep, from] of meta.reexports) {
    if (as !== name) continue;
    const source = meta.deps[dep] ?? '';
    return from === '*' ? { id: source, name: '*' } : resolveExport(lookup, source, from, seen);
  }
  return name === 'default' ? 'missing' : resolveStar(lookup, meta, name, seen);
}

/** A name that two `export *` give from different bindings is ambiguous; from the same binding it is fine. */
function resolveStar(lookup: MetaLookup, meta: ModuleMeta, name: string, seen: Set<string>): Resolution {
  let found: Binding | undefined;
  /** CommonJS, which is taken to have every name: what is known to have it goes before, and of two of them the first. */
  let guessed: Binding | undefined;
  for (const star of meta.stars) {
    const source = meta.deps[star] ?? '';
    // Names of unknown modules are learned only when they are asked for by name; a known module's answer goes first.
    const resolution = resolveExport(lookup, source, name, seen);
    if (resolution === 'ambiguous') return resolution;
    if (resolution === 'missing') continue;
    if (lookup(resolution.id)?.format === 'commonjs') {
      guessed ??= resolution;
      continue;
    }
    if (found && (found.id !== resolution.id || found.name !== resolution.name)) return 'ambiguous';
    found = resolution;
  }
  return found ?? guessed ?? 'missing';
}

/** All names that a module may export, `export *` included; ambiguous ones too. Unknown modules add what `external` says. */
export function exportNames(
  lookup: MetaLookup,
  id: ModuleId,
  external: (id: ModuleId) => readonly string[] = () => [],
  seen: Set<ModuleId> = new Set(),
): Set<string> {
  const names = new Set<string>();
  if (seen.has(id)) return names;
  seen.add(id);
  const meta = lookup(id);
  if (!meta || meta.format === 'commonjs') return new Set(external(id));
  for (const name of meta.exports) names.add(name);
  for (const [as] of meta.reexports) names.add(as);
  for (const star of meta.stars) {
    for (const name of exportNames(lookup, meta.deps[star] ?? '', external, seen)) if (name !== 'default') names.add(name);
  }
  return names;
}

/** What has to be there before a module can run: what CommonJS requires runs when it is asked for, but cannot be waited for then. */
export function needs({ deps, specifiers, format }: ModuleMeta): readonly ModuleId[] {
  return format === 'commonjs' ? Object.values(specifiers) : deps;
}

/** What of a module decides what the names of others stand for: as long as it stays, so do they. */
export function shapeOf({ deps, exports, reexports, stars, format }: ModuleMeta): string {
  return JSON.stringify([exports, reexports.map(([as, dep, name]) => [as, deps[dep], name]), stars.map((star) => deps[star]), format]);
}

export interface MissingExport {
  readonly importer: ModuleId;
  /** Dependency index in the importer's meta. */
  readonly dep: number;
  readonly name: string;
  readonly why: 'missing' | 'ambiguous';
}

/** The first import or re-export of a module that names nothing. */
export function findMissingExport(lookup: MetaLookup, meta: ModuleMeta): MissingExport | undefined {
  const check = (dep: number, name: string): MissingExport | undefined => {
    const resolution = name === '*' ? undefined : resolveExport(lookup, meta.deps[dep] ?? '', name);
    return typeof resolution === 'string' ? { importer: meta.id, dep, name, why: resolution } : undefined;
  };
  for (const [dep, name] of meta.imports) {
    const missing = check(dep, name);
    if (missing) return missing;
  }
  for (const [, dep, name] of meta.reexports) {
    const missing = check(dep, name);
    if (missing) return missing;
  }
  return undefined;
}

/** The sentence of the SyntaxError, in the words of V8, with the importer added. */
export function missingExportMessage(missing: MissingExport, dependency: ModuleId): string {
  return missing.why === 'ambiguous'
    ? `The requested module '${dependency}' contains conflicting star exports for name '${missing.name}' (imported by ${missing.importer})`
    : `The requested module '${dependency}' does not provide an export named '${missing.name}' (imported by ${missing.importer})`;
}
