/**
 * Timers that know their version: those that a version makes for itself end with it, those made while serving a request live on. Wraps what
 * programs can reach (the globals, `node:timers`, `node:timers/promises`); Node's own timers go past this.
 */
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers';
import timersPromises from 'node:timers/promises';
import { type OwnedTimers, stopTimer, type Timer } from './owned-timers.ts';
import { currentToken, type Token } from './token.ts';

type Callable = (...args: unknown[]) => unknown;
type OwnerOf = (token: Token) => OwnedTimers | undefined;

const CALLBACKS = ['setTimeout', 'setInterval', 'setImmediate'] as const;

/** Where the options are among the arguments. */
const SLEEPS = { setTimeout: 2, setImmediate: 1 } as const;

/** @returns puts everything back */
export function wrapTimers(ownerOf: OwnerOf): () => void {
  const undo: (() => void)[] = [];
  const replace = (target: object, name: string, wrap: (native: Callable) => Callable): void => {
    const native = Reflect.get(target, name) as Callable;
    const wrapped = wrap(native);
    // Name, length, and what `util.promisify` looks for.
    Object.defineProperties(wrapped, Object.getOwnPropertyDescriptors(native));
    Reflect.set(target, name, wrapped);
    undo.push(() => Reflect.set(target, name, native));
  };
  for (const name of CALLBACKS) {
    replace(timers, name, (native) => ownedTimer(native, ownerOf));
    const ours = timers[name];
    replace(globalThis, name, () => ours as Callable);
  }
  for (const [name, index] of Object.entries(SLEEPS)) replace(timersPromises, name, (native) => ownedSleep(native, index, ownerOf));
  replace(timersPromises, 'setInterval', (native) => ownedTicks(native, ownerOf));
  replace(Object.getPrototypeOf(timersPromises.scheduler) as object, 'wait', (native) => {
    const wait = ownedSleep(native, 1, ownerOf);
    return (...args) => Reflect.apply(wait, timersPromises.scheduler, args);
  });
  syncBuiltinESMExports();
  return () => {
    for (const step of undo.toReversed()) step();
    syncBuiltinESMExports();
  };
}

function ownedTimer(native: Callable, ownerOf: OwnerOf): Callable {
  return function (this: unknown, ...args) {
    const timer = Reflect.apply(native, this, args) as Timer;
    const token = currentToken();
    if (token?.phase === 'gone') stopTimer(timer);
    else if (token !== undefined) ownerOf(token)?.add(timer);
    return timer;
  };
}

/** A promise that stays pending when its version goes, as a cleared timer never fires: a loop around it ends there. */
function ownedSleep(native: Callable, index: number, ownerOf: OwnerOf): Callable {
  return function (this: unknown, ...args) {
    const token = currentToken();
    if (token === undefined) return Reflect.apply(native, this, args);
    if (token.phase === 'gone') return new Promise(() => {});
    const owner = ownerOf(token);
    const sleep = new AbortController();
    const result = Reflect.apply(native, this, withSignal(args, index, sleep.signal)) as Promise<unknown>;
    owner?.addSleep(sleep);
    return untilStopped(sleep, result).finally(() => owner?.removeSleep(sleep));
  };
}

function ownedTicks(native: Callable, ownerOf: OwnerOf): Callable {
  return (...args) => {
    const token = currentToken();
    return token === undefined ? native(...args) : ticks(native, args, token, ownerOf);
  };
}

async function* ticks(native: Callable, args: readonly unknown[], token: Token, ownerOf: OwnerOf): AsyncGenerator<unknown> {
  if (token.phase === 'gone') await new Promise(() => {});
  const owner = ownerOf(token);
  const sleep = new AbortController();
  owner?.addSleep(sleep);
  const iterator = native(...withSignal(args, 2, sleep.signal)) as AsyncGenerator<unknown>;
  try {
    while (true) {
      const { done, value } = await untilStopped(sleep, iterator.next());
      if (done) return;
      yield value;
    }
  } finally {
    owner?.removeSleep(sleep);
    await iterator.return(undefined);
  }
}

function untilStopped<T>(sleep: AbortController, result: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const unlessStopped =
      <V>(settle: (value: V) => void) =>
      (value: V) => {
        if (!sleep.signal.aborted) settle(value);
      };
    result.then(unlessStopped(resolve), unlessStopped(reject));
  });
}

/** The arguments with one more reason to stop in the options at `index`. What is no signal is left for Node to refuse. */
function withSignal(args: readonly unknown[], index: number, signal: AbortSignal): unknown[] {
  const options = args[index];
  if (options !== undefined && (typeof options !== 'object' || options === null)) return [...args];
  const theirs = options === undefined ? undefined : (Reflect.get(options, 'signal') as unknown);
  if (theirs !== undefined && !(theirs instanceof AbortSignal)) return [...args];
  const both = theirs === undefined ? signal : AbortSignal.any([theirs, signal]);
  return Object.assign(
    Array.from({ length: Math.max(index + 1, args.length) }, (_, at) => args[at]),
    { [index]: { ...options, signal: both } },
  );
}
