/**
 * Which version a piece of running code belongs to, carried by the asynchronous context from the first line of its evaluation into every
 * callback. The mark holds nothing but a number and a word: sockets and promises capture the context they were made in, and would keep
 * a whole version alive if it were in there. Code that serves a request carries no mark: what it makes belongs to the request.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

/** `gone`: replaced, failed or abandoned; what its code still makes is given back at once. */
export type Phase = 'booting' | 'live' | 'gone';

export interface Token {
  readonly version: number;
  phase: Phase;
}

const storage = new AsyncLocalStorage<Token | 'nobody'>();

export function currentToken(): Token | undefined {
  const store = storage.getStore();
  return store === 'nobody' ? undefined : store;
}

/** Nobody knows: a callback has lost its context, as those of some native add-ons and queues do. */
export function isContextLost(): boolean {
  return storage.getStore() === undefined;
}

export function runAs<T>(token: Token, run: () => T): T {
  return storage.run(token, run);
}

/** What is made in there belongs to no version: what serves a request, what is kept, what packages hold for all. */
export function runOutside<T>(run: () => T): T {
  return storage.run('nobody', run);
}
