/**
 * Source maps, made only when somebody asks: two steps (compile, link) composed into one, many modules of a chunk in one index map, and the way
 * from a line of a stack back to the author's. The index map has sections, which every DevTools reads, so that nothing is decoded and
 * written again to join a thousand maps.
 */
import remapping, { type SourceMapInput } from '@jridgewell/remapping';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { OWN_SOURCE, OWN_TEXT, settleBreakpoints, type Segment } from './own-code.ts';

export interface RawSourceMap {
  readonly version: 3;
  readonly file?: string | null | undefined;
  readonly sourceRoot?: string | undefined;
  readonly sources: readonly (string | null)[];
  readonly sourcesContent?: readonly (string | null)[] | undefined;
  readonly names: readonly string[];
  readonly mappings: string;
  /** Indexes of sources that a debugger steps over. */
  readonly ignoreList?: readonly number[] | undefined;
}

export interface IndexMap {
  readonly version: 3;
  readonly sections: readonly { readonly offset: { readonly line: number; readonly column: number }; readonly map: RawSourceMap }[];
}

/** What both a step's map and a composed one have; magic-string's class has no `readonly`, and a version that is any number. */
type StepMap = Pick<RawSourceMap, 'sources' | 'names' | 'mappings'> & { readonly sourcesContent?: readonly (string | null)[] | undefined };

export interface ComposeOptions {
  /** From the linked text to what was linked. */
  readonly link: StepMap;
  /** From what was linked to the author's text; undefined when the author wrote JavaScript. */
  readonly compile: StepMap | undefined;
  /** From what was compiled to the author's text, where a plugin made the one of the other. */
  readonly made?: StepMap | undefined;
  /** How a debugger names the source: its URL path. */
  readonly source: string;
  readonly content: string;
  /** Lines that stand before the linked text in the definition. */
  readonly linesBefore: number;
}

export function composeMaps({ link, compile, made, source, content, linesBefore }: ComposeOptions): RawSourceMap {
  const steps = [link, compile, made].filter((step) => step !== undefined);
  const { names, mappings, sources: found, sourcesContent } = compose(steps);
  const sources = found.length > 0 ? found : [source];
  const isOwn = (name: string | null): boolean => name === OWN_SOURCE;
  // Text that was itself compiled from several files, with their map inside, keeps their names.
  const isOne = sources.filter((name) => !isOwn(name)).length <= 1;
  const isPackage = /\/node_modules\//.test(source);
  const ignoreList = sources.flatMap((name, index) => (isPackage || isOwn(name) ? [index] : []));
  return {
    version: 3,
    sources: sources.map((name) => (isOne && !isOwn(name) ? source : name)),
    sourcesContent: sources.map((name, index) =>
      isOwn(name) ? OWN_TEXT : isOne ? (made?.sourcesContent?.[0] ?? content) : (sourcesContent?.[index] ?? null),
    ),
    names,
    mappings: ';'.repeat(linesBefore) + mappings,
    ...(ignoreList.length > 0 && { ignoreList }),
  };
}

interface Composed extends Omit<RawSourceMap, 'mappings' | 'version'> {
  readonly mappings: string;
}

/** The later steps first; code of ours ends at the step that has put it in. */
function compose(steps: readonly StepMap[]): Composed {
  // Names of what lies between would become part of the author's, which are relative to them.
  const between = (name: string | null): string | null => (name === OWN_SOURCE ? name : 'step');
  const [first, ...earlier] = steps.map((step, index) =>
    toInput(index < steps.length - 1 ? { ...step, names: step.names, mappings: step.mappings, sources: step.sources.map(between) } : step),
  );
  if (!first) return { names: [], mappings: '', sources: [] };
  const loader = (file: string, { depth }: { readonly depth: number }): SourceMapInput | null =>
    file === OWN_SOURCE ? null : (earlier[depth - 1] ?? null);
  const decoded = remapping(first, loader, { decodedMappings: true });
  const own = decoded.sources.indexOf(OWN_SOURCE);
  if (own !== -1) settleBreakpoints(decoded.mappings as Segment[][], own);
  const { names, mappings, sources, sourcesContent } = remapping(decoded as SourceMapInput, () => null);
  return { names, mappings: String(mappings), sources, sourcesContent };
}

/** Of two steps of compiling, the later first, as one. */
export function chainMaps(later: RawSourceMap, earlier: RawSourceMap): RawSourceMap {
  const { names, mappings, sources, sourcesContent } = compose([later, earlier]);
  return { version: 3, names, mappings, sources, sourcesContent: sourcesContent ?? [] };
}

/** A map and the line, from 0, at which its text begins in the script. */
export interface ChunkSection {
  readonly line: number;
  readonly map: RawSourceMap;
}

export function sectionedMap(sections: readonly ChunkSection[]): IndexMap {
  const inOrder = [...sections].sort((a, b) => a.line - b.line);
  return { version: 3, sections: inOrder.map(({ line, map }) => ({ offset: { line, column: 0 }, map })) };
}

export interface OriginalPosition {
  /** Path relative to the served folder, as a `Place` of the protocol names files. */
  readonly source: string;
  readonly line: number;
  readonly column: number;
}

const traces = new WeakMap<RawSourceMap, TraceMap>();

/** @param line from 1 @param column from 1 @returns line and column from 1; undefined where the text is not the author's */
export function originalPosition(map: RawSourceMap, line: number, column: number): OriginalPosition | undefined {
  let trace = traces.get(map);
  if (!trace) {
    trace = new TraceMap(toInput(map));
    traces.set(map, trace);
  }
  const found = originalPositionFor(trace, { line, column: column - 1 });
  if (found.source === null) return undefined;
  return { source: fileOfSource(found.source), line: found.line, column: found.column + 1 };
}

/** `/src/a%20b.ts` → `src/a b.ts`. */
function fileOfSource(source: string): string {
  try {
    return decodeURIComponent(source.replace(/^\//, ''));
  } catch {
    // URIError: a name from somebody else's map, which need not be a URL.
    return source;
  }
}

/** The packages ask for mutable arrays, which they do not change. */
function toInput({ sources, names, mappings, sourcesContent }: StepMap): {
  version: 3;
  sources: (string | null)[];
  names: string[];
  mappings: string;
  sourcesContent?: (string | null)[];
} {
  return { version: 3, sources: [...sources], names: [...names], mappings, ...(sourcesContent && { sourcesContent: [...sourcesContent] }) };
}
