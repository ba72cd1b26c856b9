/**
 * From the text of a module, as its author wrote it, to a linked factory: what is not JavaScript is compiled first, by the cheapest means
 * that can.
 */
import { link, type Linked, type LinkOptions } from './link.ts';
import { createSlices } from './slices.ts';
import { stripTypes } from './strip-types.ts';
import { lowerSource, type Language, type Transformed } from './transform.ts';

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
  const { file: filePath, loader, tsconfigRaw, withMap } = options;
  const transformOptions = { filePath, loader, tsconfigRaw, withMap };
  const stripped = loader === 'js' ? undefined : await stripTypes(source, transformOptions);
  if (stripped || loader === 'js') {
    while (slices.isUsedUp()) await slices.next();
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
