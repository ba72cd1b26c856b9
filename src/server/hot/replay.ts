/**
 * The last events, ready to be written again: a client whose connection broke names the last one it has and gets the rest. Bounded in
 * count and in bytes, because one update can carry a megabyte of code; who has been away for longer asks what differs instead.
 */
import type { EventId } from '../../protocol.ts';

export interface ReplayLimits {
  readonly events: number;
  readonly sizeBytes: number;
}

export interface ReplayBuffer {
  /** Appends the event after the one appended before. */
  push(chunk: Buffer): void;
  /** Something happened that cannot be told again: nobody can resume from before it. */
  skip(): void;
  /** What followed an event, oldest first; null when that is not known any more, or never was. */
  after(sequence: number): readonly Buffer[] | null;
}

export function createReplayBuffer(limits: ReplayLimits): ReplayBuffer {
  const chunks: Buffer[] = [];
  let lastSequence = 0;
  let sizeBytes = 0;
  return {
    push(chunk) {
      chunks.push(chunk);
      lastSequence++;
      sizeBytes += chunk.byteLength;
      while (chunks.length > limits.events || sizeBytes > limits.sizeBytes) sizeBytes -= chunks.shift()?.byteLength ?? 0;
    },
    skip() {
      chunks.length = 0;
      lastSequence++;
      sizeBytes = 0;
    },
    after(sequence) {
      const missing = lastSequence - sequence;
      return missing >= 0 && missing <= chunks.length ? chunks.slice(chunks.length - missing) : null;
    },
  };
}

/** The sequence of an id of this epoch; null for every other text, whoever sent it. */
export function sequenceOf(id: EventId | null, epoch: string): number | null {
  if (id === null || !id.startsWith(`${epoch}-`)) return null;
  const digits = id.slice(epoch.length + 1);
  return /^(?:0|[1-9]\d{0,14})$/.test(digits) ? Number(digits) : null;
}
