import type { Action } from './actions';
import { mapColumns, moveTask, type Board } from './board';
import { withoutTask, withTask } from './column';
import type { State } from './state';
import { createTask } from './task';

/** What every action does to the state. Undo and redo are the store's business, since they choose between states. */
export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case 'filter':
      return { ...state, filter: { ...state.filter, ...action.filter } };
    case 'panel':
      return { ...state, panel: action.panel };
    default:
      return { ...state, board: reduceBoard(state.board, action) };
  }
}

function reduceBoard(board: Board, action: Action): Board {
  switch (action.type) {
    case 'add': {
      if (action.title.trim() === '') return board;
      const task = createTask(action.title, action.priority);
      return mapColumns(board, (column) => (column.id === action.columnId ? withTask(column, task) : column));
    }
    case 'move':
      return moveTask(board, action.taskId, action.columnId);
    case 'remove':
      return mapColumns(board, (column) => withoutTask(column, action.taskId));
    case 'prioritise':
      return mapColumns(board, (column) => ({
        ...column,
        tasks: column.tasks.map((task) => (task.id === action.taskId ? { ...task, priority: action.priority } : task)),
      }));
    default:
      return board;
  }
}
