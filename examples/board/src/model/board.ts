import { isFull, withoutTask, withTask, type Column } from './column';
import type { Task } from './task';

export interface Board {
  readonly title: string;
  readonly columns: readonly Column[];
}

export function findTask(board: Board, id: string): Task | undefined {
  return board.columns.flatMap(({ tasks }) => tasks).find((task) => task.id === id);
}

export const columnOf = (board: Board, taskId: string): Column | undefined =>
  board.columns.find(({ tasks }) => tasks.some(({ id }) => id === taskId));

export function mapColumns(board: Board, change: (column: Column) => Column): Board {
  return { ...board, columns: board.columns.map(change) };
}

/** The board with a task in another column, or the same board where that column is full. */
export function moveTask(board: Board, taskId: string, columnId: string): Board {
  const task = findTask(board, taskId);
  const target = board.columns.find(({ id }) => id === columnId);
  if (!task || !target || isFull(target) || columnOf(board, taskId) === target) return board;
  return mapColumns(board, (column) => {
    const rest = withoutTask(column, taskId);
    return column.id === columnId ? withTask(rest, task) : rest;
  });
}

/** The column to the left (-1) or right (1) of the one that a task is in. */
export function neighbour(board: Board, taskId: string, direction: -1 | 1): Column | undefined {
  return board.columns[board.columns.findIndex(({ tasks }) => tasks.some(({ id }) => id === taskId)) + direction];
}
