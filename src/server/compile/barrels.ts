/**
 * Barrels: modules of packages that mostly hand on what others export. Whoever imports three names of one that has hundreds of modules
 * behind it gets a selection, a module of its own that hands on these three from their owners (`/node_modules/x/index.js?only=a,b,c`), where the
 * package says that its modules do nothing but export (`"sideEffects": false`), as bundlers do for production. Each owner still exists once,
 * whoever asks for it and by whatever way; whoever imports one name more gets another selection.
 */
import { statSync } from 'node:fs';
import { SELECTION_QUERY, type ModuleId } from '../../protocol.ts';
import { isLinked } from '../../runtime/record.ts';
import { isInPackage, type Formats } from './formats.ts';
import type { LinkedFacts } from './link.ts';
import { fileOfId } from './module-ids.ts';

export interface BarrelsOptions {
  readonly root: string;
  readonly formats: Formats;
  /** What a script imports and exports. @throws HmrError */
  readonly facts: (id: ModuleId) => Promise<LinkedFacts>;
  /** @throws HmrError */
  readonly resolve: (specifier: string, importerPath: string) => ModuleId;
}

export interface Selection {
  readonly linked: LinkedFacts;
  /** All that was looked into. */
  readonly files: readonly string[];
  resolvesAlike(): boolean;
}

export interface Barrels {
  /** What to import in place of a module of which only these names are wanted: it, or a selection. */
  select(id: ModuleId, names: readonly string[]): Promise<ModuleId>;
  /** Undefined for the id of anything else. */
  read(id: ModuleId): Promise<Selection | undefined>;
}

interface Owner {
  readonly id: ModuleId;
  readonly name: string;
}

/** `unknown`: what the standard would say cannot be said from here. */
type Found = Owner | 'missing' | 'unknown';

interface Owners {
  /** By exported name, in the order in which the barrel asks for them. */
  readonly found: ReadonlyMap<string, Owner>;
  /** Than all of the barrel. */
  readonly isLess: boolean;
}

type Facts = Pick<LinkedFacts, 'requests' | 'exports' | 'reexports' | 'stars'>;

/** Where names were looked for, and what specifiers meant there. */
interface Trail {
  readonly files: Set<string>;
  readonly steps: { readonly specifier: string; readonly importerPath: string; readonly id: ModuleId }[];
}

const NAME = /^[A-Za-z_$][\w$]*$/;

