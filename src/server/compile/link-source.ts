/**
 * From the text of a module, as its author wrote it, to a linked factory: what is not JavaScript is compiled first, by the cheapest means
 * that can.
 */
import { HmrError } from '../errors.ts';
import { link, type Linked, type LinkOptions } from './link.ts';
import { linkCommonJs } from './link-commonjs.ts';
import { createSlices } from './slices.ts';
import { linkPatch, type LinkedPatch } from './swap/link-patch.ts';
import { inSource } from './source-places.ts';
import { chainMaps, originalPosition, type RawSourceMap } from './source-map.ts';
import { levelOfFile } from './swap/hot-comment.ts';
import { loadStripTypes, type StripTypes } from './strip-types.ts';
import { asksForDefined, lowerSource, type Language, type Transformed } from './transform.ts';

export interface LinkSourceOptions extends LinkOptions, Language {
  readonly withMap?: boolean | undefined;
}

export interface LinkedSource<L = Linked> {
  readonly linked: L;
  /** What the text was compiled to before it was linked; undefined when it was linked as it is. */
  readonly compiled: Transformed | undefined;
}

const slices = createSlices();

/** @throws HmrError with place and frame in the author's text */
export async function linkSource(source: string, options: LinkSourceOptions): Promise<LinkedSource> {
  return compileAndLink(source, options, options.format === 'commonjs' ? linkCommonJs : link);
}

/** The patch form of the same text, if it is to be changed in place. @throws HmrError as `linkSource` */
export async function linkSourcePatch(source: string, options: LinkSourceOptions): Promise<LinkedSource<LinkedPatch | undefined>> {
  // With a map, since what cannot be changed in place is told with the author's line.
  return compileAndLink(source, { ...options, withMap: true }, (code, linkOptions, map) => {
    if (linkOptions.hotswap === 'off') return undefined;
    return linkPatch(code, { ...linkOptions, lineOf: map && ((line, column) => originalPosition(map, line, column)?.line) });
  });
}

export type LinkAs<L> = (code: string, options: LinkOptions, map?: RawSourceMap) => L;

/** As another form than the page's. @throws HmrError as `linkSource` */
export async function compileAndLink<L>(source: string, given: LinkSourceOptions, linkAs: LinkAs<L>): Promise<LinkedSource<L>> {
  const options = { ...given, hotswap: levelOfFile(source, given.hotswap) };
  const { file: filePath, loader, define, refresh } = options;
  // JavaScript is linked as it is, unless it asks what is not there, or there is something to register in it.
  const isPlain = loader === 'js' && !asksForDefined(source, define);
  const stripTypes = isPlain && !refresh ? undefined : await loadStripTypes();
  while (slices.isUsedUp()) await slices.next();
  const own = stripTypes?.(source, { ...options, filePath });
  // All of one kind of work before all of the other: taken in turns, they push each other out of the processor's caches (100 ms in a thousand modules).
  if (own && slices.isAwaited()) await slices.next();
  const marked = registered(own, options);
  const stripped = marked ?? (isPlain ? undefined : own);
  const isAsIs = isPlain && !marked;
  if (stripped || isAsIs) {
    try {
      return { linked: linkAs(stripped?.code ?? source, options, stripped?.map), compiled: stripped };
    } catch (error) {
      if (isGlobMistake(error)) throw inSource(error, stripTypes?.(source, { ...options, filePath, withMap: true })?.map, source);
      // HmrError, whose places are those of the code: syntax that the parser does not know yet (decorators), or a mistake.
    }
  }
  const lowered = await lower(source, options, stripTypes);
  try {
    return { linked: linkAs(lowered.code, options, lowered.map), compiled: lowered };
  } catch (error) {
    if (!isGlobMistake(error)) throw error;
    throw inSource(error, (await lower(source, { ...options, withMap: true }, stripTypes)).map, source);
  }
}

/** Compiling it otherwise finds the same. */
function isGlobMistake(error: unknown): error is HmrError {
  return error instanceof HmrError && error.code === 'GLOB';
}

/** esbuild does not mark components: of modules that have any, it gets what is left when that is done. */
async function lower(source: string, options: LinkSourceOptions, stripTypes: StripTypes | undefined): Promise<Transformed> {
  const { file: filePath, loader, refresh, tsconfigRaw } = options;
  const marked = refresh && registered(stripTypes?.(source, { ...options, filePath, isFirstStep: true }), options);
  if (!marked) return lowerSource(source, { ...options, filePath });
  // Fields and decorators are TypeScript's still. Imports that only types used are gone.
  const compilerOptions = { ...tsconfigRaw.compilerOptions, verbatimModuleSyntax: true };
  const rest = {
    ...options,
    filePath,
    loader: loader === 'ts' || loader === 'tsx' ? 'ts' : 'js',
    tsconfigRaw: { compilerOptions },
  } as const;
  try {
    const { code, map } = await lowerSource(marked.code, rest);
    return { code, map: map && marked.map && chainMaps(map, marked.map) };
  } catch {
    // HmrError, whose place is that of the first step's code: of the author's, it says where the mistake is.
    return lowerSource(source, { ...options, filePath });
  }
}

/** With what a refresh runtime has to be told around it; undefined: there is nothing to tell. */
function registered(compiled: Transformed | undefined, { refresh, file }: LinkSourceOptions): Transformed | undefined {
  const around = compiled && refresh?.wrap(compiled.code, file);
  if (!around) return undefined;
  const { before, after } = around;
  const { code, map } = compiled;
  const linesBefore = before.split('\n').length;
  return { code: `${before}\n${code}\n${after}`, map: map && { ...map, mappings: ';'.repeat(linesBefore) + map.mappings } };
}
