/**
 * The hot half of the server: compiler, module graph, watcher and event stream around one folder. A save goes
 * watcher → batcher → updates → hub; a request for modules goes module-requests → graph → compiler.
 */
import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ClientMessage, ErrorReport, OutcomeReport } from '../protocol.ts';
import type { ClientFiles } from './client-files.ts';
import { createCompiler, type Compiled } from './compile/compiler.ts';
import { rewriteCss } from './compile/css.ts';
import { stopEsbuild } from './compile/esbuild.ts';
import { idOfFile, isOutside } from './compile/module-ids.ts';
import { createResolver } from './compile/resolve.ts';
import { originalPosition } from './compile/source-map.ts';
import { createTsconfigFinder } from './compile/tsconfig.ts';
import type { ResolvedOptions } from './config.ts';
import { openInEditor } from './editor.ts';
import { createEndpoints } from './endpoints.ts';
import { HmrError, toReport } from './errors.ts';
import { createBatcher } from './hot/batch.ts';
import { createCssGraph } from './hot/css-graph.ts';
import { createHub } from './hot/hub.ts';
import { createModuleGraph } from './hot/module-graph.ts';
import { createUpdates, type PublishedUpdate } from './hot/updates.ts';
import { createWatcher, type Watcher } from './hot/watcher.ts';
import { contentType } from './http/content-type.ts';
import { createStaticFiles, type StaticFiles } from './http/static-files.ts';
import { createImportMaps } from './import-maps.ts';
import { createModuleRequests } from './module-requests.ts';
import { createOutcomes } from './outcomes.ts';
import { createPages } from './pages.ts';
import { mapPageError } from './stacks.ts';
import { createStylesheets } from './stylesheets.ts';
import { createSync } from './sync.ts';
import { createUpdateScripts } from './update-scripts.ts';
import { encodeSegments } from './url-path.ts';
import { createVersions } from './versions.ts';
import { warmEntries } from './warm.ts';

export interface ServerEvents {
  /** A batch was told to the pages. */
  update: PublishedUpdate;
  /** Build errors that stand now. */
  error: readonly ErrorReport[];
  fixed: undefined;
  /** What a page did about an update. */
  outcome: OutcomeReport;
  /** An error of a running page. */
  'page-error': ErrorReport;
  /** `import.meta.hot.send` of a page. */
  message: ClientMessage;
}

export interface HotServer {
  readonly files: StaticFiles;
  /** Asked in this order; the first that returns true has answered. */
  readonly handlers: readonly ((req: IncomingMessage, res: ServerResponse) => Promise<boolean>)[];
  /** Starts watching, once. @throws HmrError `WATCH` */
  start(): Promise<void>;
  close(): Promise<void>;
  on<K extends keyof ServerEvents>(event: K, listener: (payload: ServerEvents[K]) => void): () => void;
  reload(reason: string): void;
  send(event: string, data?: unknown): void;
}

