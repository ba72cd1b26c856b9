import type { Filter } from './filter';
import type { Priority } from './priority';

export type Action =
  | { readonly type: 'add'; readonly columnId: string; readonly title: string; readonly priority: Priority }
  | { readonly type: 'move'; readonly taskId: string; readonly columnId: string }
  | { readonly type: 'remove'; readonly taskId: string }
  | { readonly type: 'prioritise'; readonly taskId: string; readonly priority: Priority }
  | { readonly type: 'filter'; readonly filter: Partial<Filter> }
  | { readonly type: 'panel'; readonly panel: 'none' | 'statistics' }
  | { readonly type: 'undo' }
  | { readonly type: 'redo' };

export type Dispatch = (action: Action) => void;
