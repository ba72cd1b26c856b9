/**
 * Hashes of ranges of a text by their tokens: what a formatter changes (white space, comments, quotes, semicolons, trailing commas)
 * does not count. Each token is hashed once, when the parser meets it, so that a unit costs no second look at its text.
 */

export interface TokenSink {
  add(start: number, end: number, label: string): void;
}

export interface Range {
  readonly start: number;
  readonly end: number;
  /** Of a node. */
  readonly type?: string;
}

export interface Tokens extends TokenSink {
  /**
   * Something about a token that its text does not say: which export an imported name stands for.
   * @param writes who has to be told of what is written here; counts in functions only, since what has run does not run again
   */
  mark(start: number, meaning: string, writes?: string): void;
  /** @param holes in order; what is in them does not count, but that they are there does, and whether they are classes */
  hash(range: Range, holes?: readonly Range[], isFunction?: boolean): string;
}

const CLOSERS = new Set([')', ']', '}']);

export function createTokens(code: string): Tokens {
  const starts: number[] = [];
  const hashes: number[] = [];
  const marks = new Map<number, number>();
  const writes = new Map<number, number>();
  let comma = -1;

  /** Index of the first token at or behind a position. */
  const indexOf = (position: number): number => {
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  return {
    add(start, end, label) {
      if (label === ';') return;
      if (comma === starts.length - 1 && comma >= 0 && CLOSERS.has(label)) {
        starts.pop();
        hashes.pop();
      }
      starts.push(start);
      // Without its quotes, which may be of another kind.
      hashes.push(label === 'string' ? hashRange(code, start + 1, end - 1) ^ 0x5bd1e995 : hashRange(code, start, end));
      comma = label === ',' ? starts.length - 1 : -1;
    },
    mark(start, meaning, written) {
      marks.set(start, hashRange(meaning, 0, meaning.length));
      if (written !== undefined) writes.set(start, hashRange(written, 0, written.length));
    },
    hash({ start, end }, holes = [], isFunction = false) {
      let high = 0x811c9dc5;
      let low = 0x1b873593;
      let hole = 0;
      const mix = (value: number): void => {
        high = Math.imul(high ^ value, 0x01000193);
        low = Math.imul(low + value, 0x85ebca6b) ^ (low >>> 13);
      };
      for (let index = indexOf(start); index < starts.length; index++) {
        const at = starts[index] ?? end;
        if (at >= end) break;
        const next = holes[hole];
        if (next && at >= next.start) {
          hole++;
          mix(next.type?.startsWith('Class') ? 0x7f4a7c15 : 0x9e3779b9);
          index = indexOf(next.end) - 1;
          continue;
        }
        mix(hashes[index] ?? 0);
        const mark = marks.size > 0 ? marks.get(at) : undefined;
        if (mark !== undefined) mix(mark);
        const written = isFunction ? writes.get(at) : undefined;
        if (written !== undefined) mix(written);
      }
      // The upper bits, which depend on all of every token.
      return text(high >>> 8, 4) + text(low >>> 14, 3);
    },
  };
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Six bits a character; together 42, so that two texts of a unit in a million millions are taken for one. */
function text(value: number, length: number): string {
  let result = '';
  for (let index = 0; index < length; index++) result += DIGITS[(value >>> (6 * index)) & 63];
  return result;
}

function hashRange(text: string, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash;
}

export function hashText(text: string): string {
  return (hashRange(text, 0, text.length) >>> 0).toString(36);
}
