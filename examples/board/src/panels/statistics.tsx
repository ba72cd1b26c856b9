import { h } from '@/jsx/factory';
import type { Child } from '@/jsx/node';
import type { Board } from '@/model/board';
import { nameOf } from '@/model/priority';
import { sharesByColumn, sharesByPriority } from '@/model/selectors';
import { Bars } from './bars';

export function Statistics({ board }: { readonly board: Board }): Child {
  return (
    <aside class="panel">
      <h2>Statistics</h2>
      <Bars title="By column" shares={sharesByColumn(board)} />
      <Bars title="By priority" shares={sharesByPriority(board, nameOf)} />
    </aside>
  );
}
