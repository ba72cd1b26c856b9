import type { State } from '@/model/state';

export interface History {
  readonly past: readonly State[];
  readonly present: State;
  readonly future: readonly State[];
}

const LIMIT = 100;

export const createHistory = (present: State): History => ({ past: [], present, future: [] });

/** Only a change of the board is a step that can be undone; a filter is not. */
export function remember(history: History, next: State): History {
  if (next.board === history.present.board) return { ...history, present: next };
  return { past: [...history.past, history.present].slice(-LIMIT), present: next, future: [] };
}

export function undo({ past, present, future }: History): History {
  const previous = past.at(-1);
  return previous ? { past: past.slice(0, -1), present: previous, future: [present, ...future] } : { past, present, future };
}

export function redo({ past, present, future }: History): History {
  const [next, ...rest] = future;
  return next ? { past: [...past, present], present: next, future: rest } : { past, present, future };
}
