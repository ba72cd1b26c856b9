/**
 * The option `hotswap`: how much of a module is changed in place, and whether also where nobody is told of it. Resolved it is text again, as on
 * the command line, so that resolved options can be options.
 */
import type { HmrError } from '../errors.ts';
import { SWAP_LEVELS, type SwapLevel } from '../../runtime/swap/shape.ts';

const ALWAYS = 'always';

type Word = SwapLevel | typeof ALWAYS;

/** A level, `always`, or both as in `closures,always`. */
export type HotswapOption = Word | `${SwapLevel},${typeof ALWAYS}`;

export interface Hotswap {
  readonly level: SwapLevel;
  /** Also where nobody is told of it. */
  readonly isAlways: boolean;
}

/** @throws HmrError `OPTION` */
export function toHotswap(value: unknown, wrong: (flag: string, expected: string, value: unknown) => HmrError): HotswapOption {
  const words = typeof value === 'string' ? value.split(',').map((word) => word.trim()) : [];
  const levels = words.filter((word) => word !== ALWAYS);
  const level = SWAP_LEVELS.find((candidate) => candidate === (levels[0] ?? 'classes'));
  if (words.length === 0 || levels.length > 1 || level === undefined)
    throw wrong('hotswap', `${SWAP_LEVELS.join(', ')} or ${ALWAYS}`, value);
  return words.includes(ALWAYS) ? `${level},${ALWAYS}` : level;
}

export function readHotswap(option: HotswapOption): Hotswap {
  const words = option.split(',');
  return { level: SWAP_LEVELS.find((level) => words.includes(level)) ?? 'classes', isAlways: words.includes(ALWAYS) };
}
