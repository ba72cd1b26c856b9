/**
 * From the text of a module, as its author wrote it, to a linked factory: what is not JavaScript is compiled first, by the cheapest means
 * that can.
 */
import { link, type Linked, type LinkOptions } from './link.ts';
import { linkCommonJs } from './link-commonjs.ts';
import { stripTypes } from './strip-types.ts';
import { NODE_ENV, lowerSource, type Language, type Transformed } from './transform.ts';

export interface LinkSourceOptions extends LinkOptions, Language {
  readonly withMap?: boolean | undefined;
}

export interface LinkedSource {
  readonly linked: Linked;
  /** What the text was compiled to before it was linked; undefined when it was linked as it is. */
  readonly compiled: Transformed | undefined;
}

/** @throws HmrError with place and frame in the author's text */
export async function linkSource(source: string, options: LinkSourceOptions): Promise<LinkedSource> {
  const { file: filePath, loader, tsconfigRaw, format, withMap } = options;
  const transformOptions = { filePath, loader, tsconfigRaw, format, withMap };
  // JavaScript is linked as it is, unless it asks what is not there.
  const isAsIs = loader === 'js' && !source.includes(NODE_ENV);
  const stripped = isAsIs ? undefined : await stripTypes(source, transformOptions);
  if (format === 'commonjs') {
    const compiled = isAsIs ? undefined : (stripped ?? (await lowerSource(source, transformOptions)));
    return { linked: linkCommonJs(compiled?.code ?? source, filePath), compiled };
  }
  if (stripped || isAsIs) {
    const linked = attempt(stripped?.code ?? source, options);
    if (linked) return { linked, compiled: stripped };
  }
  // Syntax that the parser does not know yet (decorators), or a mistake, which this explains better.
  const lowered = await lowerSource(source, transformOptions);
  return { linked: link(lowered.code, options), compiled: lowered };
}

function attempt(code: string, options: LinkOptions): Linked | undefined {
  try {
    return link(code, options);
  } catch {
    return undefined; // HmrError, whose places are those of the code.
  }
}
