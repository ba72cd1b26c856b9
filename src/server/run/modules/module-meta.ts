/**
 * The static facts of a module of a Node program: what its specifiers mean, and what it exports. Those of CommonJS are what Node's lexer finds in
 * its text, so that importers link as they do natively.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { AUTHOR_API_PATH, INTERNAL_PREFIX, type ModuleId, type ModuleMeta } from '../../../protocol.ts';
import { specifierKey } from '../../../runtime/import-type.ts';
import { ENV_MODULE_ID } from '../../compile/env-module.ts';
import type { LinkedCommonJs } from '../../compile/link-node-commonjs.ts';
import type { LinkedFacts } from '../../compile/link.ts';
import { hashOf } from '../../content-hash.ts';
import { isTypeScript } from './find-file.ts';
import type { ModuleCode } from './module-code.ts';
import { attributeMissing, attributeWrong, isNode } from './node-errors.ts';
import { isInNodeModules, type ModuleResolver } from './resolve-module.ts';

export interface MetaOptions {
  readonly resolver: ModuleResolver;
  /** What a CommonJS text exports. */
  readonly namesOf: (code: string) => Names;
}

interface Described {
  readonly id: ModuleId;
  readonly filePath: string;
  readonly code: ModuleCode;
}

/** A static import that names nothing; `cause` is the error that Node has for it. */
export class UnresolvedImport extends Error {
  readonly specifier: string;

  constructor(specifier: string, cause: unknown) {
    super(`${specifier} is not there`, { cause });
    this.specifier = specifier;
  }
}

/** In place of `import.meta.env`, which Node does not have. */
export const NO_ENV_ID: ModuleId = `${INTERNAL_PREFIX}no-env.js`;
/** In front of the URL of a module that is Node's, where it is asked for as JSON. */
const JSON_PREFIX = 'json:';

/** What `import()` of Node is called with. */
export function nativeRequest(id: string): { readonly url: string; readonly isJson: boolean } {
  const isJson = id.startsWith(JSON_PREFIX);
  return { url: isJson ? id.slice(JSON_PREFIX.length) : id, isJson };
}

/** @throws UnresolvedImport */
export function createMeta(module: Described, options: MetaOptions): ModuleMeta {
  const { id, code } = module;
  const facts = code.format === 'module' ? ofModule(module, code.linked, options) : { ...NOTHING, ...ofCommonJs(module, options) };
  const own = code.format === 'json' ? code.text : code.hash;
  return { id, hash: hashOf(own + JSON.stringify(facts)), ...facts };
}

type Facts = Omit<ModuleMeta, 'id' | 'hash'>;

const NOTHING = { deps: [], imports: [], reexports: [], stars: [], async: false, specifiers: {} };

function ofModule({ filePath }: Described, linked: LinkedFacts, { resolver }: MetaOptions): Facts {
  const deps = linked.requests.map(({ specifier, attributes, id }) => {
    if (id === ENV_MODULE_ID) return NO_ENV_ID;
    try {
      return resolveTyped(specifier, filePath, attributes['type'], resolver);
    } catch (error) {
      throw new UnresolvedImport(specifier, error);
    }
  });
  const specifiers: Record<string, ModuleId> = {};
  for (const { specifier, kind, type } of linked.dynamic) {
    const wanted = kind === 'accept' ? linked.requests.find((request) => request.specifier === specifier)?.attributes['type'] : type;
    if (kind !== 'url') addIfThere(specifiers, specifierKey(specifier, type), () => resolveTyped(specifier, filePath, wanted, resolver));
  }
  return {
    deps,
    imports: linked.imports.map(({ dep, name }) => [dep, name] as const),
    exports: linked.exports,
    reexports: linked.reexports.map(({ as, dep, name }) => [as, dep, name] as const),
    stars: linked.stars,
    async: linked.async,
    specifiers,
  };
}

function ofCommonJs({ filePath, code }: Described, options: MetaOptions): Pick<Facts, 'exports' | 'specifiers'> {
  if (code.format !== 'commonjs') return { exports: ['default'], specifiers: {} };
  const specifiers: Record<string, ModuleId> = {};
  for (const specifier of code.linked.imports) {
    addIfThere(specifiers, specifier, () => resolveTyped(specifier, filePath, undefined, options.resolver));
  }
  const names = commonJsNames(filePath, code.linked, options, new Set([filePath]));
  const whole = isNode(23) ? ['module.exports'] : [];
  return { exports: [...new Set(['default', ...whole, ...names])], specifiers };
}

/** What `import()` of what is not there does, it does when it is called. */
function addIfThere(specifiers: Record<string, ModuleId>, key: string, resolve: () => ModuleId): void {
  try {
    specifiers[key] = resolve();
  } catch {
    // The error of Node, which is thrown then.
  }
}

/** @param type of the import attributes @throws the error of Node */
export function resolveTyped(specifier: string, importerPath: string, type: string | undefined, resolver: ModuleResolver): ModuleId {
  if (specifier === 'hmr-dev/client') return AUTHOR_API_PATH;
  const resolved = resolver.resolve(specifier, importerPath, 'import');
  const target = resolved.kind === 'file' ? resolved.filePath : resolved.url;
  const isJson = /\.json$/i.test(target.replace(/[?#].*$/, ''));
  if (resolved.kind === 'native') return isJson && type === 'json' ? JSON_PREFIX + target : target;
  // Compilers of TypeScript have taught projects to do without.
  if (isJson && type !== 'json' && !isTypeScript(importerPath)) throw attributeMissing(`file://${resolved.id}`);
  if (!isJson && type === 'json') throw attributeWrong(`file://${resolved.id}`);
  return resolved.id;
}

type Names = Pick<LinkedCommonJs, 'names' | 'reexports'>;

/** With those of modules that are handed on whole. */
function commonJsNames(filePath: string, { names, reexports }: Names, options: MetaOptions, seen: Set<string>): string[] {
  const all = [...names];
  for (const specifier of reexports) {
    const target = requiredFile(specifier, filePath, options.resolver);
    if (target === undefined || seen.has(target)) continue;
    seen.add(target);
    all.push(...commonJsNames(target, readNames(target, options), options, seen));
  }
  return all;
}

function requiredFile(specifier: string, importerPath: string, resolver: ModuleResolver): string | undefined {
  try {
    const resolved = isInNodeModules(importerPath) ? undefined : resolver.resolve(specifier, importerPath, 'require');
    return resolved?.kind === 'file' ? resolved.filePath : createRequire(importerPath).resolve(specifier);
  } catch {
    return undefined; // Not there: whoever requires it will hear of it.
  }
}

function readNames(filePath: string, { namesOf }: MetaOptions): Names {
  try {
    return namesOf(readFileSync(filePath, 'utf8'));
  } catch {
    return { names: [], reexports: [] }; // A builtin, which has no file.
  }
}
