/**
 * The hot half of the server: compiler, module graph, watcher and event stream around one folder. A save goes
 * watcher → batcher → updates → hub; a request for modules goes module-requests → graph → compiler.
 */
import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ClientMessage, ErrorReport, OutcomeReport } from '../protocol.ts';
import { cacheFile } from './cache-folder.ts';
import type { ClientFiles } from './client-files.ts';
import { stopEsbuild } from './compile/esbuild.ts';
import type { ResolvedOptions } from './config.ts';
import { openInEditor } from './editor.ts';
import { createEndpoints } from './endpoints.ts';
import { HmrError } from './errors.ts';
import { createHub } from './hot/hub.ts';
import { createWorkerEntries } from './hot/worker-entries.ts';
import { createUpdates, type PublishedUpdate } from './hot/updates.ts';
import { createStaticFiles, type StaticFiles } from './http/static-files.ts';
import { createModuleRequests } from './module-requests.ts';
import { createOutcomes } from './outcomes.ts';
import { createProject } from './project.ts';
import { createPublicFolder } from './public-folder.ts';
import { mapPageError } from './stacks.ts';
import { createStylesheets } from './stylesheets.ts';
import { createSync } from './sync.ts';
import { createUpdateScripts } from './update-scripts.ts';
import { encodeSegments } from './url-path.ts';
import { warmEntries } from './warm.ts';
import { createWatching } from './watching.ts';

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
  /** What a request or the watcher failed of, for the terminal: an error of the user's with its place, one of ours with its stack. */
  logFault(error: unknown): void;
  close(): Promise<void>;
  on<K extends keyof ServerEvents>(event: K, listener: (payload: ServerEvents[K]) => void): () => void;
  reload(reason: string): void;
  send(event: string, data?: unknown): void;
}

export function createHotServer(options: ResolvedOptions, clientFiles: ClientFiles): HotServer {
  const { root, rootName, spa, ignore, cache, logger } = options;
  const publicFolder = createPublicFolder(root, options.publicDir);
  const emitter = new EventEmitter();
  const epoch = randomBytes(6).toString('base64url').replaceAll(/[-_]/g, 'x');
  const token = randomBytes(18).toString('base64url');
  const logFault = (error: unknown): void => {
    if (error instanceof HmrError) logger.error(report(error));
    else logger.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  };
  const hub = createHub({ epoch, rootName, token, errors: () => updates.errors });
  const project = createProject({
    root,
    publicFolder,
    cachePath: cache ? cacheFile(root) : undefined,
    lastEventId: () => hub.lastId,
    onFile: (filePath) => watching.include(filePath),
  });
  const { graph, css, compiler, versions, pages, report } = project;
  const files = createStaticFiles({
    root,
    publicFolder: publicFolder.path,
    spa,
    isAllowed: (realPath) => graph.hasFile(realPath),
    html: (file) => pages.transform(file),
    onError: logFault,
  });
  const workers = createWorkerEntries(graph);
  const modules = createModuleRequests({
    root,
    graph,
    compiler,
    scripts: project.scripts,
    resolver: project.resolver,
    files,
    isClassic: pages.isClassic,
    onWorker: workers.add,
    checkErrors: () => updates.checkErrors(),
    report,
  });
  const outcomes = createOutcomes(logger);
  const scripts = createUpdateScripts({ graph, script: (nodes) => modules.script(nodes) });

  const updates = createUpdates({
    graph,
    css,
    urlOf: project.urlOf,
    aliasOf: publicFolder.aliasOf,
    relative: project.relative,
    report,
    hasChanged: versions.hasChanged,
    isSettled: versions.isSettled,
    contentHash: versions.noted,
    workersReaching: workers.reaching,
    nowMs: () => performance.now(),
    nextId: () => hub.nextId,
    publish: (event, plain) => hub.publish(event, plain),
    script: (nodes) => modules.script(nodes.flatMap((node) => graph.node(node.id) ?? [])),
    onNamesChanged: () => project.resolver.clear(),
    isConfiguration: project.resolver.isConfiguration,
    hasNewImportMap: project.hasNewImportMap,
    onUpdate(update) {
      scripts.remember(update.id, update.modules);
      outcomes.published(update, hub.size);
      emitter.emit('update', update);
    },
    onErrors(errors, { files: changed, durationMs }) {
      if (changed.length > 0)
        logger.batch({
          files: changed,
          outcome: `${errors.length} ${errors.length === 1 ? 'error' : 'errors'}, nothing was updated`,
          durationMs,
        });
      for (const error of errors) logger.error(error);
      // A listener for 'error' is optional here, unlike in an EventEmitter.
      if (emitter.listenerCount('error') > 0) emitter.emit('error', errors);
    },
    onFixed() {
      logger.info('fixed');
      emitter.emit('fixed');
    },
  });
  const watching = createWatching({
    root,
    ignored: ignore,
    onBatch(batch) {
      if (!existsSync(root)) logger.error(`The served folder is gone: ${root}\n  Put it back and it is served on, or quit.`);
      return updates.onBatch(batch);
    },
    onWatchError: (error) => logger.error(report(error)),
    onBatchError: logFault,
    untold: versions.untold,
  });
  const sync = createSync({
    graph,
    css,
    versions,
    lastId: () => hub.lastId,
    checkErrors: () => updates.checkErrors(),
    script: (node) => modules.script([node]),
    async fileAt(urlPath) {
      const found = await files.lookup(urlPath);
      return found.kind === 'file' && found.urlPath === urlPath ? found.filePath : undefined;
    },
  });

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
        map: (id) => compiler.map(id).catch(() => undefined),
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

  const start = (): Promise<void> => {
    if (!isWarm) void warmEntries({ root, pages, graph });
    isWarm = true;
    return watching.start();
  };
  let isWarm = false;

  return {
    files,
    handlers: [endpoints, modules.handle, createStylesheets({ css, files })],
    start,
    logFault,
    async close() {
      outcomes.close();
      hub.close();
      await watching.close();
      project.close();
      await stopEsbuild();
    },
    on(event, listener) {
      emitter.on(event, listener);
      return () => emitter.off(event, listener);
    },
    reload(reason) {
      logger.info(`reload (${reason}): ${hub.size === 0 ? 'no page is open' : 'sent to the open pages'}`);
      hub.publish({ type: 'reload', reason }, []);
    },
    send: (event, data) => void hub.publish({ type: 'custom', event, data: data ?? null }, []),
  };
}

async function readFolderFile(files: StaticFiles, file: string): Promise<string | undefined> {
  const found = await files.lookup(encodeSegments(file.split('/')));
  return found.kind === 'file' ? readFile(found.realPath, 'utf8').catch(() => undefined) : undefined;
}
