/**
 * Ends the process in an orderly way, once: on the first request everything is closed, in a bounded time; a second request (an impatient
 * Ctrl-C) ends it at once. Exit codes are the shell's, 128 plus the number of the signal. `process.exit` is called even after a
 * clean close, since a library that keeps a handle open must not keep the terminal.
 */

export interface ShutdownOptions {
  /** Gives everything back; may be called while the server is still starting. */
  readonly close: () => Promise<void>;
  readonly exit?: (code: number) => void;
  readonly limitMs?: number;
}

export interface Shutdown {
  request(code: number): void;
  /** Stops listening for signals. */
  dispose(): void;
}

const SIGNALS: readonly (readonly [NodeJS.Signals, number])[] = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
];

export function createShutdown({ close, exit = (code) => process.exit(code), limitMs = 3000 }: ShutdownOptions): Shutdown {
  let requested = false;
  const request = (code: number): void => {
    if (requested) {
      exit(code);
      return;
    }
    requested = true;
    const limit = setTimeout(() => exit(code), limitMs);
    const end = (): void => {
      clearTimeout(limit);
      exit(code);
    };
    // A failure to close something changes nothing about what was asked for; the end of the process closes it.
    void close().then(end, end);
  };
  const listeners = SIGNALS.map(([signal, code]) => [signal, () => request(code)] as const);
  for (const [signal, listener] of listeners) process.on(signal, listener);
  return {
    request,
    dispose() {
      for (const [signal, listener] of listeners) process.off(signal, listener);
    },
  };
}
