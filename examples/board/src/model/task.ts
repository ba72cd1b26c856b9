import { createId } from '@/lib/id';
import { Priority } from './priority';

export interface Task {
  readonly id: string;
  readonly title: string;
  readonly priority: Priority;
  /** ISO date without a time. */
  readonly due?: string | undefined;
}

export function createTask(title: string, priority: Priority = Priority.Normal, due?: string): Task {
  return { id: createId('task'), title: title.trim(), priority, due };
}
