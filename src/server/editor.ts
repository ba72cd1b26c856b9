/**
 * Opens a place in the editor of the person at this machine. The file must be one of the served folder, or one that an error names: the request comes
 * from a page, and the name ends up in a command line.
 */
import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ErrorReport, OpenRequest } from '../protocol.ts';
import { HmrError } from './errors.ts';
import type { Logger } from './logger.ts';

export interface EditorOptions {
  readonly root: string;
  /** That stand now. */
  readonly errors: readonly ErrorReport[];
  readonly logger: Pick<Logger, 'warn'>;
}

/** @throws HmrError `OPTION` for another file, or one that is not there */
export async function openInEditor({ file, line, column }: OpenRequest, { root, errors, logger }: EditorOptions): Promise<void> {
  const realPath = await realpath(path.join(root, file)).catch(() => undefined);
  const inside = realPath === undefined ? '..' : path.relative(await realpath(root), realPath);
  const isInside = !inside.startsWith('..') && !path.isAbsolute(inside);
  const isNamed = errors.some(({ place }) => place?.file === file);
  if (realPath === undefined || !(isInside || isNamed) || !(await stat(realPath)).isFile()) {
    throw new HmrError('OPTION', `${file} is not a file of the served folder.`);
  }
  // A thread, since launch-editor prints its errors on its own, and blocks while it looks through the running processes.
  const workerData = { module: import.meta.resolve('launch-editor'), place: `${realPath}:${line}:${column}` };
  const worker = new Worker(LAUNCH, { eval: true, workerData, stdout: true });
  worker.unref();
  const warn = (reason: string | null): void =>
    logger.warn(`No editor could be opened${reason ? `: ${reason}` : '.'}`, 'Set LAUNCH_EDITOR or EDITOR to its command.');
  worker.on('message', warn);
  worker.on('error', (error) => warn(error.message));
}

/** Posts why no editor was opened; null where there is none. */
const LAUNCH = `const { parentPort, workerData } = require('node:worker_threads');
  import(workerData.module).then(({ default: launch }) => launch(workerData.place, undefined, (_, reason) => parentPort.postMessage(reason)));`;
