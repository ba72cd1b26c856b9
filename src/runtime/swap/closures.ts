/**
 * Closures: functions that are made any number of times, with variables of their own. Which is which is told as cautiously as can be (a
 * closure that could be one of two is left alone and keeps its old code), and a newer one is made for what an older one can hand over.
 */
import type { Journal } from './journal.ts';
import { createSlot, type AnyFunction, type SetSlot, type Slot } from './live-module.ts';
import type { ClosureShape } from './shape.ts';

export interface ClosureMatch {
  readonly after: ClosureShape;
  /** Undefined: it is new, or what became of the old one cannot be told. */
  readonly before: ClosureShape | undefined;
}

export interface ClosuresMatch {
  readonly pairs: readonly ClosureMatch[];
  /** Of before, whose code is not in the new version, and which are none of the new ones. */
  readonly alone: readonly ClosureShape[];
}

/**
 * Within one unit: by what the function around it has become, and there by hash, else by a way that is unique on both sides.
 * @param paired slots of before by slots of after, of functions of the module level; gets those of closures
 */
export function matchClosures(before: readonly ClosureShape[], after: readonly ClosureShape[], paired: Map<number, number>): ClosuresMatch {
  const left = new Set(before);
  const found = new Map<ClosureShape, ClosureShape>();
  const take = (old: ClosureShape, now: ClosureShape): void => {
    left.delete(old);
    found.set(now, old);
    paired.set(now.slot, old.slot);
  };
  const homes = [...new Set(after.map(({ within }) => within))];
  // Outer ones first, as they stand in the list.
  for (const home of homes) {
    const oldHome = home === -1 ? -1 : paired.get(home);
    if (oldHome === undefined) continue;
    const now = after.filter(({ within }) => within === home);
    const old = before.filter(({ within }) => within === oldHome);
    for (const at of new Set(now.map((closure) => closure.at))) {
      const isHere = (closure: ClosureShape): boolean => closure.at === at;
      matchAlike(old.filter(isHere), now.filter(isHere), take);
    }
  }
  // What has moved, and is itself.
  for (const closure of after) {
    if (found.has(closure)) continue;
    const rivals = after.filter((other) => isSame(other, closure));
    const old = before.filter((other) => isSame(other, closure));
    const [only] = old;
    if (rivals.length === 1 && old.length === 1 && only && left.has(only)) take(only, closure);
  }
  const pairs = after.map((closure) => ({ after: closure, before: found.get(closure) }));
  return { pairs, alone: [...left].filter((old) => !after.some((closure) => isSame(old, closure))) };
}

const isSame = (a: ClosureShape, b: ClosureShape): boolean => a.hash === b.hash && a.kind === b.kind;

/** Closures that the same way leads to. */
function matchAlike(
  old: readonly ClosureShape[],
  now: readonly ClosureShape[],
  take: (old: ClosureShape, now: ClosureShape) => void,
): void {
  const unsure = new Set<ClosureShape>();
  const pairs: [number, number][] = [];
  for (const [index, closure] of now.entries()) {
    const alike = (other: ClosureShape): boolean => isSame(other, closure);
    const [mine, theirs] = [old.filter(alike), now.filter(alike)];
    if (mine.length === 0) continue;
    const match = mine[theirs.indexOf(closure)];
    // Of three that read the same, one has changed: which one?
    if (mine.length !== theirs.length || !match) for (const one of [...mine, ...theirs]) unsure.add(one);
    else pairs.push([old.indexOf(match), index]);
  }
  for (const [from, to] of pairs) take(old[from] as ClosureShape, now[to] as ClosureShape);
  if (unsure.size > 0) return;
  const [from, ...others] = [...old.keys()].filter((index) => !pairs.some(([known]) => known === index));
  const [to, ...rivals] = [...now.keys()].filter((index) => !pairs.some(([, known]) => known === index));
  if (from === undefined || to === undefined || others.length > 0 || rivals.length > 0) return;
  // It stands where it stood among those that did not change, or it is another.
  if (pairs.some(([known, index]) => known < from !== index < to)) return;
  const [one, other] = [old[from], now[to]];
  if (one && other && canFollow(one, other)) take(one, other);
}

