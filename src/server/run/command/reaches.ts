/**
 * Where the program is to be found, as its processes have told: of the one that serves, the addresses of its newest version. What an older version has open
 * closes in a moment.
 */
import type { Reach } from '../sockets/reach.ts';
import type { RunnerMessage } from './messages.ts';
import type { RunnerProcess } from './runner-process.ts';

export interface Reaches {
  serves(process: RunnerProcess, message: Extract<RunnerMessage, { kind: 'serves' }>): void;
  closed(process: RunnerProcess, id: string): void;
  /** From now on this process serves. */
  show(process: RunnerProcess): void;
  /** In the order of listening. */
  readonly shown: readonly Reach[];
}

interface Serving {
  readonly version: number;
  readonly reach: Reach | null;
}

export function createReaches(): Reaches {
  const told = new WeakMap<RunnerProcess, Map<string, Serving>>();
  let shown: ReadonlyMap<string, Serving> = new Map();
  const of = (process: RunnerProcess): Map<string, Serving> => {
    const known = told.get(process) ?? new Map<string, Serving>();
    told.set(process, known);
    return known;
  };
  return {
    serves(process, { id, version, reach }) {
      of(process).set(id, { version, reach });
    },
    closed: (process, id) => void of(process).delete(id),
    show(process) {
      shown = of(process);
    },
    get shown() {
      const all = [...shown.values()];
      const newest = Math.max(...all.map(({ version }) => version));
      return all.flatMap(({ version, reach }) => (version === newest && reach !== null ? [reach] : []));
    },
  };
}
