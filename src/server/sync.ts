/**
 * Brings a page level after a gap (a restarted server, a laptop that slept): it says what it has, the answer is what differs. The server
 * may know nothing of the page's modules yet; they are compiled here.
 */
import type { Change, ErrorReport, ModuleId, PageRequest, SyncAnswer, SyncRequest, UpdateCode } from '../protocol.ts';
import type { Compiled } from './compile/compiler.ts';
import type { CssGraph } from './hot/css-graph.ts';
import type { ModuleGraph, ModuleNode } from './hot/module-graph.ts';
import { resolveRequest } from './http/resolve-request.ts';
import type { Versions } from './versions.ts';

export interface SyncOptions {
  readonly graph: ModuleGraph<Compiled>;
  readonly css: CssGraph;
  readonly versions: Versions;
  readonly lastId: () => string;
  readonly checkErrors: () => readonly ErrorReport[];
  readonly code: (node: ModuleNode<Compiled>) => UpdateCode;
  /** The file whose address this is, if the folder serves it; none for the addresses that lead to a page without naming it. */
  readonly fileAt: (urlPath: string) => Promise<string | undefined>;
  /** A page is open whose modules are asked for next. */
  readonly meetPage: (urlPath: string) => Promise<void>;
  /** Of the HTML that a page would be made of now. */
  readonly pageHash: (page: PageRequest) => Promise<string | undefined>;
}

export function createSync(options: SyncOptions): (request: SyncRequest) => Promise<SyncAnswer> {
  const { graph, css, versions } = options;

  const moduleChanges = async (modules: SyncRequest['modules']): Promise<Change[]> => {
    const ids: ModuleId[] = [];
    for (const id of Object.keys(modules)) if (await isKnown(id)) ids.push(id);
    await Promise.all(ids.map((id) => graph.closure(id)));
    const entries = ids.flatMap((id) => graph.node(id) ?? []).filter(({ importers }) => importers.size === 0);
    for (const { id } of entries) await graph.closure(id, { entry: true });
    const hasErrors = options.checkErrors().length > 0;
    // All of them: what is made by plugins is known now that its importers are.
    return Object.keys(modules).flatMap((id): Change[] => {
      const node = graph.node(id);
      const hash = node?.built?.meta.hash;
      if (!node) return [];
      if (hasErrors || hash === undefined) {
        // What cannot be told while an error stands is told with the fix: the node remembers what the page has.
        node.toldHash = node.toldHash === undefined || node.toldHash === modules[id] ? modules[id] : '';
        return [];
      }
      // Where it differs, an update for all pages is on its way.
      node.toldHash ??= hash;
      return hash === modules[id] ? [] : [{ kind: 'module', id, hash, ...options.code(node) }];
    });
  };

  /** Only what the folder would serve, or what the graph has reached: a request must not make the compiler read other files. */
  const isKnown = async (id: ModuleId): Promise<boolean> => {
    if (graph.node(id)) return true;
    const request = resolveRequest(id);
    // By its one spelling, with the query that makes it another module.
    return request.kind === 'ok' && request.urlPath + request.search === id && (await options.fileAt(request.urlPath)) !== undefined;
  };

  const assetNow = async (url: string): Promise<Exclude<Change, { kind: 'module' }> | undefined> => {
    const request = resolveRequest(url);
    const filePath = request.kind === 'ok' ? await options.fileAt(request.urlPath) : undefined;
    if (filePath === undefined) return undefined;
    const isSheet = css.isSheet(filePath);
    const hash = isSheet ? await css.hash(filePath) : versions.read(filePath);
    return hash === undefined ? undefined : { kind: isSheet ? 'style' : 'asset', url, hash };
  };

  /** What was compiled before anybody knew that such a page is there. */
  const stampAll = async (): Promise<void> => {
    if (!css.stampAll()) return;
    const assets = [...graph.files()].filter((file) => !/\.[cm]?[jt]sx?$/i.test(file));
    await graph.rebuild(assets, 'none');
  };

  return async ({ modules, assets, page }) => {
    const id = options.lastId();
    // It was loaded from another run of the server, or has missed too much.
    if (page !== null || Object.keys(modules).length > 0) await stampAll();
    // By its import map its modules are resolved.
    if (page) await options.meetPage(page.file);
    const changes = await moduleChanges(modules);
    const hashes: Record<string, string> = {};
    for (const [url, known] of Object.entries(assets)) {
      const now = await assetNow(url);
      if (!now) continue;
      hashes[url] = now.hash;
      if (known !== null && known !== now.hash) changes.push(now);
    }
    const pageHash = page && (await options.pageHash(page));
    if (page && pageHash && pageHash !== page.hash) changes.push({ kind: 'page', url: page.file, hash: pageHash });
    return { id, changes, assets: hashes };
  };
}
