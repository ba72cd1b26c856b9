import type { Action } from '@/model/actions';
import type { State } from '@/model/state';
import { bound } from './bound';
import { redo, remember, undo, type History } from './history';

export type Reducer = (state: State, action: Action) => State;

/** The state of the page, and the only way to change it. Lives as long as the page does. */
export class Store {
  onChange: () => void = () => undefined;
  #history: History;
  #reduce: Reducer = (state) => state;

  constructor(history: History) {
    this.#history = history;
  }

  get state(): State {
    return this.#history.present;
  }

  get history(): History {
    return this.#history;
  }

  /** A new set of rules for the state that is there. */
  setReducer(reduce: Reducer): void {
    this.#reduce = reduce;
  }

  @bound
  dispatch(action: Action): void {
    this.#history = this.#next(action);
    this.onChange();
  }

  #next(action: Action): History {
    if (action.type === 'undo') return undo(this.#history);
    if (action.type === 'redo') return redo(this.#history);
    return remember(this.#history, this.#reduce(this.state, action));
  }
}
