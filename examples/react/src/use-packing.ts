import { useState } from 'react';

export interface Packed {
  readonly name: string;
  readonly isPacked: boolean;
}

export interface Packing {
  readonly things: readonly Packed[];
  readonly add: (name: string) => void;
  readonly toggle: (name: string) => void;
}

/** What to take along, and what of it is in the bag. */
export function usePacking(names: readonly string[]): Packing {
  const [things, setThings] = useState<readonly Packed[]>(() => names.map((name) => ({ name, isPacked: false })));
  return {
    things,
    add: (name) => setThings([...things.filter((thing) => thing.name !== name), { name, isPacked: false }]),
    toggle: (name) => setThings(things.map((thing) => (thing.name === name ? { ...thing, isPacked: !thing.isPacked } : thing))),
  };
}
