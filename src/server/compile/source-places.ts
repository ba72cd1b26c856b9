/**
 * Places in the author's text for errors that are found after it was compiled: the specifier that names nothing, the export that is missing.
 * Looked for in the text, not through a source map: an error should not have to compile again to say where it is.
 */
import { codeFrame, HmrError, placeAt } from '../errors.ts';
import type { Linked } from './link.ts';
import { originalPosition, type RawSourceMap } from './source-map.ts';

/** Puts an error of resolving at the specifier in the author's text, which the compiler may have moved. */
export function atSpecifier(
  error: HmrError,
  specifier: string,
  script: { readonly code: string; readonly language: unknown },
  filePath: string,
): HmrError {
  const offset = script.language ? indexOfSpecifier(script.code, specifier) : -1;
  if (offset === -1) return error;
  return new HmrError(error.code, error.message, { ...placed(script.code, offset, filePath), hint: error.hint, cause: error });
}

/** For an error at an offset. */
export function placed(source: string, offset: number, filePath: string): Pick<HmrError, 'location' | 'frame'> {
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

/** Moves the place of an error to the author's text. @param map of what it was compiled to; undefined: it was not */
export function inSource(error: HmrError, map: RawSourceMap | undefined, source: string): HmrError {
  const { location, code, message, hint } = error;
  const place = map && location && originalPosition(map, location.line, location.column);
  if (!place) return error;
  const { line, column } = place;
  return new HmrError(code, message, {
    location: { ...location, line, column },
    frame: codeFrame(source, line, column),
    hint,
    cause: error,
  });
}

/** Where an importer names an export. @param source the author's; whether it was compiled to something else before it was linked */
export function placeOfImport(
  linked: Pick<Linked, 'requests' | 'imports' | 'reexports'>,
  source: { readonly code: string; readonly isCompiled: boolean },
  filePath: string,
  dep: number,
  name: string,
): Pick<HmrError, 'location' | 'frame'> | undefined {
  const named = [...linked.imports, ...linked.reexports].find((entry) => entry.dep === dep && entry.name === name);
  if (!named) return undefined;
  const request = linked.requests[named.dep];
  const find = (): number =>
    request?.isGlobbed ? source.code.indexOf('import.meta.glob') : indexOfSpecifier(source.code, request?.specifier ?? '');
  const offset = source.isCompiled ? find() : named.start;
  return offset === -1 ? undefined : placed(source.code, offset, filePath);
}