function canFollow(before: ClosureShape, after: ClosureShape): boolean {
  if (before.kind !== after.kind || before.isSelfNamed !== after.isSelfNamed) return false;
  if (before.fixed !== undefined || after.fixed !== undefined) return false;
  return !after.hasTarget || before.hasTarget === true;
}

/** Whether a closure can be handed what the newer code needs. */
export function hasAll(captures: ReadonlySet<string>, { needs }: ClosureShape): boolean {
  return namesOf(needs).every((name) =>
    name.startsWith('=') ? captures.has(name.slice(1)) : captures.has(name) || captures.has(`!${name}`),
  );
}

export const namesOf = (text: string | undefined): string[] => (text ? text.split(' ') : []);

type Literal = Record<string, (this: unknown, ...args: unknown[]) => unknown>;

interface SuperHandler {
  get(target: object, key: PropertyKey): unknown;
  set(target: object, key: PropertyKey, value: unknown): boolean;
}

/** What a slot of a closure holds: from what it sees to the newest function, made once for each. */
export function perClosure(make: (captured: object, self?: object) => Literal): AnyFunction {
  const made = new WeakMap<object, unknown>();
  const find = (captured: object, self?: object, handler?: SuperHandler): unknown => {
    if (handler) {
      const literal = make(captured, self);
      Object.setPrototypeOf(literal, new Proxy({}, handler));
      return Object.values(literal)[0];
    }
    const key = self ?? captured;
    let known = made.get(key);
    if (!known) made.set(key, (known = Object.values(make(captured, self))[0]));
    return known;
  };
  return find as unknown as AnyFunction;
}

export interface CommitClosuresOptions {
  readonly pairs: readonly ClosureMatch[];
  /** Of before, by slot. */
  readonly slots: readonly (readonly Slot[])[];
  readonly set: SetSlot;
  /** By slot of the new version. */
  valueOf(slot: number): AnyFunction;
  readonly journal: Journal;
}

/** Returns the slots of the new version, and closures that lack what newer code needs. */
export function commitClosures({ pairs, slots, set, valueOf, journal }: CommitClosuresOptions): {
  readonly slots: ReadonlyMap<number, readonly Slot[]>;
  readonly lacking: readonly ClosureShape[];
} {
  const found = new Map<number, readonly Slot[]>();
  const lacking: ClosureShape[] = [];
  const shapes = new Map(pairs.map(({ after }) => [after.slot, after]));
  /** What closures inside one that is written alone can count on, by its slot. */
  const handedOn = new Map<number, ReadonlySet<string>>();
  for (const { after, before } of pairs) {
    const known = (before && slots[before.slot]) ?? [];
    if (after.fixed !== undefined) {
      found.set(after.slot, known);
      continue;
    }
    let around = shapes.get(after.within);
    while (around?.fixed !== undefined) around = shapes.get(around.within);
    const inherited = around ? (handedOn.get(around.slot) ?? []) : [];
    const own = createSlot(set, after.slot);
    own.captures = new Set([...inherited, ...namesOf(after.captures)]);
    own.write(valueOf(after.slot));
    found.set(after.slot, [...known, own]);
    let shared = own.captures;
    if (before && (before.hash !== after.hash || before.kind !== after.kind)) {
      for (const slot of known) {
        if (!hasAll(slot.captures, after)) {
          lacking.push(after);
          continue;
        }
        const old = slot.value;
        slot.write(valueOf(after.slot));
        journal.undo(() => slot.write(old));
        const { captures } = slot;
        shared = new Set([...shared].filter((name) => captures.has(name)));
      }
    }
    handedOn.set(after.slot, shared);
  }
  return { slots: found, lacking };
}
