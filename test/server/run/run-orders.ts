/**
 * What the tests of `run` and their child process say to each other.
 */

export interface Program {
  /** A file in `programs/`, without `.mjs`. */
  readonly program: string;
  /** The function in it. */
  readonly name: string;
  readonly args?: object;
}

export type Order =
  | ({ readonly do: 'swap' } & Program)
  | ({ readonly do: 'swaps'; readonly times: number } & Program)
  | { readonly do: 'supersede' | 'retired' | 'alive' | 'counts' | 'logged' | 'heap' | 'leave' | 'close' }
  /** Waits until the marks of all other versions are collected. */
  | { readonly do: 'untilLive'; readonly versions: readonly number[] }
  /** Waits for what a program tells under this name, and takes it. */
  | { readonly do: 'told'; readonly name: string }
  /** A function that a program has put on `globalThis`. */
  | { readonly do: 'call'; readonly name: string; readonly args?: readonly unknown[] };

export interface Reply {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

export interface Status {
  readonly version: number;
  readonly status: 'committed' | 'failed' | 'superseded';
  readonly error?: string;
}
