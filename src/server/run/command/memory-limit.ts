/**
 * `--memory-limit`: a process that holds more than that is replaced by another one, which takes over its ports. For programs that leak, or whose
 * packages do: it is looked at after each reload and every few seconds.
 */
export interface MemoryLimitOptions {
  readonly limitBytes: number;
  /** Resident set, in bytes. */
  readonly usedBytes: () => number;
  readonly restart: (why: string) => void;
  readonly warn: (message: string, hint: string) => void;
  /** Calls again and again, and keeps no process alive. */
  readonly every: (ms: number, run: () => void) => void;
}

export interface MemoryLimit {
  /** The first version of this process has taken over. */
  begin(): void;
  /** Another one has. */
  look(): void;
}

const MEGABYTE = 1024 * 1024;
const INTERVAL_MS = 5_000;
/** Of the limit: who has as much at the start would be replaced again and again. */
const ROOM = 0.9;

export function createMemoryLimit({ limitBytes, usedBytes, restart, warn, every }: MemoryLimitOptions): MemoryLimit {
  let isOver = true;
  const look = (): void => {
    if (isOver || usedBytes() <= limitBytes) return;
    isOver = true;
    restart(`${Math.round(usedBytes() / MEGABYTE)} MB of memory`);
  };
  return {
    begin() {
      const used = usedBytes();
      isOver = used > limitBytes * ROOM;
      if (isOver) {
        warn(
          `The program takes ${Math.round(used / MEGABYTE)} MB from the start; the limit of ${Math.round(limitBytes / MEGABYTE)} MB is not heeded.`,
          'Give --memory-limit more.',
        );
      } else every(INTERVAL_MS, look);
    },
    look,
  };
}
