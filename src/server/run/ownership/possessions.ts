/**
 * All that one version owns beside its addresses. Given back in one step when it is replaced, fails or is abandoned; what its code
 * makes after that is given back at once, by its token.
 */
import { createHooks, type Hooks } from './hooks.ts';
import { createOwnedListeners, type OwnedListeners } from './listeners.ts';
import { createOwnedTimers, type OwnedTimers } from './owned-timers.ts';
import type { Token } from './token.ts';

export interface Possessions {
  readonly token: Token;
  readonly timers: OwnedTimers;
  readonly listeners: OwnedListeners;
  readonly hooks: Hooks;
  /** Counts what has no name, as caches: the second of one version is the second of the next. */
  ordinal(kind: string): number;
  /** Timers and listeners; hooks have their own time. */
  letGo(): void;
}

export function createPossessions(version: number, hookMs: number): Possessions {
  const token: Token = { version, phase: 'booting' };
  const timers = createOwnedTimers();
  const listeners = createOwnedListeners();
  const counts = new Map<string, number>();
  return {
    token,
    timers,
    listeners,
    hooks: createHooks(hookMs),
    ordinal(kind) {
      const count = counts.get(kind) ?? 0;
      counts.set(kind, count + 1);
      return count;
    },
    letGo() {
      token.phase = 'gone';
      timers.clear();
      listeners.clear();
    },
  };
}
