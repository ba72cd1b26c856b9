/**
 * Deadlines that tell everything known. Whoever starts something (a server, a child process, a page) registers how to describe its
 * state; a wait that runs out of time shows all of them, so that a failure on another machine can be understood from its output.
 */

/** Long enough for a busy machine with two cores; a test that passes never waits for it. */
export const DEADLINE_MS = 30_000;

const describers = new Map<() => string, string>();

/** @returns ends the registration */
export function registerState(name: string, describe: () => string): () => void {
  describers.set(describe, name);
  return () => void describers.delete(describe);
}

export function knownState(): string {
  const parts = [...describers].map(([describe, name]) => `--- ${name}\n${describe().trim() || '(nothing)'}`);
  return parts.length === 0 ? '(nothing is registered)' : parts.join('\n');
}

/** Rejects with all that is known when the promise takes too long, and adds it to the promise's own failure. */
export async function withDeadline<T>(promise: Promise<T>, what: string | (() => string), limitMs: number = DEADLINE_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const text = (): string => (typeof what === 'string' ? what : what());
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`Waited ${limitMs} ms for ${text()}.\n${knownState()}`)), limitMs);
  });
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

/** Lines that arrive one by one, and waiting for one that matches: in those that came already, or the next. */
export interface LineLog {
  readonly lines: readonly string[];
  add(line: string): void;
  /** @param from index of the first line to look at; default 0, pass `lines.length` for what comes after now */
  waitFor(pattern: RegExp, from?: number): Promise<string>;
}

export function createLineLog(name: string): LineLog {
  const lines: string[] = [];
  const listeners = new Set<() => void>();
  return {
    lines,
    add(line) {
      lines.push(line);
      for (const listener of listeners) listener();
    },
    waitFor(pattern, from = 0) {
      let check = (): void => {};
      const found = new Promise<string>((resolve) => {
        check = () => {
          const line = lines.slice(from).find((candidate) => pattern.test(candidate));
          if (line !== undefined) resolve(line);
        };
        listeners.add(check);
        check();
      });
      return withDeadline(found, `a line like ${String(pattern)} in ${name}`).finally(() => listeners.delete(check));
    },
  };
}
