import { h } from '@/jsx/factory';
import type { Child } from '@/jsx/node';
import type { Dispatch } from '@/model/actions';
import type { Board as BoardModel } from '@/model/board';
import type { Filter } from '@/model/filter';
import { ColumnView } from './column';

interface BoardProps {
  readonly board: BoardModel;
  readonly filter: Filter;
  readonly dispatch: Dispatch;
}

export function Board({ board, filter, dispatch }: BoardProps): Child {
  return (
    <main class="board">
      {board.columns.map((column) => (
        <ColumnView key={column.id} column={column} board={board} filter={filter} dispatch={dispatch} />
      ))}
    </main>
  );
}
