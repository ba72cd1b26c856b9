/**
 * Between the supervisor and the processes that run the program: what they tell each other, and what such a process is started with. Not in
 * src/protocol.ts, which is between server and page: both ends are always of the same installation here.
 */
import type { ErrorReport } from '../../../protocol.ts';
import type { SharedAddress } from '../sockets/addresses.ts';
import type { Reach } from '../sockets/reach.ts';

/** What became of a change; files are relative to the current folder. */
export type ProgramOutcome =
  | { readonly kind: 'started' | 'reloaded' | 'updated'; readonly files: readonly string[] }
  | { readonly kind: 'failed'; readonly error: ErrorReport };

export function plainReport(title: string, message: string): ErrorReport {
  return { key: `program:${title}:${message}`, kind: 'program', title, message };
}

/** `hmr-dev run`: from the process that runs the program to the one that watches its files. */
export type RunnerMessage =
  /** Absolute paths, those that were not told yet: what the program is made of, and where something was looked for in vain. */
  | { readonly kind: 'files'; readonly files: readonly string[] }
  | { readonly kind: 'opened' }
  /** Comes with the handle of an address on which a version serves, so that another process can have it. */
  | { readonly kind: 'shared'; readonly address: SharedAddress }
  /** Whoever else has it shall close it too; answered by `released`. */
  | { readonly kind: 'closed'; readonly id: string }
  /** The version that serves there, and how a client finds it; null for what is no HTTP. */
  | { readonly kind: 'serves'; readonly id: string; readonly version: number; readonly reach: Reach | null }
  /** An error that nobody catches ends the process. */
  | { readonly kind: 'crashed'; readonly error: ErrorReport }
  | { readonly kind: 'outcome'; readonly outcome: ProgramOutcome }
  /** The program has asked for its standard input. */
  | { readonly kind: 'reads' }
  /** It listens to messages. Answered by what it inherits, if there is something. */
  | { readonly kind: 'ready' }
  /** Its first version has taken over. Answered by `serve`. */
  | { readonly kind: 'committed' }
  /** Done as it was told. */
  | { readonly kind: 'serving' | 'prepared' | 'left' }
  /** The change cannot be had in this process. */
  | { readonly kind: 'restart'; readonly why: readonly string[] };

export type SupervisorMessage =
  /** `ageMs`: how long ago the system has told of the first. */
  | { readonly kind: 'changed'; readonly files: readonly string[]; readonly ageMs: number }
  /** The files that were named, from now on; what was saved before has to be looked for. */
  | { readonly kind: 'watching' }
  /** Comes with the handle of an address that the process before has opened. */
  | { readonly kind: 'inherit'; readonly address: SharedAddress }
  /** That was all: the program may run. */
  | { readonly kind: 'inherited' }
  | { readonly kind: 'released'; readonly id: string }
  /** The addresses of the process before are yours. */
  | { readonly kind: 'serve' }
  /** Another process is about to start in your place. */
  | { readonly kind: 'prepare' }
  /** Another process serves: answer what is asked still, and end. */
  | { readonly kind: 'leave' };

/** What the process that runs the program is started with. */
export interface RunnerSetup {
  /** As it was given. */
  readonly entry: string;
  readonly logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug';
  readonly include: readonly string[];
  readonly conditions: readonly string[];
  readonly closeWebSockets: boolean;
  readonly cache: boolean;
  /** In megabytes; 0 without one. */
  readonly memoryLimit: number;
  /** Wait for a debugger, and stop in front of the program. */
  readonly isBreaking: boolean;
  /** Another process has opened addresses, which are asked for before the program runs. */
  readonly inherits?: boolean;
  /** It serves still. */
  readonly isSuccessor?: boolean;
}
