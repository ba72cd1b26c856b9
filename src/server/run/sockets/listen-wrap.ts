/**
 * Where programs begin to listen. Wraps three functions: `listen` itself, which tells that a server is of a version and whether it listens
 * already; `_listen2`, in which every form of it ends with names looked up and arguments in order; and, in a worker of a cluster, the question to
 * the primary, which would open the address a second time.
 */
import cluster from 'node:cluster';
import net from 'node:net';
import type { ListenArguments } from './address-key.ts';
import { internalsOf, type ListenHandle, type ServerInternals } from './node-internals.ts';

export interface ListenHooks {
  /** `ignore`: this server shall never listen. */
  called(server: net.Server): 'node' | 'track' | 'ignore';
  /** Called if the arguments were refused. */
  refused(server: net.Server): void;
  /** Opens nothing: `handle` when the address is open already, `wait` when it must not be opened yet. */
  find(server: net.Server, asked: ListenArguments): ListenHandle | 'wait' | undefined;
  /** Node has gone through its last step: with a handle of ours, or one of its own, or none. */
  done(server: net.Server, asked: ListenArguments): void;
}

/** What a worker asks its primary for. */
interface ServerQuery {
  readonly address: string | null;
  readonly port: number | null;
  readonly addressType: number | null;
  readonly fd?: number | undefined;
  readonly flags?: number | undefined;
}

type GetServer = (server: net.Server, query: ServerQuery, answer: (error: number, handle: ListenHandle) => void) => void;

/** Goes on with a `listen` that was told to wait. */
export type ListenNow = (server: net.Server, asked: ListenArguments) => void;

export interface ListenWrap {
  readonly listenNow: ListenNow;
  unwrap(): void;
}

export function wrapListen(hooks: ListenHooks): ListenWrap {
  const proto = net.Server.prototype;
  const internals = internalsOf(proto);
  const { listen } = proto;
  const { _listen2: listen2 } = internals;
  const listenNow: ListenNow = (server, asked) => {
    Reflect.apply(listen2, server, asked);
    hooks.done(server, asked);
  };
  proto.listen = function (this: net.Server, ...args: unknown[]) {
    const way = hooks.called(this);
    if (way === 'ignore') return this;
    try {
      return Reflect.apply(listen, this, args) as net.Server;
    } catch (error) {
      if (way === 'track') hooks.refused(this);
      throw error;
    }
  };
  internals._listen2 = function (this: net.Server, ...asked: ListenArguments) {
    const handle = hooks.find(this, asked);
    if (handle === 'wait') return;
    if (handle !== undefined) internalsOf(this)._handle = handle;
    listenNow(this, asked);
  } satisfies ServerInternals['_listen2'];
  const rewrapCluster = cluster.isWorker ? wrapWorker(hooks) : () => {};
  return {
    listenNow,
    unwrap() {
      rewrapCluster();
      proto.listen = listen;
      internals._listen2 = listen2;
    },
  };
}

function wrapWorker(hooks: ListenHooks): () => void {
  const worker = cluster as unknown as { _getServer: GetServer };
  const { _getServer: getServer } = worker;
  worker._getServer = (server, query, answer) => {
    const { address, port, addressType, fd, flags } = query;
    const handle = hooks.find(server, [address, port, addressType, 0, fd, flags]);
    if (handle === 'wait') return;
    if (handle === undefined) Reflect.apply(getServer, worker, [server, query, answer]);
    else answer(0, handle);
  };
  return () => {
    worker._getServer = getServer;
  };
}
