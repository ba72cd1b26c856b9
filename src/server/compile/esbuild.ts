/**
 * The one door to esbuild: loaded when the first file needs it, so that `--help` and a page of plain JavaScript never pay for it, and
 * stopped only when nobody in this process is waiting for an answer. Not `esbuild.context`: each call here is one small file.
 */
import { createRequire } from 'node:module';
import type * as Esbuild from 'esbuild';

export type {
  BuildOptions,
  Loader,
  Message,
  OnLoadResult,
  OnResolveResult,
  PartialMessage,
  Plugin,
  PluginBuild,
  TransformOptions,
  TsconfigRaw,
} from 'esbuild';

let loading: Promise<typeof Esbuild> | undefined;
let stopping: Promise<void> | undefined;
const running = new Set<Promise<unknown>>();

/** All use of esbuild goes through here, so that stopping knows what is under way. */
export async function withEsbuild<T>(work: (esbuild: typeof Esbuild) => Promise<T>): Promise<T> {
  // Nothing may be waited for otherwise: a stop that is asked for in the same tick must see this.
  while (stopping) await stopping;
  const result = (loading ??= import('esbuild')).then(work);
  running.add(result);
  try {
    return await result;
  } finally {
    running.delete(result);
  }
}

/** For what cannot wait: only its synchronous calls, which have no child process that lives on. */
export function esbuildNow(): typeof Esbuild {
  return createRequire(import.meta.url)('esbuild') as typeof Esbuild;
}

/**
 * Ends the child process once what is under way has been answered; another server of this process may still be compiling. The next
 * use starts a new child. May be called twice.
 */
export async function stopEsbuild(): Promise<void> {
  stopping ??= stop().finally(() => (stopping = undefined));
  await stopping;
}

async function stop(): Promise<void> {
  if (!loading) return;
  await Promise.allSettled(running);
  await (await loading).stop();
}
