/**
 * Edits of one text by position, which never change its number of lines: a replaced range keeps its line terminators, and nothing
 * that is put in has any. The only file that imports magic-string.
 */
import MagicString, { SourceMap } from 'magic-string';
import { markOwnCode, OWN_SOURCE, type OwnCode, type Segment } from './own-code.ts';

export type { SourceMap } from 'magic-string';

export interface Edits {
  /** Ranges must not overlap; what was put in at their ends stays. */
  replace(start: number, end: number, text: string): void;
  /** Puts text in front of what starts here, behind what was put in there before: wrap outer nodes first. */
  open(at: number, text: string): void;
  /** Puts text behind what ends here, in front of what was put in there before: wrap outer nodes first. */
  close(at: number, text: string): void;
  /** Moves a range, and what was put in at its ends, in front of what starts at `to`. */
  move(start: number, end: number, to: number): void;
  /** Says of a text that was put in, as {@link open} or {@link close} did it, that it is not the author's; see own-code.ts. */
  own(text: string, place: OwnCode['place']): void;
  /** Takes out a first line that is for the shell. */
  dropHashbang(): void;
  /** The edited text. `before` and `after` belong to no place of the source. */
  finish(before: string, after: string): string;
  map(file: string): SourceMap;
}

export function createEdits(code: string): Edits {
  const text = new MagicString(code);
  const own: OwnCode[] = [];
  const moves: [start: number, end: number, to: number][] = [];
  const replace: Edits['replace'] = (start, end, content) =>
    void text.update(start, end, content + lineTerminators(code.slice(start, end)));
  return {
    replace,
    dropHashbang() {
      const [line] = /^#!.*/.exec(code) ?? [];
      if (line !== undefined) replace(0, line.length, '');
    },
    open: (at, content) => void text.appendRight(at, content),
    close: (at, content) => void text.prependLeft(at, content),
    own: (content, place) => void own.push({ text: content, place }),
    move: (start, end, to) => void moves.push([start, end, to]),
    finish(before, after) {
      // Last of all: what is edited after it has moved may take its new neighbours along.
      for (const [start, end, to] of moves.splice(0)) text.move(start, end, to);
      return text.prepend(before).append(after).toString();
    },
    map(file) {
      const decoded = text.generateDecodedMap({ source: file, hires: 'boundary', includeContent: false });
      if (own.length > 0) markOwnCode(decoded.mappings as Segment[][], text.toString(), code, own, decoded.sources.push(OWN_SOURCE) - 1);
      return new SourceMap(decoded);
    },
  };
}

function lineTerminators(removed: string): string {
  return removed.match(/\r\n|[\n\r\u2028\u2029]/g)?.join('') ?? '';
}