export function createHotServer({ root, rootName, spa, ignore, logger }: ResolvedOptions, clientFiles: ClientFiles): HotServer {
  const emitter = new EventEmitter();
  const epoch = randomBytes(6).toString('base64url').replaceAll(/[-_]/g, 'x');
  const token = randomBytes(18).toString('base64url');
  const versions = createVersions();
  const importMaps = createImportMaps();
  const tsconfig = createTsconfigFinder({ root });
  const resolver = createResolver({ root, tsconfig });
  const relative = (filePath: string): string => path.relative(root, filePath).split(path.sep).join('/');
  const urlOf = (filePath: string): string | undefined => {
    const id = idOfFile(root, { filePath, search: '' });
    return isOutside(id) ? undefined : id;
  };
  const report = (error: HmrError): ErrorReport => toReport(error, relative);

  const css = createCssGraph({
    async read(filePath) {
      const content = await readFile(filePath);
      versions.note(filePath, content);
      return content;
    },
    rewrite: rewriteCss,
    fileOf(specifier, fromFile) {
      const resolution = resolver.resolve(specifier, fromFile, { kind: 'url' });
      return resolution.kind === 'file' ? resolution.filePath : undefined;
    },
  });
  const hub = createHub({ epoch, rootName, token, errors: () => updates.errors });
  const pages = createPages({ versions, importMaps, lastEventId: () => hub.lastId });
  const compiler = createCompiler({
    root,
    resolver,
    tsconfig,
    css,
    onRead: (filePath, content) => void versions.note(filePath, content),
    mediaType: (filePath) => contentType(filePath, Buffer.alloc(0)).replace(/;.*/, ''),
    importMap: (specifier) => importMaps.resolve(specifier),
    inlineModule: pages.inlineModule,
  });
  const graph = createModuleGraph<Compiled>((id) => compiler.compile(id));
  const files = createStaticFiles({
    root,
    spa,
    isAllowed: (realPath) => graph.hasFile(realPath),
    html: (file) => pages.transform(file),
    onError: (error) => logger.error(error instanceof Error ? (error.stack ?? error.message) : String(error)),
  });
  const modules = createModuleRequests({
    root,
    graph,
    compiler,
    resolver,
    files,
    isClassic: pages.isClassic,
    checkErrors: () => updates.checkErrors(),
  });
  const outcomes = createOutcomes(logger);
  const scripts = createUpdateScripts({ graph, script: (nodes) => modules.script(nodes) });

  const updates = createUpdates({
    graph,
    css,
    urlOf,
    relative,
    report,
    hasChanged: versions.hasChanged,
    contentHash: versions.read,
    nowMs: () => performance.now(),
    nextId: () => hub.nextId,
    publish: (event, plain) => hub.publish(event, plain),
    script: (nodes) => modules.script(nodes.flatMap((node) => graph.node(node.id) ?? [])),
    onNamesChanged: () => resolver.clear(),
    onUpdate(update) {
      scripts.remember(update.id, update.modules);
      outcomes.published(update, hub.size);
      emitter.emit('update', update);
    },
    onErrors(errors, changed) {
      if (changed.length > 0) logger.batch({ files: changed, outcome: `${errors.length} ${errors.length === 1 ? 'error' : 'errors'}, nothing was updated`, durationMs: 0 });
      for (const error of errors) logger.error(error);
      // A listener for 'error' is optional here, unlike in an EventEmitter.
      if (emitter.listenerCount('error') > 0) emitter.emit('error', errors);
    },
    onFixed() {
      logger.info('fixed');
      emitter.emit('fixed');
    },
  });
  const batcher = createBatcher({ onBatch: (batch) => updates.onBatch(batch), onError: (error) => logger.error(String(error)) });
  const sync = createSync({ root, graph, css, versions, lastId: () => hub.lastId, checkErrors: () => updates.checkErrors(), script: (node) => modules.script([node]), isServed: async (urlPath) => (await files.lookup(urlPath)).kind === 'file' });

  const endpoints = createEndpoints({
    clientFiles,
    token,
    attach: (req, res, since) => hub.attach(req, res, { since }),
    updateScript: scripts.get,
    sync,
    open: (request) => openInEditor(root, request, logger),
    async report(pageError) {
      const mapped = await mapPageError(pageError, {
        locate: modules.locate,
        async original(id, line, column) {
          const map = await compiler.map(id).catch(() => undefined);
          return map && originalPosition(map, line, column);
        },
        read: (file) => readFolderFile(files, file),
      });
      logger.error(mapped);
      emitter.emit('page-error', mapped);
      return mapped;
    },
    outcome(outcome) {
      outcomes.reported(outcome);
      emitter.emit('outcome', outcome);
    },
    message: (message) => void emitter.emit('message', message),
  });

  let watcher: Watcher | undefined;
  const start = async (): Promise<void> => {
    if (watcher) return watcher.ready;
    watcher = createWatcher({
      root,
      ignored: ignore,
      onChange: (event) => batcher.add(event),
      onError: (error) => logger.error(report(error)),
    });
    void warmEntries({ root, pages, warm: (id) => modules.warm(id) });
    await watcher.ready;
  };

  return {
    files,
    handlers: [endpoints, modules.handle, createStylesheets({ css, files })],
    start,
    async close() {
      outcomes.close();
      hub.close();
      await watcher?.close();
      await batcher.close();
      await stopEsbuild();
    },
    on(event, listener) {
      emitter.on(event, listener);
      return () => emitter.off(event, listener);
    },
    reload: (reason) => void hub.publish({ type: 'reload', reason }, []),
    send: (event, data) => void hub.publish({ type: 'custom', event, data: data ?? null }, []),
  };
}

async function readFolderFile(files: StaticFiles, file: string): Promise<string | undefined> {
  const found = await files.lookup(encodeSegments(file.split('/')));
  return found.kind === 'file' ? readFile(found.realPath, 'utf8').catch(() => undefined) : undefined;
}
