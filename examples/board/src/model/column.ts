import type { Task } from './task';

export interface Column {
  readonly id: string;
  readonly title: string;
  /** As many tasks as may be in the column at a time. */
  readonly limit?: number | undefined;
  readonly tasks: readonly Task[];
}

export const isFull = ({ limit, tasks }: Column): boolean => limit !== undefined && tasks.length >= limit;

export function withTask(column: Column, task: Task, index: number = column.tasks.length): Column {
  return { ...column, tasks: column.tasks.toSpliced(index, 0, task) };
}

export function withoutTask(column: Column, id: string): Column {
  const tasks = column.tasks.filter((task) => task.id !== id);
  return tasks.length === column.tasks.length ? column : { ...column, tasks };
}
