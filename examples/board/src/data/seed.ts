import type { Board } from '@/model/board';
import { everything } from '@/model/filter';
import { Priority } from '@/model/priority';
import type { State } from '@/model/state';
import { createTask } from '@/model/task';
import seed from './seed.json';

interface SeedTask {
  readonly title: string;
  readonly priority: string;
  readonly due?: string;
}

const isPriority = (name: string): name is keyof typeof Priority => name in Priority;

function taskFrom({ title, priority, due }: SeedTask): ReturnType<typeof createTask> {
  return createTask(title, isPriority(priority) ? Priority[priority] : Priority.Normal, due);
}

/** The state that a new page starts with. */
export function loadSeed(): State {
  const columns = seed.columns.map((column) => ({ ...column, tasks: column.tasks.map(taskFrom) }));
  const board: Board = { title: seed.title, columns };
  return { board, filter: everything, panel: 'none' };
}
