/**
 * What plugins have to do with the running server besides compiling: their handlers of requests, their messages, and their say in a change.
 * All of it ends with the configuration that named them.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ClientMessage } from '../protocol.ts';
import { thrownError } from './compile/plugins/plugin-errors.ts';
import type { Middleware, Plugin, PluginServer } from './compile/plugins/plugin.ts';
import { createRelay } from './compile/plugins/relay.ts';

export interface PluginServersOptions {
  readonly plugins: readonly Plugin[];
  readonly root: string;
  /** What stands for a module among files. */
  readonly fileOf: (path: string, namespace: string | undefined) => string;
  readonly invalidate: (filePath: string) => void;
  readonly send: (event: string, data?: unknown) => void;
  readonly reload: (reason: string) => void;
  readonly onMessage: (listener: (message: ClientMessage) => void) => () => void;
  /** `onStart` of all plugins. */
  readonly begin: () => Promise<void>;
}

export interface PluginServers {
  /** Calls `configureServer`. @throws HmrError `PLUGIN` */
  configure(): Promise<void>;
  handle(req: IncomingMessage, res: ServerResponse): Promise<boolean>;
  /** False: a plugin has dealt with these files. */
  beforeBatch(files: ReadonlyMap<string, 'add' | 'change' | 'unlink'>): Promise<boolean>;
  close(): void;
}

export function createPluginServers(options: PluginServersOptions): PluginServers {
  const { plugins, root, send, reload } = options;
  const middlewares: Middleware[] = [];
  const closers: (() => void)[] = [];
  const hooked = plugins.filter((plugin) => plugin.hotUpdate);

  const { relay: server, end: endRelay } = createRelay<PluginServer>({
    root,
    send,
    reload,
    use: (middleware) => void middlewares.push(middleware),
    invalidate: (path, namespace) => options.invalidate(options.fileOf(path, namespace)),
    onMessage(event, listener) {
      const end = options.onMessage((message) => message.event === event && listener(message.data));
      closers.push(end);
      return end;
    },
  });

  const guard = async <T>({ name }: Plugin, work: () => T | Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (thrown) {
      throw thrownError(thrown, { plugin: name, filePath: root, folder: root });
    }
  };

  return {
    async configure() {
      for (const plugin of plugins) {
        const end = await guard(plugin, () => plugin.configureServer?.(server));
        if (end) closers.push(end);
      }
    },
    async handle(req, res) {
      for (const middleware of middlewares) if (await isAnswered(middleware, req, res)) return true;
      return false;
    },
    async beforeBatch(files) {
      if (plugins.length > 0) await options.begin();
      const changed = [...files].map(([path, kind]) => ({ path, kind }));
      for (const plugin of hooked) {
        const isOurs = await guard(plugin, () => plugin.hotUpdate?.({ files: changed, server }));
        if (isOurs === false) return false;
      }
      return true;
    },
    close() {
      for (const end of closers.splice(0)) end();
      endRelay();
    },
  };
}

/** It has answered, or it calls `next`. */
function isAnswered(middleware: Middleware, req: IncomingMessage, res: ServerResponse): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const done = (): void => resolve(true);
    res.once('finish', done);
    res.once('close', done);
    const next = (error?: unknown): void => {
      res.off('finish', done);
      res.off('close', done);
      if (error === undefined || error === null) resolve(false);
      // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- what a middleware hands on is its own
      else reject(error);
    };
    // What an asynchronous one rejects with is its failure too.
    Promise.resolve(middleware(req, res, next)).catch(reject);
  });
}
