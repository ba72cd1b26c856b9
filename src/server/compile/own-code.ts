/**
 * Code of ours between the author's, as a debugger is to take it: a question whether there is a newer function belongs to what stands behind it, where
 * the author's function begins, and the call of the newer one to a source of our own on the map's ignore list, so that it is no frame of a
 * stack and nothing to step through. Functions that are ours altogether are stepped over by that.
 */
import { lineStarts, placeIn, type LineStarts } from './line-starts.ts';
import type { RawSourceMap } from './source-map.ts';

/** A path that no file has. */
export const OWN_SOURCE = '/@hmr-dev/hot-swap';

export const OWN_TEXT = '// hmr-dev calls the newest version of a function here (docs/hotswap.md). Debuggers step over it.\n';

export interface OwnCode {
  /** As it was put in; it is in the text once. */
  readonly text: string;
  /** Asked when a map is made, which most versions never have. */
  readonly place: () => OwnPlace;
}

export interface OwnPlace {
  /** From here on the text is hidden. */
  readonly hiddenFrom: number;
  /** Position in the source whose place the rest gets; default: of the code behind it. */
  readonly standsFor?: number | undefined;
}

/** Of a text that belongs to nobody. */
export const whollyOwn = (): OwnPlace => ({ hiddenFrom: 0 });

/** As magic-string and remapping have it: column; with source, line and column of the original, all from 0. */
export type Segment = number[];

type OriginalSegment = [column: number, source: number, line: number, originalColumn: number];

const isOriginal = (segment: Segment | undefined): segment is OriginalSegment => segment !== undefined && segment.length >= 4;

/** Adds places to decoded mappings of `text`, which has been made of `code`. @param source index of our own source */
export function markOwnCode(lines: Segment[][], text: string, code: string, parts: readonly OwnCode[], source: number): void {
  const starts = lineStarts(text);
  const codeStarts = lineStarts(code);
  for (const part of parts) {
    const at = text.indexOf(part.text);
    if (at === -1) continue;
    let behind: Segment | undefined;
    const { hiddenFrom, standsFor } = part.place();
    if (hiddenFrom > 0) {
      const { line, column } = placeIn(codeStarts, standsFor ?? 0);
      behind = standsFor === undefined ? segmentAt(lines, starts, nextCode(text, at + part.text.length)) : [0, 0, line, column];
      if (behind) insert(lines, starts, at, behind.slice(1));
    }
    insert(lines, starts, at + hiddenFrom, [source, 0, 0]);
    // Who steps out of the newer function comes by here.
    if (behind) insert(lines, starts, at + part.text.length - 1, behind.slice(1));
  }
}

/**
 * A breakpoint is for a line, and debuggers set it at the first place of that: behind the question, or it would be hit in a function that has a
 * newer one too. So the place in front of what both belong to gets the line's first column.
 */
export function settleBreakpoints(lines: Segment[][], own: number): void {
  for (const [index, line] of lines.entries()) {
    for (const [position, question] of line.entries()) {
      if (line[position + 1]?.[1] !== own || !isOriginal(question) || question[1] === own || question[3] === 0) continue;
      // Behind the question, what is hidden, and the end of it.
      settle(lines, index, position + 3, question);
    }
  }
}

function settle(lines: Segment[][], from: number, position: number, [, source, line, column]: OriginalSegment): void {
  for (let index = from; index < lines.length; index++) {
    const segments = lines[index] ?? [];
    for (let at = index === from ? position : 0; at < segments.length; at++) {
      const found = segments[at];
      if (!isOriginal(found) || found[1] !== source || found[2] !== line || found[3] !== column) continue;
      const before = found[0] - 1;
      const previous = segments[at - 1];
      if (before < 0 || (previous && (previous[0] ?? 0) > before)) return;
      if (previous?.[0] === before) segments[at - 1] = [before, source, line, 0];
      else segments.splice(at, 0, [before, source, line, 0]);
      return;
    }
    // It begins within the next lines, or has been moved.
    if (index > from + 2) return;
  }
}

/** Of a version that nobody can map any more: all of it is stepped over, for what runs of it is the way to the newest one. */
export const HIDDEN_MAP: RawSourceMap = {
  version: 3,
  sources: [OWN_SOURCE],
  sourcesContent: [OWN_TEXT],
  names: [],
  mappings: 'AAAA',
  ignoreList: [0],
};

function nextCode(text: string, from: number): number {
  const found = /\S/.exec(text.slice(from, from + 2000));
  return from + (found?.index ?? 0);
}

function segmentAt(lines: readonly Segment[][], starts: LineStarts, at: number): Segment | undefined {
  const { line, column } = placeIn(starts, at);
  const found = lines[line]?.findLast(([start = 0]) => start <= column);
  return isOriginal(found) ? found : undefined;
}

function insert(lines: Segment[][], starts: LineStarts, at: number, original: readonly number[]): void {
  const { line, column } = placeIn(starts, at);
  const segments = (lines[line] ??= []);
  const behind = segments.findIndex(([start = 0]) => start >= column);
  const index = behind === -1 ? segments.length : behind;
  segments.splice(index, segments[index]?.[0] === column ? 1 : 0, [column, ...original]);
}