export function createBarrels({ root, formats, facts: readFacts, resolve }: BarrelsOptions): Barrels {
  const known = new Map<ModuleId, { readonly stamp: string; readonly facts: Promise<Facts> }>();

  const factsOf = (id: ModuleId, filePath: string): Promise<Facts> => {
    const { mtimeMs, ctimeMs, size } = statSync(filePath);
    const stamp = `${mtimeMs} ${ctimeMs} ${size}`;
    const before = known.get(id);
    if (before?.stamp === stamp) return before.facts;
    const facts = readFacts(id).then(({ requests, exports, reexports, stars }) => ({ requests, exports, reexports, stars }));
    known.set(id, { stamp, facts });
    return facts;
  };

  const tryResolve = (specifier: string, importerPath: string): ModuleId | undefined => {
    try {
      return resolve(specifier, importerPath);
    } catch {
      return undefined; // HmrError: it names nothing any more.
    }
  };

  /** A script that does nothing but export. */
  const isPure = (id: ModuleId): boolean => {
    // Asked of every import: most are the author's.
    if (!isLinked(id) || id.includes('?') || !isInPackage(id)) return false;
    const { filePath } = fileOfId(root, id);
    return /\.m?js$/.test(filePath) && formats.isPure(filePath) && formats.of(filePath) !== 'commonjs';
  };

  const find = async (id: ModuleId, name: string, trail: Trail, seen: Set<string>): Promise<Found> => {
    const step = `${name}\n${id}`;
    if (seen.has(step)) return 'missing';
    seen.add(step);
    const { filePath: importerPath } = fileOfId(root, id);
    trail.files.add(importerPath);
    const facts = await factsOf(id, importerPath);
    if (facts.exports.includes(name)) return { id, name };
    const sourceOf = (dep: number): ModuleId => {
      const specifier = facts.requests[dep]?.specifier ?? '';
      const source = resolve(specifier, importerPath);
      trail.steps.push({ specifier, importerPath, id: source });
      return source;
    };
    const handedOn = facts.reexports.find(({ as }) => as === name);
    if (handedOn) {
      const source = sourceOf(handedOn.dep);
      // CommonJS, too: what its default export is depends on who imports it.
      if (!isPure(source)) return { id, name };
      return handedOn.name === '*' ? { id: source, name: '*' } : find(source, handedOn.name, trail, seen);
    }
    let found: Found = 'missing';
    for (const star of name === 'default' ? [] : facts.stars) {
      const source = sourceOf(star);
      if (!isPure(source)) return 'unknown';
      const other = await find(source, name, trail, seen);
      if (other === 'missing') continue;
      if (other === 'unknown' || (found !== 'missing' && (found.id !== other.id || found.name !== other.name))) return 'unknown';
      found = other;
    }
    return found;
  };

  /** Undefined if it has to be taken whole. */
  const owners = async (id: ModuleId, names: readonly string[], trail: Trail): Promise<Owners | undefined> => {
    if (!isPure(id) || !names.every((name) => NAME.test(name))) return undefined;
    const { reexports, stars, requests } = await factsOf(id, fileOfId(root, id).filePath);
    if (requests.length < 2 || reexports.length + stars.length === 0) return undefined;
    const placeOf = (name: string): number => reexports.find(({ as }) => as === name)?.dep ?? requests.length;
    const found = new Map<string, Owner>();
    for (const name of names.toSorted((a, b) => placeOf(a) - placeOf(b) || (a < b ? -1 : 1))) {
      const owner = await find(id, name, trail, new Set());
      if (typeof owner === 'string' || owner.id === id) return undefined;
      found.set(name, owner);
    }
    const isLess = new Set([...found.values()].map((owner) => owner.id)).size < requests.length;
    return { found, isLess };
  };

  const tryOwners = (...args: Parameters<typeof owners>): ReturnType<typeof owners> =>
    // HmrError, ENOENT: whoever takes it whole shows it.
    owners(...args).catch(() => undefined);

  return {
    async select(id, names) {
      const owned = names.length === 0 || !isInPackage(id) ? undefined : await tryOwners(id, names, createTrail());
      return owned?.isLess ? `${id}?${SELECTION_QUERY}=${[...owned.found.keys()].toSorted().join()}` : id;
    },
    async read(id) {
      const [, barrel, list] = SELECTION.exec(id) ?? [];
      if (barrel === undefined || list === undefined) return undefined;
      const names = list.split(',');
      const trail = createTrail();
      trail.files.add(fileOfId(root, barrel).filePath);
      const owned = await tryOwners(barrel, names, trail);
      return {
        linked: linkedSelection(owned?.found ?? new Map(names.map((name) => [name, { id: barrel, name }]))),
        files: [...trail.files],
        resolvesAlike: () => trail.steps.every(({ specifier, importerPath, id: before }) => tryResolve(specifier, importerPath) === before),
      };
    },
  };
}

const SELECTION = new RegExp(`^([^?]+)\\?${SELECTION_QUERY}=([\\w$,]+)$`);

/** Such a module has no source of its own. */
export function isSelection(id: ModuleId): boolean {
  return SELECTION.test(id);
}

function createTrail(): Trail {
  return { files: new Set(), steps: [] };
}

function linkedSelection(owners: ReadonlyMap<string, Owner>): LinkedFacts {
  const ids = [...new Set([...owners.values()].map(({ id }) => id))];
  return {
    factory: '(function*(){yield})',
    requests: ids.map((id) => ({ specifier: id, attributes: {}, start: 0, end: 0, id })),
    imports: [],
    exports: [],
    reexports: [...owners].map(([as, { id, name }]) => ({ as, dep: ids.indexOf(id), name, start: 0 })),
    stars: [],
    async: false,
    dynamic: [],
    globs: [],
  };
}
