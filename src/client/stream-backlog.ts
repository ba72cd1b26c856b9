/**
 * The last events of the shared stream, for tabs that join late: a page served at event 40 whose tab reaches the stream at event
 * 42 gets 41 and 42 from here. Bounded in number and size, because a browser may stay open for weeks. Plain data and pure
 * questions; null means "cannot tell", and then the tab asks the server.
 */
import { parseEventId } from './stream-messages.ts';
import type { Position, StreamMessage } from './stream-messages.ts';

export interface BacklogLimits {
  readonly messages: number;
  /** Of all data together, in UTF-16 units. */
  readonly characters: number;
}

export interface StreamBacklog {
  /** The last event seen; undefined before the first `reset`. */
  readonly position: Position | undefined;
  /** From now on everything after this event will be pushed. */
  reset(position: Position): void;
  clear(): void;
  push(message: StreamMessage): void;
  /** What came after an event; null when that cannot be known. Nothing came after an event that is still on its way here. */
  after(since: Position | undefined): readonly StreamMessage[] | null;
}

const DEFAULT_LIMITS: BacklogLimits = { messages: 500, characters: 2_000_000 };

export function createStreamBacklog(limits: BacklogLimits = DEFAULT_LIMITS): StreamBacklog {
  let entries: { readonly sequence: number; readonly message: StreamMessage }[] = [];
  let characters = 0;
  let position: Position | undefined;
  /** Everything after this sequence is in `entries`. */
  let completeFrom = 0;

  const empty = (start: Position | undefined): void => {
    entries = [];
    characters = 0;
    position = start;
    completeFrom = start?.sequence ?? 0;
  };
  const trim = (): void => {
    while (entries.length > limits.messages || characters > limits.characters) {
      const oldest = entries.shift();
      if (oldest === undefined) return;
      characters -= oldest.message.data.length;
      // The messages of one batch share an id: a batch that is not whole any more counts as gone.
      completeFrom = oldest.sequence;
    }
  };
  return {
    get position() {
      return position;
    },
    reset: empty,
    clear: () => empty(undefined),
    push(message) {
      const at = parseEventId(message.id);
      if (position === undefined) return;
      if (at !== undefined && at.epoch !== position.epoch) return;
      const sequence = at?.sequence ?? position.sequence;
      position = { epoch: position.epoch, sequence: Math.max(sequence, position.sequence) };
      entries.push({ sequence, message });
      characters += message.data.length;
      trim();
    },
    after(since) {
      if (since === undefined || position === undefined) return null;
      if (since.epoch !== position.epoch || since.sequence < completeFrom) return null;
      return entries.filter((entry) => entry.sequence > since.sequence).map((entry) => entry.message);
    },
  };
}
