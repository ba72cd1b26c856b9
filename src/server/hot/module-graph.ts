/**
 * The module graph of the served folder, as far as pages have asked for it: what each module compiles to, whom it imports, who
 * imports it, and which errors stand. It compiles a module once per content; what changed is found by comparing hashes of
 * output, so that saving without a change says nothing.
 */
import type { ModuleId, ModuleMeta } from '../../protocol.ts';
import { findMissingExport, missingExportMessage, needs, shapeOf } from '../../runtime/linking.ts';
import { isBuiltin, isLinked } from '../../runtime/record.ts';
import { HmrError } from '../errors.ts';
import { closest } from '../suggest.ts';
import { rebuildInOrder } from './rebuild-order.ts';

/** A module compiled and resolved. */
export interface Built {
  readonly meta: ModuleMeta;
  /** The definition as it is sent: `$define(meta,\nfactory);\n`. */
  readonly text: string;
  readonly lineCount: number;
  /** Puts it into a page that runs an earlier version; undefined for what can only run again. */
  readonly patch?: Patch | undefined;
  /** Files that it consists of: a change makes it stale, and pages may ask for them. */
  readonly files: readonly string[];
  /** What it was made of besides: files, folders whose names matter, and what is no file. */
  readonly watched: readonly string[];
  /** Place and frame for an error about what is imported by name; undefined where the module has no source of its own. */
  locate(dep: number, name: string): Pick<HmrError, 'location' | 'frame'> | undefined;
  /** Whether all that it names still resolves to the same. */
  resolvesAlike(): boolean;
  /** Whether a specifier in it has the name of this file in it, or a pattern finds it. */
  names(filePath: string): boolean;
  /** Whether a pattern in it has found this file. */
  hasFound(filePath: string): boolean;
}

/** Made when it is needed: of what has changed, for pages that run it. */
export interface Patch {
  /** Never rejects: without a patch the module runs again. */
  make(): Promise<void>;
  /** As it is sent, once it is made: `$patch(id,hash,\npatch);\n`. */
  readonly made: Pick<Built, 'text' | 'lineCount'> | undefined;
}

/** What may be out of date besides what is made of the changed files: nothing, modules whose specifiers mean something else now, all. */
export type Doubt = 'none' | 'specifiers' | 'everything';

export type Build<B extends Built> = (id: ModuleId) => Promise<B>;

export interface ModuleNode<B extends Built = Built> {
  readonly id: ModuleId;
  readonly importers: Set<ModuleNode<B>>;
  /** The build under way or done; undefined when it has to be made again. */
  building: Promise<void> | undefined;
  /** Counts builds: one that a newer build overtook is dropped. */
  turn: number;
  /** Built, and so was everything below it. */
  isSettled: boolean;
  built: B | undefined;
  error: HmrError | undefined;
  /** What pages were last told or given. */
  toldHash: string | undefined;
}

export interface ModuleGraph<B extends Built = Built> {
  node(id: ModuleId): ModuleNode<B> | undefined;
  /** Builds an entry's static graph. Order: dependencies first. Errors are on the nodes. */
  closure(id: ModuleId, options?: { readonly entry?: boolean }): Promise<ModuleNode<B>[]>;
  hasFile(filePath: string): boolean;
  /** Whether a module imports it, or names it in an `import()`. */
  isImported(id: ModuleId): boolean;
  /** Whether a module consists of a file, so that pages may ask for it wherever it is. */
  isServed(filePath: string): boolean;
  /** Whether a module's specifier has the name of this file in it, be there such a file or not, or a pattern of one finds it. */
  isNamed(filePath: string): boolean;
  /** Whether a module's pattern has found this file, which nobody may have read. */
  isFound(filePath: string): boolean;
  /** Rebuilds what a batch of changed files touches, and what that newly imports. Resolves with nodes whose output is new. */
  rebuild(files: Iterable<string>, doubt: Doubt): Promise<ModuleNode<B>[]>;
  /** Errors of everything that an entry reaches: build errors and imports that name nothing. An entry that is gone is nobody's error. */
  errors(): HmrError[];
  files(): Iterable<string>;
  /** What is wrong with some nodes: they do not build, or import what is not exported. A file that is gone is told by who imports it. */
  errorsOf(nodes: readonly ModuleNode<B>[]): HmrError[];
  /** Counts changes of the graph; what was made from it is good while this stays. */
  readonly generation: number;
}

const isLocal = (id: ModuleId): boolean => isLinked(id) && !isBuiltin(id);

