/**
 * Places in the author's text for errors that are found after it was compiled: the specifier that names nothing, the export that is missing.
 * Looked for in the text, not through a source map: an error should not have to compile again to say where it is.
 */
import { codeFrame, HmrError, placeAt } from '../errors.ts';
import type { LinkedSource } from './link-source.ts';
import type { Script } from './module-scripts.ts';

/** Puts an error of resolving at the specifier in the author's text, which the compiler may have moved. */
export function atSpecifier(error: HmrError, specifier: string, script: Script, filePath: string): HmrError {
  const offset = script.language ? indexOfSpecifier(script.code, specifier) : -1;
  if (offset === -1) return error;
  return new HmrError(error.code, error.message, { ...placed(script.code, offset, filePath), hint: error.hint, cause: error });
}

function placed(source: string, offset: number, filePath: string): Pick<HmrError, 'location' | 'frame'> {
  const place = placeAt(source, offset);
  return { location: { file: filePath, ...place }, frame: codeFrame(source, place.line, place.column) };
}

function indexOfSpecifier(source: string, specifier: string): number {
  for (const quote of [`'`, `"`]) {
    const at = source.search(new RegExp(`(?:from|import)\\s*${quote}${specifier.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&')}${quote}`));
    if (at !== -1) return source.indexOf(quote, at);
  }
  return -1;
}

/** Where an importer names an export; undefined when its source is not the author's. */
export function placeOfImport(
  { linked, compiled }: LinkedSource,
  script: Script,
  filePath: string,
  dep: number,
  name: string,
): Pick<HmrError, 'location' | 'frame'> | undefined {
  const named = [...linked.imports, ...linked.reexports].find((entry) => entry.dep === dep && entry.name === name);
  if (!named || !script.language) return undefined;
  const offset = compiled ? indexOfSpecifier(script.code, linked.requests[named.dep]?.specifier ?? '') : named.start;
  return offset === -1 ? undefined : placed(script.code, offset, filePath);
}
