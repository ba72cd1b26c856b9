import type { Board } from './board';
import type { Filter } from './filter';

export interface State {
  readonly board: Board;
  readonly filter: Filter;
  readonly panel: 'none' | 'statistics';
}
