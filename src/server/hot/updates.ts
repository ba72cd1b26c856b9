/**
 * From a batch of changed files to one event: compile, compare, link, and only then tell. While an error stands nothing is told but
 * the error; what changed meanwhile is told with the fix, because every module remembers the version that pages were last told.
 */
import path from 'node:path';
import type { Change, ErrorReport, EventId, ModuleId, ServerEvent, UpdateCode } from '../../protocol.ts';
import { needs } from '../../runtime/linking.ts';
import type { HmrError } from '../errors.ts';
import type { Batch } from './batch.ts';
import type { CssGraph } from './css-graph.ts';
import type { FileEventKind } from './settle.ts';
import type { Doubt, ModuleGraph, ModuleNode } from './module-graph.ts';

export interface UpdatesOptions {
  readonly graph: ModuleGraph;
  readonly css: CssGraph;
  /** False when a save left the content as it was. */
  readonly hasChanged: (filePath: string) => boolean;
  /** False when a file changed again since it was read: the watcher is about to tell of that. */
  readonly isSettled: (filePath: string) => Promise<boolean>;
  /** Of a file that was read, as it was then. */
  readonly contentHash: (filePath: string) => string | undefined;
  /** Root-relative URL; undefined outside the served folder. */
  readonly urlOf: (filePath: string) => string | undefined;
  /** The second URL of a file, by its first. */
  readonly aliasOf?: (url: string) => string | undefined;
  readonly relative: (filePath: string) => string;
  /** Files came or went: what specifiers mean has to be looked up again. */
  readonly onNamesChanged: () => void;
  /** Before anything is compiled. False: somebody else has dealt with these files. */
  readonly beforeBatch: (files: ReadonlyMap<string, FileEventKind>) => Promise<boolean>;
  /** After all was compiled. */
  readonly afterBatch: (errors: readonly HmrError[]) => Promise<void>;
  /** URLs of pages that were made of a file besides their own. */
  readonly pagesMadeOf: (filePath: string) => readonly string[];
  /** Whether a file says what specifiers mean or how others compile. */
  readonly isConfiguration: (filePath: string) => boolean;
  /** A file changed or went: whether it is a page by whose import map specifiers mean something else now. */
  readonly hasNewImportMap: (filePath: string) => Promise<boolean>;
  readonly report: (error: HmrError) => ErrorReport;
  readonly publish: (event: Extract<ServerEvent, { type: 'update' | 'error' | 'fixed' }>, plain: readonly string[]) => EventId;
  readonly nextId: () => EventId;
  readonly code: (nodes: readonly ModuleNode[]) => UpdateCode;
  /** Scripts of workers in whose programs one of these runs. */
  readonly workersReaching: (modules: Iterable<ModuleId>) => readonly ModuleId[];
  readonly nowMs: () => number;
  readonly onUpdate: (update: PublishedUpdate) => void;
  /** @param batch that brought them; no files for a request */
  readonly onErrors: (errors: readonly ErrorReport[], batch: { readonly files: readonly string[]; readonly durationMs: number }) => void;
  readonly onFixed: () => void;
}

export interface PublishedUpdate {
  readonly id: EventId;
  readonly files: readonly string[];
  readonly changes: readonly Change[];
  readonly modules: readonly ModuleId[];
  readonly durationMs: number;
}

type FileChange = Exclude<Change, { kind: 'module' }>;

export interface Updates {
  onBatch(batch: Batch): Promise<void>;
  /** Compares the errors that stand with those that were told; for errors that a request brought to light. */
  checkErrors(): readonly ErrorReport[];
  /** Errors that stand, as told. */
  readonly errors: readonly ErrorReport[];
}

/** Specifiers may leave out the extension of these, and the whole name where that is `index`. */
const MEANT_WITHOUT_NAME = /\.(?:[cm]?[jt]sx?|json)$/i;

const PAGE = /\.html?$/i;
/** In the place of a hash. */
const GONE = 'gone';

/** Above this, pages fetch the code of what they run instead of all pages getting all of it. */
const INLINE_LIMIT_BYTES = 256 * 1024;

/** Above this, pages fetch the patches of what they run. */
const PATCHED_LIMIT = 20;

/** Each once: one mistake in a tsconfig is the error of every module below it. */
export function reportsOf(errors: readonly HmrError[], report: (error: HmrError) => ErrorReport): ErrorReport[] {
  return [...new Map(errors.map(report).map((made) => [made.key, made])).values()];
}

