/**
 * `// @hot closures` among the comments that a file begins with: how much of this one file is changed in place. Read from the author's text,
 * since comments do not outlive every way of compiling.
 */
import { SWAP_LEVELS, type SwapLevel } from '../../../runtime/swap/shape.ts';

const COMMENTS = /^(?:#!.*)?(?:\s|\/\/.*|\/\*[^]*?\*\/)*/;
const HOT = new RegExp(`(?:^|[\\s/*])@hot[ \\t]+(${SWAP_LEVELS.join('|')})(?![\\w-])`, 'm');

/** @param level what holds for the program; undefined where nothing is ever changed in place, whatever a file says */
export function levelOfFile(source: string, level: SwapLevel | undefined): SwapLevel | undefined {
  if (level === undefined || !source.includes('@hot')) return level;
  const [comments = ''] = COMMENTS.exec(source) ?? [];
  return (HOT.exec(comments)?.[1] as SwapLevel | undefined) ?? level;
}
