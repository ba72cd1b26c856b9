/**
 * From the text of a module, as its author wrote it, to a linked factory: what is not JavaScript is compiled first, by the cheapest means
 * that can.
 */
import { HmrError } from '../errors.ts';
import { link, type Linked, type LinkOptions } from './link.ts';
import { linkCommonJs } from './link-commonjs.ts';
import { createSlices } from './slices.ts';
import { inSource } from './source-places.ts';
import { loadStripTypes } from './strip-types.ts';
import { asksForDefined, lowerSource, type Language, type Transformed } from './transform.ts';

export interface LinkSourceOptions extends LinkOptions, Language {
  readonly withMap?: boolean | undefined;
}

export interface LinkedSource {
  readonly linked: Linked;
  /** What the text was compiled to before it was linked; undefined when it was linked as it is. */
  readonly compiled: Transformed | undefined;
}

const slices = createSlices();

/** @throws HmrError with place and frame in the author's text */
export async function linkSource(source: string, options: LinkSourceOptions): Promise<LinkedSource> {
  const { file: filePath, loader, format, define, refresh } = options;
  const linkAs = format === 'commonjs' ? linkCommonJs : link;
  // JavaScript is linked as it is, unless it asks what is not there.
  const isAsIs = loader === 'js' && !refresh && !asksForDefined(source, define);
  const stripTypes = isAsIs ? undefined : await loadStripTypes();
  while (slices.isUsedUp()) await slices.next();
  const stripped = registered(stripTypes?.(source, { ...options, filePath }), options);
  if (stripped || isAsIs) {
    try {
      return { linked: linkAs(stripped?.code ?? source, options), compiled: stripped };
    } catch (error) {
      if (isGlobMistake(error)) throw inSource(error, stripTypes?.(source, { ...options, filePath, withMap: true })?.map, source);
      // HmrError, whose places are those of the code: syntax that the parser does not know yet (decorators), or a mistake.
    }
  }
  const lowered = await lowerSource(source, { ...options, filePath });
  try {
    return { linked: linkAs(lowered.code, options), compiled: lowered };
  } catch (error) {
    if (!isGlobMistake(error)) throw error;
    throw inSource(error, (await lowerSource(source, { ...options, filePath, withMap: true })).map, source);
  }
}

/** Compiling it otherwise finds the same. */
function isGlobMistake(error: unknown): error is HmrError {
  return error instanceof HmrError && error.code === 'GLOB';
}

/** With what a refresh runtime has to be told around it. */
function registered(compiled: Transformed | undefined, { refresh, file }: LinkSourceOptions): Transformed | undefined {
  const around = compiled && refresh?.wrap(compiled.code, file);
  if (!around) return compiled;
  const { before, after } = around;
  const { code, map } = compiled;
  const linesBefore = before.split('\n').length;
  return { code: `${before}\n${code}\n${after}`, map: map && { ...map, mappings: ';'.repeat(linesBefore) + map.mappings } };
}
