/**
 * The hot half of the server: compiler, module graph, watcher and event stream around one folder. A save goes
 * watcher → batcher → updates → hub; a request for modules goes module-requests → graph → compiler.
 */
import type { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ClientMessage, ErrorReport, EventId, ModuleId, OutcomeReport } from '../protocol.ts';
import { createBase } from './base.ts';
import { cacheFile } from './cache-folder.ts';
import type { ClientFiles } from './client-files.ts';
import { isVirtualFile } from './compile/plugins/plugin-modules.ts';
import type { ResolvedOptions } from './config/config.ts';
import { createConfigurationFiles } from './config/configuration-files.ts';
import { createDescriptions } from './descriptions.ts';
import { openInEditor } from './editor.ts';
import { createEndpoints } from './endpoints.ts';
import { HmrError, stackText } from './errors.ts';
import { createPluginServers } from './plugin-servers.ts';
import type { Hub } from './hot/hub.ts';
import { createWorkerEntries } from './hot/worker-entries.ts';
import { createUpdates, type PublishedUpdate } from './hot/updates.ts';
import { readFolderFile } from './folder-file.ts';
import { createStaticFiles, type StaticFiles } from './http/static-files.ts';
import { createModuleRequests } from './module-requests.ts';
import { createOutcomes } from './outcomes.ts';
import { createPageFiles } from './page-files.ts';
import { packageFiles } from './config/project-folder.ts';
import { createProject } from './project.ts';
import { createPublicFolder } from './public-folder.ts';
import { mapPageError } from './stacks.ts';
import { createStylesheets } from './stylesheets.ts';
import { createSync } from './sync.ts';
import { createUpdateScripts } from './update-scripts.ts';
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
  /** Files changed that say how the server works: absolute paths. */
  configuration: readonly string[];
}

/** What outlives a change of the configuration: open pages stay connected, listeners stay, the token stays good. */
export interface Session {
  readonly hub: Hub;
  readonly emitter: EventEmitter;
  readonly token: string;
  readonly clientFiles: ClientFiles;
  /** All that stand, those of the program of `--run` too. */
  readonly errors: () => readonly ErrorReport[];
  /** Tells pages of them. */
  readonly tellErrors: () => EventId;
}

export interface HotServer {
  readonly files: StaticFiles;
  /** The client's, for a page of another program. */
  tag(nonce: string | null): string;
  /** Asked in this order; the first that returns true has answered. */
  readonly handlers: readonly ((req: IncomingMessage, res: ServerResponse) => Promise<boolean>)[];
  /** Sets up plugins and starts watching, once. @throws HmrError `PLUGIN`, `WATCH` */
  start(): Promise<void>;
  /** Build errors that stand, as told. */
  readonly errors: readonly ErrorReport[];
  /** What a request or the watcher failed of, for the terminal: an error of the user's with its place, one of ours with its stack. */
  logFault(error: unknown): void;
  close(): Promise<void>;
  reload(reason: string): void;
  send(event: string, data?: unknown): void;
  watchConfiguration(files: readonly string[]): void;
  /** Programs that run in workers, by their entries: a hash of each. */
  workers(): ReadonlyMap<ModuleId, string>;
  /** They were started by the server before: what is different now, their pages are told. */
  adoptWorkers(programs: ReadonlyMap<ModuleId, string>): Promise<void>;
}

