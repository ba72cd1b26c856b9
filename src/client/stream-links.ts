/**
 * The three ways from a tab to the stream, best first: a SharedWorker; a leading tab, elected by a Web Lock and heard over a
 * BroadcastChannel (Chrome on Android has no SharedWorker, a page's `worker-src` may forbid it); a stream of the tab's own
 * (plain-http LAN without SharedWorker). All of them speak stream-messages.ts to the same hub, so a tab does not know which it has.
 */
import { STREAM_WORKER_PATH } from '../protocol.ts';
import { BASE, toUrl } from './base.ts';
import { openEventStream } from './event-stream.ts';
import { holdLifeLock, holdLock, webLocks, whenGone } from './life-lock.ts';
import { createStreamHub } from './stream-hub.ts';
import type { StreamHub } from './stream-hub.ts';
import type { HostMessage, TabMessage } from './stream-messages.ts';
import { createStreamSession } from './stream-session.ts';
import type { StreamSession } from './stream-session.ts';

export interface StreamLinkOptions {
  readonly onMessage: (message: HostMessage) => void;
  /** Another holder has taken over and knows nobody: join again. */
  readonly onHost: () => void;
  /** The holder died: open this way again. */
  readonly onGone: () => void;
  /** This way leads nowhere after all. */
  readonly onFail: () => void;
}

export interface StreamLink {
  send(message: TabMessage): void;
  close(): void;
}

/** @throws Error when this way does not exist here */
export type OpenStreamLink = (options: StreamLinkOptions) => StreamLink;

/** With the version of stream-messages.ts: tabs of an older client keep their own holder. With the base: one origin may have many servers. */
const NAME = `hmr-dev-stream-1${BASE}`;
/** A worker that is neither refused nor answers: some browsers block it without any event. */
const WELCOME_TIMEOUT_MS = 4_000;

export const openWorkerLink: OpenStreamLink = ({ onMessage, onGone, onFail }) => {
  const worker = new SharedWorker(toUrl(STREAM_WORKER_PATH), { name: NAME });
  const { port } = worker;
  const timer = setTimeout(onFail, WELCOME_TIMEOUT_MS);
  const send = (message: TabMessage): void => port.postMessage(message);
  let stopWatching: () => void = () => {};
  port.addEventListener('message', ({ data }: MessageEvent<HostMessage>) => {
    clearTimeout(timer);
    // A worker lives in the process of one of its tabs, and ends with it when that tab crashes.
    if (data.type === 'lock') stopWatching = whenGone(data.name, onGone);
    else onMessage(data);
  });
  worker.addEventListener('error', () => {
    clearTimeout(timer);
    onFail();
  });
  port.start();
  const life = holdLifeLock((name) => send({ type: 'lock', name }));
  return {
    send,
    close() {
      clearTimeout(timer);
      stopWatching();
      send({ type: 'leave' });
      port.close();
      life.release();
    },
  };
};

/** On the channel: a tab speaks to whoever leads, the leader to one tab, and a new leader to all. */
type ChannelMessage =
  | { readonly from: string; readonly message: TabMessage }
  | { readonly to: string; readonly message: HostMessage }
  | { readonly leader: string };

export const openLeaderLink: OpenStreamLink = ({ onMessage, onHost }) => {
  const locks = webLocks();
  if (locks === undefined) throw new Error('Web Locks need a secure context');
  const tab = crypto.randomUUID();
  const channel = new BroadcastChannel(NAME);
  const tell = (message: ChannelMessage): void => channel.postMessage(message);
  const host = createLeaderHost((to, message) => (to === tab ? onMessage(message) : tell({ to, message })));
  const send = (message: TabMessage): void => (host.leads() ? host.receive(tab, message) : tell({ from: tab, message }));
  const sendLock = (name: string): void => send({ type: 'lock', name });
  const life = holdLifeLock(sendLock);
  const meetHost = (): void => {
    onHost();
    life.announce(sendLock);
  };
  channel.addEventListener('message', ({ data }: MessageEvent<ChannelMessage>) => {
    if ('to' in data) {
      if (data.to === tab) onMessage(data.message);
    } else if ('leader' in data) meetHost();
    else if (host.leads()) host.receive(data.from, data.message);
  });
  const resign = holdLock(locks, NAME, () => {
    host.lead();
    tell({ leader: tab });
    meetHost();
  });
  return {
    send,
    close() {
      if (!host.leads()) send({ type: 'leave' });
      host.close();
      channel.close();
      resign();
      life.release();
    },
  };
};

export const openOwnLink: OpenStreamLink = ({ onMessage }) => {
  const hub = createStreamHub({ openStream: openEventStream });
  const session = createStreamSession(hub, onMessage);
  return { send: (message) => session.receive(message), close: () => hub.close() };
};

interface LeaderHost {
  leads(): boolean;
  lead(): void;
  receive(tab: string, message: TabMessage): void;
  close(): void;
}

function createLeaderHost(send: (tab: string, message: HostMessage) => void): LeaderHost {
  const sessions = new Map<string, StreamSession>();
  let hub: StreamHub | undefined;
  return {
    leads: () => hub !== undefined,
    lead() {
      hub = createStreamHub({ openStream: openEventStream });
    },
    receive(tab, message) {
      if (hub === undefined) return;
      const session = sessions.get(tab) ?? createStreamSession(hub, (answer) => send(tab, answer));
      sessions.set(tab, session);
      session.receive(message);
      if (message.type === 'leave') sessions.delete(tab);
    },
    close() {
      // Each waits for the lock of its tab.
      for (const session of sessions.values()) session.end();
      sessions.clear();
      hub?.close();
      hub = undefined;
    },
  };
}
