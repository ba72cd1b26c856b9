/**
 * From hints to facts. What a watcher reports is a hint that is early (the file is empty between truncate and write), doubled, or
 * missing (a second save inside a throttle); what holds is the file itself. So every hint leads to a look at the file, every report to
 * a second look, until two looks agree. The first look is at once, since waiting until a file is quiet would delay every save.
 *
 *     hint ─► look ─┬─ as known ───────────────────────► settled
 *              ▲    ├─ empty, gone: wait, look again ──► believed after 100 ms
 *              │    └─ differs: report ─┐
 *              └──── after 60 ms ◄──────┘  (10 ms after a further hint)
 */
import fs from 'node:fs/promises';
import { systemClock, type Clock } from './clock.ts';

export type FileEventKind = 'add' | 'change' | 'unlink';

export interface FileEvent {
  readonly filePath: string;
  readonly kind: FileEventKind;
  /** When its first hint came, on the clock's scale. */
  readonly at: number;
  /** How many files are being looked at for the first time, as of the call: most of them are about to be told of. */
  readonly pending: () => number;
}

/** What differs when the content may differ. `ino` tells an atomic rename, `ctimeMs` a restored mtime. */
export interface Fingerprint {
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly sizeBytes: number;
  readonly ino: number;
}

export interface SettlerOptions {
  readonly onChange: (event: FileEvent) => void;
  /** Null for what is not there or not a file. */
  readonly statFile?: ((filePath: string) => Promise<Fingerprint | null>) | undefined;
  readonly clock?: Clock | undefined;
  /** From a report to the second look. */
  readonly settleMs?: number | undefined;
  /** From a further hint after a report to the second look, where that is sooner. */
  readonly quietMs?: number | undefined;
  /** How long an empty file may be about to be written, and a missing one to be replaced. */
  readonly patienceMs?: number | undefined;
}

export interface Settler {
  /** The file is there and the program knows of it. */
  seed(filePath: string): void;
  /** The system says that the file was written: reported even if it looks as before (two writes within one tick of its clock). */
  written(filePath: string): void;
  /** The file may have come, changed or gone. */
  recheck(filePath: string): void;
  /** The same for every known file in a folder, at any depth. */
  recheckUnder(folder: string): void;
  close(): void;
}

interface Look {
  readonly filePath: string;
  /** `queued` and `looking` before the first result; then waiting for content, or for the second look. */
  phase: 'queued' | 'looking' | 'waiting' | 'settling';
  /** When the first hint came that no report has answered yet. */
  at: number | undefined;
  isWritten: boolean;
  /** A hint came since the look began. */
  isHinted: boolean;
  /** When the file was first found empty or missing. */
  doubtedSince: number | undefined;
  /** When the second look is due at the latest. */
  deadline: number;
  cancel: () => void;
}

export function createSettler(options: SettlerOptions): Settler {
  const { onChange, statFile = fingerprintOf, clock = systemClock, settleMs = 60, quietMs = 10, patienceMs = 100 } = options;
  /** Null: known from a listing, not looked at yet. */
  const known = new Map<string, Fingerprint | null>();
  const looks = new Map<string, Look>();
  let pending = 0;
  let isClosed = false;

  const plan = (look: Look, delayMs: number): void => {
    look.cancel();
    look.cancel = clock.schedule(() => void examine(look), delayMs);
  };
  const hint = (filePath: string, isWritten: boolean): void => {
    if (isClosed) return;
    const look = looks.get(filePath) ?? begin(filePath);
    look.isWritten ||= isWritten;
    look.isHinted = true;
    look.at ??= clock.now();
    if (look.phase === 'waiting') plan(look, 0);
    if (look.phase === 'settling') plan(look, Math.min(quietMs, Math.max(0, look.deadline - clock.now())));
  };
  const begin = (filePath: string): Look => {
    const state = { isWritten: false, isHinted: false, at: undefined, doubtedSince: undefined, deadline: 0 };
    const look: Look = { filePath, phase: 'queued', ...state, cancel: () => undefined };
    looks.set(filePath, look);
    pending++;
    // Hints that were read together (truncate and write) lead to one look.
    plan(look, 0);
    return look;
  };
  const examine = async (look: Look): Promise<void> => {
    const { isWritten, phase } = look;
    look.phase = 'looking';
    look.isWritten = false;
    look.isHinted = false;
    const found = await statFile(look.filePath);
    if (phase === 'queued') pending--;
    if (isClosed) return;
    const isDoubtful = found === null ? known.has(look.filePath) : found.sizeBytes === 0 && known.get(look.filePath)?.sizeBytes !== 0;
    if (isDoubtful && isWorthWaiting(look)) {
      look.isWritten ||= isWritten;
      look.phase = 'waiting';
      plan(look, look.isHinted ? 0 : (look.doubtedSince ?? 0) + patienceMs - clock.now());
      return;
    }
    look.doubtedSince = undefined;
    conclude(look, found, isWritten);
  };
  const isWorthWaiting = (look: Look): boolean => {
    look.doubtedSince ??= clock.now();
    return clock.now() - look.doubtedSince < patienceMs;
  };
  const conclude = (look: Look, found: Fingerprint | null, isWritten: boolean): void => {
    const { filePath, at = clock.now() } = look;
    const before = known.get(filePath);
    if (found) known.set(filePath, found);
    else known.delete(filePath);
    const kind = kindOf(before, found, isWritten);
    const now = clock.now();
    if (kind !== undefined) look.deadline = now + settleMs;
    if (!look.isHinted && look.deadline <= now) {
      looks.delete(filePath);
      return;
    }
    look.phase = 'settling';
    look.at = look.isHinted ? now : undefined;
    plan(look, look.isHinted ? quietMs : look.deadline - now);
    if (kind !== undefined) onChange({ filePath, kind, at, pending: () => pending });
  };

  return {
    seed(filePath) {
      if (!known.has(filePath)) known.set(filePath, null);
    },
    written: (filePath) => hint(filePath, true),
    recheck: (filePath) => hint(filePath, false),
    recheckUnder(folder) {
      for (const filePath of known.keys()) {
        if (filePath.startsWith(folder) && /[\\/]/.test(filePath.charAt(folder.length))) hint(filePath, false);
      }
    },
    close() {
      isClosed = true;
      for (const look of looks.values()) look.cancel();
      looks.clear();
    },
  };
}

function kindOf(before: Fingerprint | null | undefined, found: Fingerprint | null, isWritten: boolean): FileEventKind | undefined {
  if (found === null) return before === undefined ? undefined : 'unlink';
  if (before === undefined) return 'add';
  return isWritten || before === null || !isSame(before, found) ? 'change' : undefined;
}

function isSame(a: Fingerprint, b: Fingerprint): boolean {
  return a.mtimeMs === b.mtimeMs && a.ctimeMs === b.ctimeMs && a.sizeBytes === b.sizeBytes && a.ino === b.ino;
}

/** Follows links: what counts is the content that would be served. */
async function fingerprintOf(filePath: string): Promise<Fingerprint | null> {
  try {
    const stats = await fs.stat(filePath);
    return stats.isFile() ? { mtimeMs: stats.mtimeMs, ctimeMs: stats.ctimeMs, sizeBytes: stats.size, ino: stats.ino } : null;
  } catch {
    // ENOENT, or a path that cannot be looked at (EACCES, ELOOP): either way it cannot be served.
    return null;
  }
}
