import { h } from '@/jsx/factory';
import type { Child } from '@/jsx/node';
import type { Board } from '@/model/board';

interface StatisticsSlotProps {
  readonly board: Board;
  readonly redraw: () => void;
}

type Panel = typeof import('./statistics');

let loaded: Panel | undefined;

/** Loads the panel when it is first wanted, and draws it once it is there. */
export function StatisticsSlot({ board, redraw }: StatisticsSlotProps): Child {
  if (loaded) return <loaded.Statistics board={board} />;
  void import('./statistics').then((panel) => {
    loaded = panel;
    redraw();
  });
  return <aside class="panel">Loading…</aside>;
}
