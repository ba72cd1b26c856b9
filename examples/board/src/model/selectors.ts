import type { Board } from './board';
import { priorities, type Priority } from './priority';
import type { Task } from './task';

export const allTasks = (board: Board): Task[] => board.columns.flatMap(({ tasks }) => tasks);

export interface Share {
  readonly label: string;
  readonly count: number;
  /** From 0 to 1. */
  readonly part: number;
}

export function sharesByColumn(board: Board): Share[] {
  const total = allTasks(board).length || 1;
  return board.columns.map(({ title, tasks }) => ({ label: title, count: tasks.length, part: tasks.length / total }));
}

export function sharesByPriority(board: Board, name: (priority: Priority) => string): Share[] {
  const tasks = allTasks(board);
  return priorities.map((priority) => {
    const count = tasks.filter((task) => task.priority === priority).length;
    return { label: name(priority), count, part: count / (tasks.length || 1) };
  });
}
