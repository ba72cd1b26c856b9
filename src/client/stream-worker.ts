/**
 * The SharedWorker that holds the one stream of a browser: nine tabs, one connection. A SharedWorker and not a service worker,
 * because it needs no registration, no secure context and no scope, and ends with the last tab. It sees every origin's page
 * separately, so one worker serves one server.
 */
import { openEventStream } from './event-stream.ts';
import { holdLifeLock } from './life-lock.ts';
import { createStreamHub } from './stream-hub.ts';
import type { HostMessage, TabMessage } from './stream-messages.ts';
import { createStreamSession } from './stream-session.ts';

const hub = createStreamHub({ openStream: openEventStream });
/** Tabs that came before the lock was held. */
const early = new Set<MessagePort>();
const tellLock = (port: MessagePort, name: string): void => port.postMessage({ type: 'lock', name } satisfies HostMessage);
const life = holdLifeLock((name) => {
  for (const port of early) tellLock(port, name);
  early.clear();
});

addEventListener('connect', (event: Event) => {
  const port = event instanceof MessageEvent ? event.ports[0] : undefined;
  if (port === undefined) return;
  const session = createStreamSession(hub, (message) => port.postMessage(message));
  if (!life.announce((name) => tellLock(port, name))) early.add(port);
  port.addEventListener('message', ({ data }: MessageEvent<TabMessage>) => session.receive(data));
  // Where there are no locks, some browsers tell of a port's end.
  port.addEventListener('close', () => session.end());
  port.start();
});
