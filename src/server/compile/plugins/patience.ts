/**
 * An end to waiting for a plugin. One that takes long is named, since nothing else says why a page does not come; one that hangs fails, since what
 * waits for it is also what tells pages of every later save.
 */

export interface Patience {
  /** Both in milliseconds. */
  readonly warnMs: number;
  readonly failMs: number;
}

/** Longer than any compiler takes for one file, also a cold one. */
export const PATIENCE: Patience = { warnMs: 10_000, failMs: 60_000 };

/** @param onSlow after `warnMs` @param toError what it rejects with after `failMs` */
export async function withPatience<T>(
  work: Promise<T>,
  { warnMs, failMs }: Patience,
  onSlow: (seconds: number) => void,
  toError: (seconds: number) => Error,
): Promise<T> {
  const timers: NodeJS.Timeout[] = [];
  const end = new Promise<never>((_, reject) => {
    timers.push(setTimeout(() => onSlow(warnMs / 1000), warnMs).unref());
    timers.push(setTimeout(() => reject(toError(failMs / 1000)), failMs).unref());
  });
  try {
    return await Promise.race([work, end]);
  } finally {
    for (const timer of timers) clearTimeout(timer);
  }
}
