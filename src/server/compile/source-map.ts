/**
 * Source maps, made when a debugger or a stack asks: the link step's edits over the compiler's output, and the index map of a
 * script that is many definitions one after the other.
 */
import remapping from '@jridgewell/remapping';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';

export interface RawSourceMap {
  readonly version: 3;
  readonly sources: (string | null)[];
  readonly sourcesContent?: (string | null)[];
  readonly names: string[];
  readonly mappings: string;
}

export interface ComposeOptions {
  /** From the factory to the JavaScript that was linked. */
  readonly link: string;
  /** From that JavaScript to the author's text; undefined when they are the same. */
  readonly compile: string | undefined;
  /** Root-relative URL of the author's file. */
  readonly source: string;
  readonly content: string;
  /** Lines of the definition in front of the factory. */
  readonly linesBefore: number;
}

export function composeMaps({ link, compile, source, content, linesBefore }: ComposeOptions): RawSourceMap {
  const layers = compile === undefined ? [link] : [link, compile];
  const map = remapping(layers, () => null);
  return {
    version: 3,
    sources: [source],
    sourcesContent: [content],
    names: map.names,
    mappings: ';'.repeat(linesBefore) + String(map.mappings),
  };
}

export interface ChunkSection {
  /** Line of the script at which the definition starts, from 0. */
  readonly line: number;
  readonly map: RawSourceMap;
}

/** Index map (ECMA-426, "Index source map"). */
export function sectionedMap(sections: readonly ChunkSection[]): object {
  return { version: 3, sections: sections.map(({ line, map }) => ({ offset: { line, column: 0 }, map })) };
}

/** Line and column from 1. Undefined where nothing of the author's stands. */
export function originalPosition(map: RawSourceMap, line: number, column: number): { line: number; column: number; source: string } | undefined {
  const found = originalPositionFor(new TraceMap(JSON.stringify(map)), { line, column: column - 1 });
  return found.source === null ? undefined : { line: found.line, column: found.column + 1, source: decodeURIComponent(found.source.replace(/^\//, '')) };
}
