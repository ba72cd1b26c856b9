import { Board } from '@/components/board';
import { FilterBar } from '@/components/filter-bar';
import { Header } from '@/components/header';
import { Fragment, h } from '@/jsx/factory';
import { patch } from '@/jsx/patch';
import { StatisticsSlot } from '@/panels/statistics-slot';
import type { Store } from '@/store/store';

/** Draws the whole program. Called after every change, and after every hot update. */
export function render(root: Element, store: Store): void {
  const { board, filter, panel } = store.state;
  patch(root, [
    <Header board={board} history={store.history} dispatch={store.dispatch} />,
    <FilterBar filter={filter} dispatch={store.dispatch} />,
    <>
      <Board board={board} filter={filter} dispatch={store.dispatch} />
      {panel === 'statistics' && <StatisticsSlot board={board} redraw={store.onChange} />}
    </>,
  ]);
}
