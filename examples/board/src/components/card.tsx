import { h } from '@/jsx/factory';
import type { Child } from '@/jsx/node';
import { isPast, shortDate } from '@/lib/date';
import { classes } from '@/lib/classes';
import type { Dispatch } from '@/model/actions';
import { neighbour, type Board } from '@/model/board';
import { isFull } from '@/model/column';
import type { Task } from '@/model/task';
import { Badge } from './badge';
import styles from './card.module.css';
import { IconButton } from './icon-button';

interface CardProps {
  readonly task: Task;
  readonly board: Board;
  readonly dispatch: Dispatch;
}

export function Card({ task, board, dispatch }: CardProps): Child {
  const drag = (event: DragEvent): void => event.dataTransfer?.setData('text/plain', task.id);
  return (
    <li class={styles['card'] ?? ''} draggable="true" onDragStart={drag}>
      <strong class={styles['title'] ?? ''}>{task.title}</strong>
      <div class={styles['foot'] ?? ''}>
        <Badge priority={task.priority} />
        {task.due !== undefined && <time class={classes(isPast(task.due) && styles['late'])}>{shortDate(task.due)}</time>}
        <span class={styles['tools'] ?? ''}>
          <MoveButton direction={-1} task={task} board={board} dispatch={dispatch} />
          <MoveButton direction={1} task={task} board={board} dispatch={dispatch} />
          <IconButton icon="×" label={`Remove ${task.title}`} onClick={() => dispatch({ type: 'remove', taskId: task.id })} />
        </span>
      </div>
    </li>
  );
}

function MoveButton({ direction, task, board, dispatch }: CardProps & { readonly direction: -1 | 1 }): Child {
  const target = neighbour(board, task.id, direction);
  return (
    <IconButton
      icon={direction < 0 ? '←' : '→'}
      label={`Move ${task.title} to ${target?.title ?? 'nowhere'}`}
      disabled={!target || isFull(target)}
      onClick={() => target && dispatch({ type: 'move', taskId: task.id, columnId: target.id })}
    />
  );
}
