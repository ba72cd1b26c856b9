/**
 * The source map at the end of a text that a plugin made, taken off: the text is then the same for every source that compiles to it, so that an
 * edit of a component's style is no update of its script.
 */
import type { RawSourceMap } from './source-map.ts';

export interface Mapped {
  readonly code: string;
  /** From `code` to what its author wrote. */
  readonly map: RawSourceMap | undefined;
}

const COMMENT = /\n?\/\/# sourceMappingURL=data:application\/json;(?:charset=[\w-]+;)?base64,([\w+/=]+)[ \t]*/g;

export function takeInlineMap(text: string): Mapped {
  const last = text.includes('sourceMappingURL=data:') ? [...text.matchAll(COMMENT)].at(-1) : undefined;
  if (!last) return { code: text, map: undefined };
  // Lines stay where they were.
  const code = text.slice(0, last.index) + (last[0].startsWith('\n') ? '\n' : '') + text.slice(last.index + last[0].length);
  return { code, map: parse(last[1] ?? '') };
}

/** For comparing: browsers show the map of a sheet in their tools, but to a page it is nothing. */
export function withoutCssMap(css: string): string {
  return css.replace(/\/\*# sourceMappingURL=data:[^*]*\*\//g, '');
}

function parse(base64: string): RawSourceMap | undefined {
  try {
    const map = JSON.parse(Buffer.from(base64, 'base64').toString()) as Partial<RawSourceMap>;
    if (typeof map.mappings !== 'string' || !Array.isArray(map.sources) || map.sources.length === 0) return undefined;
    return { version: 3, ...map, sources: map.sources, names: map.names ?? [], mappings: map.mappings };
  } catch {
    return undefined; // SyntaxError: a debugger could not read it either.
  }
}
