/**
 * What a version wants done when it is replaced (`onHotReload`). Each hook is guarded and has a limit, so that one that fails or hangs keeps
 * neither the others nor the next save waiting. Last made, first undone: what was opened later may need what was opened before.
 */
import { runOutside } from './token.ts';

export interface HookOptions {
  /** Before the new version runs, for what cannot be open twice; default: after it has taken over. */
  readonly before?: boolean;
}

export interface Hooks {
  /** @returns takes it out again */
  add(hook: () => unknown, options?: HookOptions): () => void;
  readonly hasBefore: boolean;
  /** Runs each once, those of `when` only. @returns what went wrong */
  run(when: 'before' | 'all'): Promise<unknown[]>;
}

interface Entry {
  readonly hook: () => unknown;
  readonly before: boolean;
}

export function createHooks(limitMs: number): Hooks {
  const entries = new Set<Entry>();
  return {
    add(hook, { before = false } = {}) {
      const entry = { hook, before };
      entries.add(entry);
      return () => void entries.delete(entry);
    },
    get hasBefore() {
      return [...entries].some(({ before }) => before);
    },
    async run(when) {
      const errors: unknown[] = [];
      for (const entry of [...entries].toReversed()) {
        if (when === 'before' && !entry.before) continue;
        // One that ran before it has been taken out by another is none.
        if (!entries.delete(entry)) continue;
        await guarded(entry.hook, limitMs).catch((error: unknown) => errors.push(error));
      }
      return errors;
    },
  };
}

/** A hook is outside of its version, which is gone: it may wait by a timer. */
function guarded(hook: () => unknown, limitMs: number): Promise<unknown> {
  return runOutside(() => {
    let limit: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      limit = setTimeout(() => reject(new Error(`A hook of onHotReload has not ended after ${limitMs} ms.`)), limitMs);
    });
    const run = new Promise((resolve) => {
      resolve(hook());
    });
    return Promise.race([run, late]).finally(() => clearTimeout(limit));
  });
}
