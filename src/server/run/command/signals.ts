/**
 * Signals are the program's: the first is handed on, and what the program does with it decides how this process ends. A second one ends both at once, for
 * who does not want to wait. What is typed in a terminal reaches the program from there.
 */

export interface Signals {
  /** The first that came. */
  readonly requested: NodeJS.Signals | undefined;
  /** Ends this process as the program has ended. */
  end(code: number | null, signal: NodeJS.Signals | null): void;
}

export interface SignalsOptions {
  /** Ctrl-C there reaches all processes in it. */
  readonly isTerminal: boolean;
  /** The program gets the first; undefined when the terminal has sent it. @returns false when none runs: that ends this process */
  readonly send: (signal: NodeJS.Signals | undefined) => boolean;
  /** Ends all processes at once. */
  readonly kill: () => void;
  readonly now?: () => number;
}

/** A terminal that closes tells the leader of the session only, which may be this process. */
const FROM_TERMINAL: ReadonlySet<NodeJS.Signals> = new Set(['SIGINT']);
const FORWARDED: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** npm hands on what the terminal has sent already. */
const SAME_MS = 100;

export function catchSignals({ isTerminal, send, kill, now = () => performance.now() }: SignalsOptions): Signals {
  let requested: NodeJS.Signals | undefined;
  let requestedAt = 0;

  const end: Signals['end'] = (code, signal) => {
    if (signal === null) process.exit(code ?? 0);
    for (const name of FORWARDED) process.removeAllListeners(name);
    // So that a shell sees what it would see of the program.
    process.kill(process.pid, signal);
  };
  const received = (signal: NodeJS.Signals): void => {
    if (requested === undefined) {
      requested = signal;
      requestedAt = now();
      if (send(isTerminal && FROM_TERMINAL.has(signal) ? undefined : signal)) return;
      kill();
      end(null, signal);
    } else if (signal !== requested || now() - requestedAt > SAME_MS) {
      kill();
      end(null, signal);
    }
  };
  for (const name of FORWARDED) process.on(name, received);
  return {
    get requested() {
      return requested;
    },
    end,
  };
}
