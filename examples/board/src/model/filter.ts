import type { Priority } from './priority';
import type { Task } from './task';

export interface Filter {
  readonly text: string;
  readonly priority: Priority | undefined;
}

export const everything: Filter = { text: '', priority: undefined };

export function matches(task: Task, { text, priority }: Filter): boolean {
  if (priority !== undefined && task.priority !== priority) return false;
  return task.title.toLowerCase().includes(text.toLowerCase());
}