export function createHotServer(options: ResolvedOptions, { hub, emitter, token, clientFiles, errors, tellErrors }: Session): HotServer {
  const { root, spa, ignore, cache, logger, configurationFiles } = options;
  const publicFolder = createPublicFolder(root, options.publicDir);
  const base = createBase(options.base);
  const logFault = (error: unknown): void => {
    if (error instanceof HmrError) logger.error(report(error));
    else logger.error(stackText(error));
  };
  const descriptions = createDescriptions();
  const project = createProject({
    ...options,
    warn: (message) => logger.warn(message),
    publicFolder,
    descriptions,
    cachePath: cache ? cacheFile(root) : undefined,
    ignored: ignore,
    lastEventId: () => hub.lastId,
    onFile: (filePath) => watching.include(filePath),
  });
  const { graph, css, compiler, versions, pages, report } = project;
  const files = createStaticFiles({
    root,
    publicFolder: publicFolder.path,
    spa,
    isAllowed: graph.isServed,
    html: (file) => pages.transform(file),
    toUrl: base.toUrl,
    onSend: versions.noteSent,
    onError: logFault,
  });
  const workers = createWorkerEntries(graph);
  const reload = (reason: string): void => {
    logger.info(`reload (${reason}): ${hub.size === 0 ? 'no page is open' : 'sent to the open pages'}`);
    hub.publish({ type: 'reload', reason }, []);
  };
  const send = (event: string, data?: unknown): void => void hub.publish({ type: 'custom', event, data: data ?? null }, []);
  const plugins = createPluginServers({
    plugins: options.plugins,
    root,
    fileOf: project.fileOf,
    invalidate: (filePath) => watching.touch(filePath),
    send,
    reload,
    onMessage(listener) {
      emitter.on('message', listener);
      return () => emitter.off('message', listener);
    },
    begin: project.plugins.begin,
  });
  const modules = createModuleRequests({
    root,
    base,
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
  const scripts = createUpdateScripts({ graph, code: modules.code });

  const updates = createUpdates({
    graph,
    css,
    urlOf: project.urlOf,
    aliasOf: publicFolder.aliasOf,
    relative: project.relative,
    report,
    hasChanged: (filePath) => isVirtualFile(filePath) || versions.hasChanged(filePath),
    beforeBatch: plugins.beforeBatch,
    afterBatch: (errors) => project.plugins.end(errors.map(({ message }) => ({ text: message }))),
    pagesMadeOf: pages.madeOf,
    isSettled: versions.isSettled,
    contentHash: versions.noted,
    workersReaching: workers.reaching,
    nowMs: () => performance.now(),
    nextId: () => hub.nextId,
    publish: (event, plain) => (event.type === 'update' ? hub.publish(event, plain) : tellErrors()),
    code: modules.code,
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
    async onBatch(batch) {
      if (!existsSync(root)) logger.error(`The served folder is gone: ${root}\n  Put it back and it is served on, or quit.`);
      const changed = configuration.changed(batch.files.keys());
      if (changed.length > 0) emitter.emit('configuration', changed);
      const isOfPages = (file: string): boolean =>
        !configuration.has(file) || graph.isServed(file) || project.resolver.isConfiguration(file);
      const files = new Map([...batch.files].filter(([file]) => isOfPages(file)));
      await updates.onBatch({ ...batch, files });
    },
    onWatchError: (error) => logger.error(report(error)),
    onBatchError: logFault,
    untold: () => [...versions.untold(), ...configuration.untold()],
  });
  const configuration = createConfigurationFiles(watching.include);
  configuration.add(configurationFiles);
  for (const filePath of packageFiles(root)) {
    // As it is now, so that a mere touch is no change.
    versions.read(filePath);
    watching.include(filePath);
  }
  const pageFiles = createPageFiles(files, pages);
  const sync = createSync({
    graph,
    css,
    versions,
    lastId: () => hub.lastId,
    checkErrors: () => updates.checkErrors(),
    code: (node) => modules.code([node]),
    async fileAt(urlPath) {
      const found = await files.lookup(urlPath);
      return found.kind === 'file' && found.urlPath === urlPath ? found.filePath : undefined;
    },
    meetPage: (urlPath) => pageFiles.meet(urlPath).catch(logFault),
    pageHash: pageFiles.hash,
  });

  const endpoints = createEndpoints({
    clientFiles,
    token,
    attach: (req, res, since) => hub.attach(req, res, { since }),
    updateScript: scripts.get,
    describe: descriptions.script,
    sync,
    page: pageFiles.ask,
    pageSource: pages.sources.content,
    open: (request) => openInEditor(request, { root, errors: errors(), logger }),
    async report(pageError) {
      const mapped = await mapPageError(pageError, {
        base,
        locate: modules.locate,
        map: (id, form) => compiler.map(id, form).catch(() => undefined),
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

  const configure = async (): Promise<void> => {
    await project.ready;
    await plugins.configure();
  };
  let configured: Promise<void> | undefined;
  const begin = async (): Promise<void> => {
    await (configured = configure());
    void warmEntries({ root, pages, graph }).catch(logFault);
    await watching.start();
  };
  let started: Promise<void> | undefined;

  /** A plugin that could not be set up answers nothing; who started the server was told. */
  const handleByPlugins = async (req: IncomingMessage, res: ServerResponse): Promise<boolean> => {
    await configured?.catch(() => undefined);
    return plugins.handle(req, res);
  };

  return {
    files,
    tag: pages.tag,
    handlers: [endpoints, handleByPlugins, modules.handle, createStylesheets({ css, files, checkErrors: () => updates.checkErrors() })],
    start: () => (started ??= begin()),
    logFault,
    get errors() {
      return updates.errors;
    },
    async close() {
      outcomes.close();
      await watching.close();
      plugins.close();
      project.close();
    },
    reload,
    send,
    watchConfiguration: configuration.add,
    workers: workers.programs,
    async adoptWorkers(programs) {
      const changes = await workers.adopt(programs);
      if (changes.length > 0) hub.publish({ type: 'update', changes, cause: [], timings: { batchMs: 0, compileMs: 0 } });
    },
  };
}
