/**
 * Import attributes. The only one that hosts know is `type`; it names another module than the same specifier without it (ECMA-262
 * §16.2.1.4, "ModuleRequest Records"), and so another id: the same file with the query of that type.
 */
import type { ModuleId } from '../protocol.ts';
import { isLinked } from './record.ts';

const QUERIES = new Map([
  ['css', '?sheet'],
  ['json', '?json'],
]);

/** The id of a file's module of a type. A query of the author's own says already what is meant. */
export function withType(id: ModuleId, type: string | undefined): ModuleId {
  const query = type === undefined ? undefined : QUERIES.get(type);
  return query === undefined || id.includes('?') || !isLinked(id) ? id : id + query;
}

/** The type that an id asks for by its query. */
export function typeOfQuery(search: string): string | undefined {
  return [...QUERIES].find(([, query]) => query === search)?.[0];
}

/** Where a literal `import(specifier, { with: { type } })` is found in `ModuleMeta.specifiers`. */
export function specifierKey(specifier: string, type: string | undefined): string {
  return type === undefined ? specifier : `${specifier}\n${type}`;
}

/** `type` in the second argument of `import()`. @throws TypeError for what the standard or the browser does not take */
export function importType(options: unknown): string | undefined {
  if (options === undefined) return undefined;
  if (!isObject(options)) throw new TypeError('The second argument of import() must be an object');
  const attributes = options['with'];
  if (attributes === undefined) return undefined;
  if (!isObject(attributes)) throw new TypeError("The 'with' option of import() must be an object");
  for (const [key, value] of Object.entries(attributes)) {
    if (key !== 'type') throw new TypeError(`Invalid attribute key "${key}"`);
    if (typeof value !== 'string') throw new TypeError('Import attributes must be strings');
    if (!QUERIES.has(value)) throw new TypeError(`"${value}" is not a valid module type`);
  }
  return attributes['type'] as string | undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
