/**
 * From the text of a module to its linked form, at once: for `require`, which cannot wait. Slower where esbuild has to help (a process for each
 * call), so that whatever can wait takes `link-source`.
 */
import { HmrError } from '../errors.ts';
import type { LinkAs, LinkedSource, LinkSourceOptions } from './link-source.ts';
import { stripTypesSync } from './strip-types.ts';
import { asksForDefined, lowerSourceSync } from './transform.ts';

/** @throws HmrError with place and frame */
export function linkSourceSync<L>(source: string, options: LinkSourceOptions, linkAs: LinkAs<L>): LinkedSource<L> {
  const { file: filePath, loader, define } = options;
  const isPlain = loader === 'js' && !asksForDefined(source, define);
  const stripped = isPlain ? undefined : stripTypesSync(source, { ...options, filePath });
  if (isPlain || stripped) {
    try {
      return { linked: linkAs(stripped?.code ?? source, options), compiled: stripped };
    } catch (error) {
      // Syntax that the parser does not know yet, or a mistake: both are esbuild's.
      if (!(error instanceof HmrError)) throw error;
    }
  }
  const lowered = lowerSourceSync(source, { ...options, filePath });
  return { linked: linkAs(lowered.code, options), compiled: lowered };
}
