/**
 * Places in the author's text for errors that are found after it was compiled: the specifier that names nothing, the export that is missing.
 */
import { codeFrame, HmrError, placeAt } from '../errors.ts';
import type { Linked } from './link.ts';
import type { Script } from './module-scripts.ts';

/** Puts an error of resolving at the specifier in the author's text, which the compiler may have moved. */
export function atSpecifier(error: HmrError, specifier: string, script: Script, filePath: string): HmrError {
  const { source } = script;
  const offset = source === undefined ? -1 : indexOfSpecifier(source, specifier);
  if (source === undefined || offset === -1) return error;
  const place = placeAt(source, offset);
  return new HmrError(error.code, error.message, {
    location: { file: filePath, ...place },
    frame: codeFrame(source, place.line, place.column),
    hint: error.hint,
    cause: error,
  });
}

function indexOfSpecifier(source: string, specifier: string): number {
  for (const quote of [`'`, `"`]) {
    const at = source.search(new RegExp(`(?:from|import)\\s*${quote}${specifier.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&')}${quote}`));
    if (at !== -1) return source.indexOf(quote, at);
  }
  return -1;
}

/** Where an importer names an export; undefined when its source is not the author's. */
export function placeOfImport(linked: Linked, script: Script, filePath: string, dep: number, name: string): HmrError['location'] {
  const named = [...linked.imports, ...linked.reexports].find((entry) => entry.dep === dep && entry.name === name);
  if (!named || script.source === undefined) return undefined;
  if (script.code === script.source) return { file: filePath, ...placeAt(script.source, named.start) };
  const specifier = linked.requests[named.dep]?.specifier ?? '';
  const offset = indexOfSpecifier(script.source, specifier);
  return offset === -1 ? undefined : { file: filePath, ...placeAt(script.source, offset) };
}
