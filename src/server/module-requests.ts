/**
 * Requests that are answered with linked modules: the graph of a module script, what the runtime's `import()` asks for, the
 * definitions of an update, source maps. Whether a script is a module is what the browser says (Sec-Fetch headers), else what its
 * text says; everything else is a static file.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readFile } from 'node:fs/promises';
import {
  CLIENT_PATH,
  DEFINE_QUERY,
  INLINE_QUERY,
  MAP_QUERY,
  PATCH_QUERY,
  UPDATE_QUERY,
  type ErrorReport,
  type ModuleId,
} from '../protocol.ts';
import { NO_BASE, type Base } from './base.ts';
import { exportNames } from '../runtime/linking.ts';
import { classify } from './compile/assets.ts';
import { createChunk, createDefinitions, createFailedChunk, type Chunk, type ChunkMode, type LayoutEntry } from './compile/chunk.ts';
import type { Compiled, Compiler, Form } from './compile/compiler.ts';
import { hasModuleSyntax } from './compile/link.ts';
import { hashOf } from './content-hash.ts';
import type { HmrError } from './errors.ts';
import { fileOfId, idOfFile, isOutside } from './compile/module-ids.ts';
import type { ModuleScripts } from './compile/module-scripts.ts';
import { isPluginId } from './compile/plugins/plugin-modules.ts';
import type { Resolver } from './compile/resolve.ts';
import { HIDDEN_MAP, OWN_SOURCE } from './compile/own-code.ts';
import { sectionedMap, type ChunkSection } from './compile/source-map.ts';
import type { ModuleGraph, ModuleNode } from './hot/module-graph.ts';
import { reportsOf } from './hot/updates.ts';
import { isSameOrigin, sendRefusal } from './http/request-checks.ts';
import { sendContent } from './http/send-content.ts';
import { resolveRequest } from './http/resolve-request.ts';
import type { StaticFiles } from './http/static-files.ts';
import { createRecent } from './recent.ts';

export interface ModuleRequestsOptions {
  readonly root: string;
  readonly base?: Base;
  readonly graph: ModuleGraph<Compiled>;
  readonly compiler: Compiler;
  readonly scripts: ModuleScripts;
  readonly resolver: Resolver;
  readonly files: StaticFiles;
  readonly isClassic: (urlPath: string) => boolean;
  /** A browser asked for a module to run it in a worker. */
  readonly onWorker: (id: ModuleId) => void;
  /** A graph was built: tells pages of errors that are new. */
  readonly checkErrors: () => unknown;
  readonly report: (error: HmrError) => ErrorReport;
}

export interface ModuleRequests {
  /** False: not a request for modules. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<boolean>;
  /** The script that defines some modules. */
  script(nodes: readonly ModuleNode[]): string;
  /** Where a line of a served script comes from: a line of a module's text, from 1. `url` is the path, with the query of an update. */
  locate(url: string, line: number): { readonly id: ModuleId; readonly line: number; readonly form: Form } | undefined;
}

const SCRIPT = /\.(?:[cm]?[jt]s|[jt]sx)$/i;
const TYPESCRIPT = /\.(?:[cm]?ts|[jt]sx)$/i;
const WORKER = /^(?:shared|service)?worker$/;
/** The query that makes another module of a file. */
const TRANSFORM = /^\?(raw|url|inline|sheet|json|worker|sharedworker|init|instance|inline-module=\d+|only=[\w$,]+)(?=&|$)/;
const REMEMBERED_CHUNKS = 100;
/** Whole scripts: each is as large as its page, and what else a request names is up to who sends it. */
const REMEMBERED_ANSWERS = 20;
/** One for each module of an update, so that a batch of many is remembered whole. */
const REMEMBERED_UPDATES = 1_000;

/**
 * Of an update that brings a module in two forms, a debugger sets a breakpoint in one: the other, which runs where nothing can be changed in place,
 * has a name of its own.
 */
const AGAIN = '?again';

