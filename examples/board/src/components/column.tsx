import { h } from '@/jsx/factory';
import type { Child } from '@/jsx/node';
import type { Dispatch } from '@/model/actions';
import type { Board } from '@/model/board';
import { isFull, type Column } from '@/model/column';
import { matches, type Filter } from '@/model/filter';
import { Card } from './card';
import { CardForm } from './card-form';
import styles from './column.module.css';
import { Empty } from './empty';

interface ColumnProps {
  readonly column: Column;
  readonly board: Board;
  readonly filter: Filter;
  readonly dispatch: Dispatch;
}

export function ColumnView({ column, board, filter, dispatch }: ColumnProps): Child {
  const shown = column.tasks.filter((task) => matches(task, filter));
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    dispatch({ type: 'move', taskId: event.dataTransfer?.getData('text/plain') ?? '', columnId: column.id });
  };
  return (
    <section class={styles['column'] ?? ''} onDragOver={(event) => event.preventDefault()} onDrop={drop}>
      <h2 class={styles['heading'] ?? ''}>
        {column.title} <Count column={column} />
      </h2>
      <ul class={styles['cards'] ?? ''}>
        {shown.map((task) => (
          <Card key={task.id} task={task} board={board} dispatch={dispatch} />
        ))}
      </ul>
      {shown.length === 0 && <Empty filtered={column.tasks.length > 0} />}
      {!isFull(column) && <CardForm columnId={column.id} dispatch={dispatch} />}
    </section>
  );
}

function Count({ column: { tasks, limit } }: { readonly column: Column }): Child {
  return <small>{limit === undefined ? tasks.length : `${tasks.length} of ${limit}`}</small>;
}