export function createUpdates(options: UpdatesOptions): Updates {
  const { graph, css, urlOf, relative, nowMs } = options;
  let errors: readonly ErrorReport[] = [];
  /** Changed while an error stood, or before the batch that is told with the next one. */
  let held = new Map<string, FileEventKind>();
  let isOvertaken = false;

  const errorsNow = (): HmrError[] => [...graph.errors(), ...css.errors()];

  const checkErrors = (files: readonly string[] = [], firstEventAt = nowMs()): readonly ErrorReport[] => {
    const now = reportsOf(errorsNow(), options.report);
    const isSame =
      now.length === errors.length && now.every(({ key, frame }, index) => key === errors[index]?.key && frame === errors[index]?.frame);
    if (isSame) return errors;
    const hadErrors = errors.length > 0;
    errors = now;
    if (now.length > 0) {
      options.publish({ type: 'error', errors: now }, []);
      options.onErrors(now, { files, durationMs: nowMs() - firstEventAt });
    } else if (hadErrors) {
      options.publish({ type: 'fixed' }, []);
      options.onFixed();
    }
    return errors;
  };

  const onBatch = async (batch: Batch): Promise<void> => {
    const startMs = nowMs();
    const changed = filesOf(batch);
    if (changed.size === 0 && !isOvertaken) return;
    if (changed.size > 0 && !(await options.beforeBatch(changed))) return;
    const doubt = doubtOf(changed);
    if (doubt !== 'none' || [...changed.values()].some((kind) => kind !== 'change')) options.onNamesChanged();
    for (const [file, kind] of changed) held.set(file, kind);
    // Some are made of the names in a folder.
    const folders = [...changed].flatMap(([file, kind]) => (kind === 'change' ? [] : path.dirname(file)));
    const touched = [...new Set([...changed.keys(), ...folders])];
    const sheets = new Set(touched.flatMap((file) => [...css.changed(file)]));
    await css.remake(sheets);
    const isRemapped = (await Promise.all([...changed.keys()].map(options.hasNewImportMap))).includes(true);
    const modules = await graph.rebuild([...touched, ...sheets], isRemapped && doubt === 'none' ? 'specifiers' : doubt);
    await options.afterBatch(errorsNow());
    // A batch that was overtaken may have read the last content already.
    const named = changed.size === 0 ? held : changed;
    // What was read in the middle of a save is no error and no update; it goes out with the rest of the save.
    isOvertaken = await batch.isOvertaken();
    const settled = await Promise.all([...changed.keys()].filter((file) => isRead(file, sheets)).map(options.isSettled));
    if (isOvertaken || settled.includes(false) || checkErrors([...named.keys()].map(relative), batch.firstEventAt).length > 0) {
      for (const sheet of sheets) if (!held.has(sheet)) held.set(sheet, 'change');
      return;
    }
    const told = held;
    held = new Map();
    await tell(told, sheets, modules, { batchMs: startMs - batch.firstEventAt, startMs, firstEventAt: batch.firstEventAt });
  };

  const doubtOf = (changed: ReadonlyMap<string, FileEventKind>): Doubt => {
    if ([...changed.keys()].some(options.isConfiguration)) return 'everything';
    const isMeant = (file: string): boolean => MEANT_WITHOUT_NAME.test(file) || graph.isNamed(file);
    return [...changed].some(([file, kind]) => kind !== 'change' && isMeant(file)) ? 'specifiers' : 'none';
  };

  /** A log or a database that is written without a pause must not keep everything else from being told. */
  const isRead = (file: string, sheets: ReadonlySet<string>): boolean =>
    graph.hasFile(file) || sheets.has(file) || PAGE.test(file) || options.isConfiguration(file);

  const filesOf = ({ files }: Batch): Map<string, FileEventKind> =>
    new Map(
      // What went before anybody read it (a temporary file) is nobody's concern.
      [...files].filter(([file, kind]) => options.hasChanged(file) || (kind === 'unlink' && wasUsed(file))),
    );

  const wasUsed = (file: string): boolean => graph.hasFile(file) || graph.isFound(file) || options.isConfiguration(file);

  interface Times {
    readonly batchMs: number;
    readonly startMs: number;
    readonly firstEventAt: number;
  }

  const tell = async (
    files: ReadonlyMap<string, FileEventKind>,
    sheets: ReadonlySet<string>,
    modules: readonly ModuleNode[],
    times: Times,
  ): Promise<void> => {
    const ofFiles = await fileChanges(files, sheets);
    // Of a change of branch pages run little; what they need patches of, they ask for.
    if (modules.length <= PATCHED_LIMIT) await Promise.all(modules.flatMap(({ built }) => built?.patch?.make() ?? []));
    const changes = [...moduleChanges(modules), ...ofFiles, ...workerChanges(modules, ofFiles)];
    const names = [...files].filter(([file]) => urlOf(file) !== undefined);
    // Also a layout that lies beside the served folder.
    const cause = [...files.keys()].filter((file) => urlOf(file) !== undefined || options.pagesMadeOf(file).length > 0).map(relative);
    if (changes.length === 0 && cause.length === 0) return;
    const id = options.nextId();
    const compileMs = nowMs() - times.startMs;
    const plain = names.filter(([, kind]) => kind !== 'unlink').map(([file]) => relative(file));
    options.publish({ type: 'update', id, changes, cause, timings: { batchMs: times.batchMs, compileMs } }, plain);
    options.onUpdate({ id, files: cause, changes, modules: modules.map((node) => node.id), durationMs: nowMs() - times.firstEventAt });
  };

  const moduleChanges = (nodes: readonly ModuleNode[]): Change[] => {
    const seen = new Set<ModuleNode>();
    // Modules that nobody was given yet come with the first that imports them.
    const parts = nodes.map((node) => ({ node, fresh: newDependencies(node, seen) }));
    const all = parts.flatMap(({ node, fresh }) => [...fresh, node]);
    const isInline = all.reduce((bytes, { built }) => bytes + Buffer.byteLength(built?.text ?? ''), 0) <= INLINE_LIMIT_BYTES;
    for (const node of isInline ? all : nodes) node.toldHash = node.built?.meta.hash;
    return parts.flatMap(({ node, fresh }): Change[] => {
      const { id, built } = node;
      const code = isInline ? options.code([...fresh, node]) : {};
      return built ? [{ kind: 'module', id, hash: built.meta.hash, ...code }] : [];
    });
  };

  /** A worker's program is one thing to its page, and changes as one. */
  const workerChanges = (nodes: readonly ModuleNode[], told: readonly Change[]): Change[] =>
    options.workersReaching(nodes.map(({ id }) => id)).flatMap((url): Change[] => {
      const isTold = told.some((change) => change.kind === 'asset' && change.url === url);
      const hash = nodes.map(({ built }) => built?.meta.hash).join('.');
      return isTold ? [] : [{ kind: 'asset', url, hash }];
    });

  const newDependencies = (node: ModuleNode, seen: Set<ModuleNode>): ModuleNode[] => {
    const found: ModuleNode[] = [];
    for (const id of node.built ? needs(node.built.meta) : []) {
      const dependency = graph.node(id);
      if (!dependency?.built || dependency.toldHash !== undefined || seen.has(dependency)) continue;
      seen.add(dependency);
      found.push(...newDependencies(dependency, seen), dependency);
    }
    return found;
  };

  const fileChanges = async (files: ReadonlyMap<string, FileEventKind>, sheets: ReadonlySet<string>): Promise<Change[]> => {
    const styles = await Promise.all([...sheets].map((file) => styleChange(file)));
    const others = await Promise.all(
      [...files].map(async ([file, kind]) => (kind === 'unlink' ? lostPage(file) : fileChange(file, sheets))),
    );
    const changes = [...styles, ...others].filter((change) => change !== undefined);
    const named = changes.flatMap((change) => {
      const url = options.aliasOf?.(change.url);
      return url === undefined ? [change] : [change, { ...change, url }];
    });
    return [...named, ...[...files.keys()].flatMap((file) => options.pagesMadeOf(file).map((url) => pageChange(url, file)))];
  };

  const pageChange = (url: string, file: string): Change => ({ kind: 'page', url, hash: options.contentHash(file) ?? GONE });

  const styleChange = async (file: string): Promise<FileChange | undefined> => {
    const url = urlOf(file);
    const hash = await css.hash(file);
    return url === undefined || hash === undefined ? undefined : { kind: 'style', url, hash };
  };

  /** Who has it open is told that it is gone. */
  const lostPage = (file: string): FileChange | undefined => {
    const url = PAGE.test(file) ? urlOf(file) : undefined;
    return url === undefined ? undefined : { kind: 'page', url, hash: GONE };
  };

  const fileChange = async (file: string, sheets: ReadonlySet<string>): Promise<FileChange | undefined> => {
    const url = urlOf(file);
    if (url === undefined || sheets.has(file)) return undefined;
    if (css.isSheet(file)) return styleChange(file);
    const hash = options.contentHash(file);
    if (hash === undefined) return undefined;
    return { kind: PAGE.test(file) ? 'page' : 'asset', url, hash };
  };

  return {
    onBatch,
    checkErrors,
    get errors() {
      return errors;
    },
  };
}
