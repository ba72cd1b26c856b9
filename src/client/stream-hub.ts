/**
 * One stream, many tabs. HTTP/1.1 gives a host six connections, so a stream per tab hangs the seventh; the hub opens one and
 * forwards. It runs in a SharedWorker, in the leading tab, or in each tab for itself, and knows neither of them: the same code
 * whoever holds the stream. A tab that joins late gets its own `hello`, made from the last one of the server.
 */
import type { ErrorReport, EventId, HelloEvent } from '../protocol.ts';
import type { EventStream, EventStreamOptions } from './event-stream.ts';
import { createStreamBacklog } from './stream-backlog.ts';
import type { BacklogLimits } from './stream-backlog.ts';
import { formatEventId, parseEventId, parseServerEvent } from './stream-messages.ts';
import type { ConnectionState, HostMessage, Position, StreamMessage } from './stream-messages.ts';

export interface StreamHubOptions {
  readonly openStream: (options: EventStreamOptions) => EventStream;
  readonly limits?: BacklogLimits;
}

export interface StreamHub {
  join(options: JoinOptions): StreamMember;
  close(): void;
}

export interface JoinOptions {
  readonly since: EventId;
  readonly visible: boolean;
  readonly send: (message: HostMessage) => void;
}

export interface StreamMember {
  setVisible(visible: boolean): void;
  leave(): void;
}

interface Member {
  readonly since: Position | undefined;
  readonly send: (message: HostMessage) => void;
  visible: boolean;
  /** Has had a `hello`; from then on everything that comes is for it. */
  greeted: boolean;
}

export function createStreamHub({ openStream, limits }: StreamHubOptions): StreamHub {
  const members = new Set<Member>();
  const backlog = createStreamBacklog(limits);
  let stream: EventStream | undefined;
  let state: ConnectionState | undefined;
  /** The server's last; undefined while the stream is not open. */
  let hello: HelloEvent | undefined;
  let errors: readonly ErrorReport[] = [];
  let firstSince: EventId = '';

  const greet = (member: Member, current: HelloEvent): void => {
    const missed = backlog.after(member.since);
    const sequence = Math.max(current.sequence, backlog.position?.sequence ?? 0);
    const own: HelloEvent = { ...current, sequence, resumed: missed !== null, errors };
    member.greeted = true;
    member.send({ type: 'event', name: 'hello', data: JSON.stringify(own), id: formatEventId({ epoch: own.epoch, sequence }) });
    for (const message of missed ?? []) member.send({ type: 'event', ...message });
  };
  const receiveHello = (event: HelloEvent, message: StreamMessage): void => {
    if (!event.resumed || backlog.position?.epoch !== event.epoch) {
      const asked = event.resumed ? parseEventId(firstSince) : undefined;
      backlog.reset(asked?.epoch === event.epoch ? asked : { epoch: event.epoch, sequence: event.sequence });
    }
    hello = event;
    errors = event.errors;
    for (const member of members) {
      if (member.greeted) member.send({ type: 'event', ...message });
      else greet(member, event);
    }
  };
  const receive = (message: StreamMessage): void => {
    const event = message.name === 'message' || message.name === 'update' ? undefined : parseServerEvent(message);
    if (event?.type === 'hello') return receiveHello(event, message);
    if (event?.type === 'error') errors = event.errors;
    if (event?.type === 'fixed') errors = [];
    backlog.push(message);
    const at = parseEventId(message.id);
    for (const member of members) {
      if (member.greeted && !isPast(at, member.since)) member.send({ type: 'event', ...message });
    }
  };
  const setState = (next: ConnectionState): void => {
    state = next;
    if (next === 'lost') hello = undefined;
    for (const member of members) member.send({ type: 'state', state: next });
  };
  const start = (since: EventId): EventStream => {
    firstSince = since;
    return openStream({
      since: () => (backlog.position === undefined ? firstSince : formatEventId(backlog.position)),
      isWatched: () => [...members].some((member) => member.visible),
      onMessage: receive,
      onState: setState,
    });
  };
  const stop = (): void => {
    stream?.close();
    stream = undefined;
    state = undefined;
    hello = undefined;
    errors = [];
    backlog.clear();
  };

  return {
    join({ since, visible, send }) {
      const member: Member = { since: parseEventId(since), send, visible, greeted: false };
      members.add(member);
      if (state !== undefined) send({ type: 'state', state });
      if (hello !== undefined) greet(member, hello);
      // A page that was just served proves that the server is there.
      else if (stream !== undefined) stream.wake();
      stream ??= start(since);
      return {
        setVisible(value) {
          member.visible = value;
          if (value) stream?.wake();
        },
        leave() {
          if (members.delete(member) && members.size === 0) stop();
        },
      };
    },
    close() {
      members.clear();
      stop();
    },
  };
}

/** The tab's page was served with this event in it: the stream was behind the page. */
function isPast(at: Position | undefined, since: Position | undefined): boolean {
  return at !== undefined && since !== undefined && at.epoch === since.epoch && at.sequence <= since.sequence;
}