export function createModuleRequests(options: ModuleRequestsOptions): ModuleRequests {
  const { root, graph, compiler, resolver, files } = options;
  const { toUrl } = options.base ?? NO_BASE;
  /** Layouts by hash, of what pages asked for and of updates. */
  const chunks = createRecent<Chunk['layout']>(REMEMBERED_CHUNKS);
  const updates = createRecent<Chunk['layout']>(REMEMBERED_UPDATES);
  /** By request, while the graph stays as it is. */
  let answers = createRecent<Chunk>(REMEMBERED_ANSWERS);
  let answersGeneration = 0;
  /** Layout of the last script served at a URL path, for stacks. */
  const layouts = new Map<string, Chunk['layout']>();

  const chunkOf = async (entry: ModuleId, urlPath: string, mode: ChunkMode, without: string): Promise<Chunk | string> => {
    const key = `${mode} ${urlPath} ${without}`;
    if (answersGeneration !== graph.generation) answers = createRecent(REMEMBERED_ANSWERS);
    answersGeneration = graph.generation;
    const known = answers.get(key);
    if (known) return known;
    // By a query a file becomes another module; only one that is imported so can be somebody's error.
    const nodes = await graph.closure(entry, {
      entry: !entry.includes('?') || entry.includes(`?${INLINE_QUERY}=`) || graph.isImported(entry),
    });
    options.checkErrors();
    const errors = graph.errorsOf(nodes);
    const reports = reportsOf(errors, options.report);
    if (reports.length > 0) return createFailedChunk(entry, reports);
    const chunk = assemble(entry, urlPath, mode, withoutKnown(nodes, without));
    for (const node of nodes) node.toldHash ??= node.built?.meta.hash;
    layouts.set(urlPath, chunk.layout);
    chunks.set(chunk.hash, chunk.layout);
    if (answersGeneration === graph.generation) answers.set(key, chunk);
    return chunk;
  };

  /** Modules that the page got with another chunk, unless they changed since. */
  const withoutKnown = (nodes: readonly ModuleNode<Compiled>[], without: string): ModuleNode<Compiled>[] => {
    const has = new Set<string>();
    for (const hash of without.split('.')) for (const part of chunks.get(hash) ?? []) has.add(`${part.id} ${part.hash}`);
    return nodes.filter(({ id, built }) => !has.has(`${id} ${built?.meta.hash}`));
  };

  const assemble = (entry: ModuleId, urlPath: string, mode: ChunkMode, nodes: readonly ModuleNode<Compiled>[]): Chunk => {
    const modules = nodes.flatMap(({ id, built }) => (built ? [{ ...built, id, hash: built.meta.hash }] : []));
    const lookup = (id: ModuleId) => graph.node(id)?.built?.meta;
    return createChunk({
      modules,
      entry,
      mode,
      alias: urlPath === entry ? undefined : urlPath,
      exportNames: mode !== 'define' ? [...exportNames(lookup, entry)] : [],
      async: modules.some(({ meta }) => meta.async),
      clientUrl: toUrl(CLIENT_PATH),
      mapUrl: (hash) => `${toUrl(entry.replace(/\?.*$/, ''))}?${MAP_QUERY}=${hash}`,
    });
  };

  const sendChunk = async (req: IncomingMessage, res: ServerResponse, entry: ModuleId, urlPath: string, mode: ChunkMode): Promise<void> => {
    const without = /[?&]without=([\w.-]*)/.exec(req.url ?? '')?.[1] ?? '';
    const chunk = await chunkOf(entry, urlPath, mode, without);
    const isFailed = typeof chunk === 'string';
    sendContent(req, res, {
      type: 'text/javascript; charset=utf-8',
      body: isFailed ? chunk : chunk.text,
      etag: isFailed ? undefined : `"${chunk.hash}-${mode}"`,
      vary: 'Sec-Fetch-Dest, Sec-Fetch-Mode',
    });
  };

  /** For a page that has the newest definition of a module, and runs an earlier one. */
  const sendPatch = async (req: IncomingMessage, res: ServerResponse, id: ModuleId): Promise<void> => {
    const node = graph.node(id);
    await node?.built?.patch?.make();
    sendContent(req, res, { type: 'text/javascript; charset=utf-8', body: node?.built ? script([node]) : '' });
  };

  /** A file's own; what somebody else's map names need not be one. */
  const addressOf = (source: string | null): string | null => (source?.startsWith('/') ? toUrl(source) : source);

  /** The map of a script that was served. Versions that are gone are stepped over. */
  const sendMap = async (req: IncomingMessage, res: ServerResponse, hash: string): Promise<void> => {
    const layout = chunks.get(hash) ?? updates.get(hash) ?? [];
    const sections: ChunkSection[] = [];
    for (const part of layout) {
      const isCurrent = graph.node(part.id)?.built?.meta.hash === part.hash;
      const map = isCurrent ? await compiler.map(part.id, part.form).catch(() => undefined) : HIDDEN_MAP;
      const isSecond = part.form === undefined && layout.some(({ id, form }) => form === 'patch' && id === part.id);
      const sources = map?.sources.map((source) =>
        isSecond && source !== OWN_SOURCE ? `${addressOf(source)}${AGAIN}` : addressOf(source),
      );
      if (map && sources) sections.push({ line: part.line, map: { ...map, sources } });
    }
    sendContent(req, res, { type: 'application/json', body: JSON.stringify(sectionedMap(sections)) });
  };

  /** A module's id for a URL path: a file of the folder, one without its extension, or one that the graph has reached outside. */
  const idFor = async (urlPath: string, search: string): Promise<ModuleId | undefined> => {
    const transform = TRANSFORM.exec(search)?.[0] ?? '';
    // What is outside the folder, or no file, is only what modules of the folder name.
    if (isOutside(urlPath) || isPluginId(urlPath)) {
      const id = urlPath + transform;
      return graph.node(id) || graph.isImported(id) ? id : undefined;
    }
    const found = await files.lookup(urlPath);
    if (found.kind === 'file' && found.urlPath === urlPath) {
      // By the other address of a file of the public folder it is served as it is.
      return idOfFile(root, { filePath: found.filePath, search: '' }) === urlPath ? urlPath + transform : undefined;
    }
    const resolution = resolver.resolve(decodeURI(urlPath), fileOfId(root, '/page.html').filePath, { kind: 'import' });
    if (resolution.kind !== 'file') return undefined;
    const id = idOfFile(root, { filePath: resolution.filePath, search: transform });
    return isOutside(id) || (await files.lookup(id.replace(/\?.*$/, ''))).kind !== 'file' ? undefined : id;
  };

  const handle = async (req: IncomingMessage, res: ServerResponse): Promise<boolean> => {
    if (req.method !== 'GET' && req.method !== 'HEAD') return false;
    const request = resolveRequest(req.url ?? '');
    if (request.kind !== 'ok' || request.isFolder || request.segments.length === 0) return false;
    const { urlPath, search } = request;
    const query = new URLSearchParams(search);
    const wanted = query.has(PATCH_QUERY)
      ? 'patch'
      : query.has(MAP_QUERY)
        ? 'map'
        : query.has(DEFINE_QUERY)
          ? 'define'
          : await scriptKind(req, urlPath, search);
    if (wanted === undefined) return false;
    const id = await idFor(urlPath, search);
    if (id === undefined || !isLinkable(root, id)) return false;
    if (wanted === 'map') await sendMap(req, res, query.get(MAP_QUERY) ?? '');
    else if (wanted === 'classic') await sendClassic(req, res, id);
    // What a page runs is compiled from then on, and its errors concern all: no other site may ask for it.
    else if (!isSameOrigin(req)) sendRefusal(req, res, { status: 403, message: 'Only pages of this server may ask for this.' });
    else if (wanted === 'patch') await sendPatch(req, res, id);
    else {
      if (WORKER.test(String(req.headers['sec-fetch-dest']))) options.onWorker(id);
      await sendChunk(req, res, id, id.includes('?') ? id : urlPath, wanted);
    }
    return true;
  };

  const scriptKind = async (
    req: IncomingMessage,
    urlPath: string,
    search: string,
  ): Promise<'start' | 'start-alone' | 'classic' | undefined> => {
    const destination = req.headers['sec-fetch-dest'];
    const isTypeScript = TYPESCRIPT.test(urlPath);
    if (destination === 'script') {
      if (req.headers['sec-fetch-mode'] !== 'cors' || options.isClassic(urlPath)) return isTypeScript ? 'classic' : undefined;
      return 'start';
    }
    const isWorker = WORKER.test(String(destination));
    // Over plain HTTP to another machine's address browsers send no Sec-Fetch headers.
    const isUnknown =
      destination === undefined && (req.headers['user-agent'] ?? '').startsWith('Mozilla/') && !/text\/html/.test(req.headers.accept ?? '');
    if (!isWorker && !isUnknown) return undefined;
    if (isUnknown && search.includes(`${INLINE_QUERY}=`)) return 'start-alone';
    if (!SCRIPT.test(urlPath)) return undefined;
    const found = await files.lookup(urlPath);
    if (found.kind !== 'file' || options.isClassic(urlPath)) return undefined;
    if (hasModuleSyntax(await readFile(found.realPath, 'utf8'))) return 'start-alone';
    return isTypeScript ? 'classic' : undefined;
  };

  const sendClassic = async (req: IncomingMessage, res: ServerResponse, id: ModuleId): Promise<void> => {
    const body = await options.scripts.classic(fileOfId(root, id).filePath);
    sendContent(req, res, { type: 'text/javascript; charset=utf-8', body });
  };

  const script = (nodes: readonly ModuleNode[]): string => {
    const layout: LayoutEntry[] = [];
    // One line stands before the first definition.
    let line = 1;
    for (const { id, built } of nodes) {
      if (!built) continue;
      const { hash } = built.meta;
      const patched = built.patch?.definition;
      layout.push({ id, hash, line });
      // The same, but for its last line, with the patch behind it.
      if (patched) layout.push({ id, hash, line: line + built.lineCount, form: 'patch' });
      line += (patched ?? built).lineCount;
    }
    const last = layout.at(-1);
    const text = createDefinitions(nodes.flatMap(({ built }) => (built?.patch?.definition ?? built)?.text ?? []));
    if (!last) return text;
    const path = toUrl(last.id.replace(/\?.*$/, ''));
    const hash = hashOf(JSON.stringify(layout));
    updates.set(hash, layout);
    return `${text}//# sourceURL=${path}?${UPDATE_QUERY}=${hash}\n//# sourceMappingURL=${path}?${MAP_QUERY}=${hash}\n`;
  };

  return {
    handle,
    script,
    locate(url, line) {
      const update = new URLSearchParams(url.split('?')[1]).get(UPDATE_QUERY);
      const layout = update === null ? layouts.get(url) : updates.get(update);
      const part = layout?.findLast((candidate) => candidate.line < line);
      return part && { id: part.id, line: line - part.line, form: part.form ?? 'module' };
    },
  };
}

function isLinkable(root: string, id: ModuleId): boolean {
  const { filePath, search } = fileOfId(root, id);
  return isPluginId(id) || search !== '' || classify(filePath, search) !== 'url';
}
