/**
 * The shape of a text, as the compile step describes it and the runtime reads it: for tests of what counts as a change, and of which unit is
 * which.
 */
import { readShape, type Description } from '../../src/runtime/swap/patch-form.ts';
import type { Shape, SwapLevel } from '../../src/runtime/swap/shape.ts';
import { linkPatch } from '../../src/server/compile/swap/link-patch.ts';

export function shapeOf(code: string, hotswap: Exclude<SwapLevel, 'off'> = 'classes'): Shape {
  const { description } = linkPatch(code, { file: 'm.js', hotswap });
  // oxlint-disable-next-line typescript/no-implied-eval -- a description is an expression
  return readShape((new Function(`return ${description}`) as () => Description)());
}