export interface ModuleGraphOptions {
  /** Called once for every file that a module is made of, or that keeps one from being made. */
  readonly onFile?: (filePath: string) => void;
  /** Whether a plugin makes it out of what it found in an importer: the style of a component. */
  readonly isPart?: (id: ModuleId) => boolean;
}

export function createModuleGraph<B extends Built>(build: Build<B>, options: ModuleGraphOptions = {}): ModuleGraph<B> {
  const { onFile = () => undefined, isPart = () => false } = options;
  type Node = ModuleNode<B>;
  let generation = 0;
  const nodes = new Map<ModuleId, Node>();
  const byFile = new Map<string, Set<Node>>();
  const entries = new Set<ModuleId>();

  const nodeOf = (id: ModuleId): Node => {
    let node = nodes.get(id);
    if (!node) {
      node = {
        id,
        importers: new Set(),
        building: undefined,
        turn: 0,
        isSettled: false,
        built: undefined,
        error: undefined,
        toldHash: undefined,
      };
      nodes.set(id, node);
    }
    return node;
  };

  const dependencies = (node: Node): Node[] => (node.built ? needs(node.built.meta) : []).filter(isLocal).map(nodeOf);

  const index = (node: Node, files: readonly string[]): void => {
    for (const file of files) {
      let of = byFile.get(file);
      if (!of) {
        byFile.set(file, (of = new Set()));
        onFile(file);
      }
      of.add(node);
    }
  };

  /** Of each build under way: what was told to have changed since it began. */
  const flights = new Set<Set<string>>();

  const ensure = (node: Node): Promise<void> => (node.building ??= make(node));

  const make = async (node: Node): Promise<void> => {
    let built: B | undefined;
    let error: HmrError | undefined;
    const turn = ++node.turn;
    const changed = new Set<string>();
    flights.add(changed);
    node.isSettled = false;
    try {
      built = await build(node.id);
    } catch (thrown) {
      error =
        thrown instanceof HmrError
          ? thrown
          : new HmrError('READ', `${node.id} could not be compiled: ${String(thrown)}`, { cause: thrown });
    }
    flights.delete(changed);
    if (turn !== node.turn) return;
    // It may have been read before it was saved, and a rebuild did not know yet what it is made of.
    if (built ? filesOf(built).some((file) => changed.has(file)) : changed.size > 0) return make(node);
    generation++;
    if (hasShapeChanged(node.built, built)) checked.clear();
    else checked.delete(node);
    node.error = error;
    // What has to be mended is watched, wherever it is.
    if (error) index(node, error.location ? [error.location.file, ...error.watched] : error.watched);
    // After an error the last good build stands: its imports keep the graph whole, and pages run it.
    if (!built) return;
    for (const dep of dependencies(node)) dep.importers.delete(node);
    node.built = built;
    for (const dep of dependencies(node)) dep.importers.add(node);
    index(node, filesOf(built));
  };

  /** Waits for builds that started while we waited too. */
  const settle = async (node: Node): Promise<void> => {
    for (let seen: Promise<void> | undefined; seen !== node.building || !seen;) await (seen = ensure(node));
  };

  const buildClosure = async (roots: readonly Node[]): Promise<void> => {
    const seen = new Set<Node>();
    const turns = new Map<Node, number>();
    const visit = async (node: Node): Promise<void> => {
      if (seen.has(node) || node.isSettled) return;
      seen.add(node);
      await settle(node);
      turns.set(node, node.turn);
      await Promise.all(dependencies(node).map(visit));
    };
    await Promise.all(roots.map(visit));
    // Only now: who comes in between must wait for the depth too.
    for (const [node, turn] of turns) if (node.turn === turn) node.isSettled = true;
  };

  const postOrder = (root: Node): Node[] => {
    const order: Node[] = [];
    const seen = new Set<Node>();
    const visit = (node: Node): void => {
      if (seen.has(node)) return;
      seen.add(node);
      for (const dep of dependencies(node)) visit(dep);
      order.push(node);
    };
    visit(root);
    return order;
  };

  const reachable = (): Set<Node> => {
    const seen = new Set<Node>();
    const queue = [...entries].map(nodeOf).filter((node) => !isGone(node));
    for (let node = queue.pop(); node; node = queue.pop()) {
      if (seen.has(node)) continue;
      seen.add(node);
      // Only what is still there can load what it imported last.
      if (!isGone(node)) queue.push(...dependencies(node));
    }
    return seen;
  };

  const lookup = (id: ModuleId): ModuleMeta | undefined => nodes.get(id)?.built?.meta;

  /** Answers of `missingExport` that still hold. */
  const checked = new Map<Node, HmrError | undefined>();

  const errorOf = (node: Node): HmrError | undefined => {
    if (node.error) return node.error;
    if (!checked.has(node)) checked.set(node, missingExport(node));
    return checked.get(node);
  };

  /** A deleted module is told by its importers, which name it, and where. */
  const isExplained = (node: Node): boolean => isGone(node) && [...node.importers].some((importer) => importer.error?.code === 'RESOLVE');

  const missingExport = (node: Node): HmrError | undefined => {
    const missing = node.built && findMissingExport(lookup, node.built.meta);
    if (!missing || !node.built) return undefined;
    const dependency = node.built.meta.deps[missing.dep] ?? '';
    const known = lookup(dependency)?.exports ?? [];
    const meant = closest(missing.name, known);
    const list = known.length > 0 ? `It exports ${known.map((name) => `'${name}'`).join(', ')}.` : 'It exports nothing by name.';
    const hint = meant === undefined ? list : `Did you mean '${meant}'? ${list}`;
    return new HmrError('MISSING_EXPORT', missingExportMessage(missing, dependency), {
      ...node.built.locate(missing.dep, missing.name),
      hint,
    });
  };

  const errorsOf = (some: readonly Node[]): HmrError[] => some.flatMap((node) => (isExplained(node) ? [] : (errorOf(node) ?? [])));

  return {
    errorsOf,
    node: (id) => nodes.get(id),
    async closure(id, { entry = false } = {}) {
      if (entry) entries.add(id);
      const root = nodeOf(id);
      await buildClosure([root]);
      for (;;) {
        const order = postOrder(root);
        // A rebuild meanwhile may have brought in modules that it has not built yet.
        const unbuilt = order.filter((node) => !node.built && !node.error);
        if (unbuilt.length === 0) return order;
        await buildClosure(unbuilt);
      }
    },
    hasFile: (filePath) => byFile.has(filePath),
    isImported: (id) =>
      (nodes.get(id)?.importers.size ?? 0) > 0 ||
      [...nodes.values()].some(({ built }) => built !== undefined && Object.values(built.meta.specifiers).includes(id)),
    isServed: (filePath) => [...(byFile.get(filePath) ?? [])].some(({ built }) => built?.files.includes(filePath)),
    isNamed: (filePath) => [...nodes.values()].some(({ built }) => built?.names(filePath)),
    isFound: (filePath) => [...nodes.values()].some(({ built }) => built?.hasFound(filePath)),
    async rebuild(changedFiles, doubt) {
      const files = [...changedFiles];
      const stale = new Set<Node>();
      for (const changed of flights) for (const file of files) changed.add(file);
      for (const file of files) for (const node of byFile.get(file) ?? []) stale.add(node);
      for (const node of nodes.values()) if (node.building && isDoubtful(node, doubt)) stale.add(node);
      await rebuildInOrder(stale, {
        isPart: ({ id }) => isPart(id),
        dependencies,
        start(node) {
          node.building = make(node);
        },
        finish: buildClosure,
      });
      return [...nodes.values()].filter((node) => node.built && node.toldHash !== undefined && node.built.meta.hash !== node.toldHash);
    },
    errors() {
      const broken = [...nodes.values()].filter((node) => errorOf(node));
      if (broken.length === 0) return [];
      // What no page can load any more may be as broken as it likes.
      const reached = reachable();
      return errorsOf(broken.filter((node) => reached.has(node)));
    },
    files: () => byFile.keys(),
    get generation() {
      return generation;
    },
  };
}

function filesOf({ files, watched }: Built): readonly string[] {
  return watched.length === 0 ? files : [...files, ...watched];
}

/** Deleted, renamed, or an inline script that an edit took away. It may come back, also while a branch is changed. */
function isGone({ error }: ModuleNode): boolean {
  return error?.code === 'READ';
}

/** An error may be cured by anything, and what has no output yet may have been looked up too early. */
function isDoubtful({ built, error }: ModuleNode, doubt: Doubt): boolean {
  if (error || doubt === 'everything') return true;
  return doubt === 'specifiers' && built?.resolvesAlike() !== true;
}

/** What importers of a module could miss. */
function hasShapeChanged(before: Built | undefined, after: Built | undefined): boolean {
  if (!before || !after) return true;
  return shapeOf(before.meta) !== shapeOf(after.meta);
}
