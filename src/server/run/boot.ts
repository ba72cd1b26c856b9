/**
 * When a new version takes over: when its evaluation has settled and no `listen` is pending. Two programs need more. One whose evaluation never
 * settles is taken as ready some time after it listens. One that listens later (`main()` without `await`, which connects to a database first) is
 * waited for while its predecessor still has the port, since everything of the predecessor ends with the commit.
 */
import { runOutside } from './ownership/token.ts';

export interface BootLimits {
  /** From the first `listen` to the commit, if the evaluation does not settle. */
  readonly settleMs: number;
  /** From the end of the evaluation to the commit, if the version does not listen and the one before does. */
  readonly listenMs: number;
}

export interface BootOptions {
  readonly limits: BootLimits;
  isListening(): boolean;
  predecessorListens(): boolean;
  commit(): void;
  fail(error: unknown): void;
}

export interface Boot {
  settled(): void;
  listenCalled(server: object): void;
  listenEnded(server: object, error?: unknown): void;
  /** It has been decided by somebody else. */
  end(): void;
}

export function createBoot({ limits, isListening, predecessorListens, commit, fail }: BootOptions): Boot {
  const pending = new Set<object>();
  let isOver = false;
  let isSettled = false;
  let failure: { readonly error: unknown } | undefined;
  let timer: NodeJS.Timeout | undefined;

  const end = (): void => {
    isOver = true;
    clearTimeout(timer);
  };
  const finish = (decide: () => void): void => {
    if (isOver) return;
    end();
    decide();
  };
  const commitAfter = (limitMs: number): void => {
    timer ??= runOutside(() => setTimeout(() => finish(commit), limitMs));
  };
  const decide = (): void => {
    if (isOver || pending.size > 0) return;
    if (failure !== undefined) {
      const { error } = failure;
      if (isSettled) finish(() => fail(error));
    } else if (!isSettled) {
      if (isListening()) commitAfter(limits.settleMs);
    } else if (isListening() || !predecessorListens()) finish(commit);
    else {
      clearTimeout(timer);
      timer = undefined;
      commitAfter(limits.listenMs);
    }
  };
  // Errors of what the program has begun come first: in ticks, as rejections, or in promises that make another try at a port.
  const decideSoon = (): void => {
    runOutside(() => setImmediate(decide));
  };
  return {
    settled() {
      isSettled = true;
      decideSoon();
    },
    listenCalled(server) {
      // Who tries another port after a failure has dealt with it.
      failure = undefined;
      pending.add(server);
    },
    listenEnded(server, error) {
      if (!pending.delete(server)) return;
      if (error !== undefined) failure = { error };
      decideSoon();
    },
    end,
  };
}
