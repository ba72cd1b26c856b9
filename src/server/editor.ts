/**
 * Opens a place in the editor of the person at this machine. The file must be one of the served folder: the request comes from a page,
 * and the name ends up in a command line.
 */
import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { OpenRequest } from '../protocol.ts';
import { HmrError } from './errors.ts';
import type { Logger } from './logger.ts';

/** @throws HmrError `OPTION` for a file outside the folder, or that is not there */
export async function openInEditor(root: string, { file, line, column }: OpenRequest, logger: Pick<Logger, 'warn'>): Promise<void> {
  const realPath = await realpath(path.join(root, file)).catch(() => undefined);
  const inside = realPath === undefined ? '..' : path.relative(await realpath(root), realPath);
  const isInside = realPath !== undefined && !inside.startsWith('..') && !path.isAbsolute(inside);
  if (!isInside || !(await stat(realPath)).isFile()) {
    throw new HmrError('OPTION', `${file} is not a file of the served folder.`);
  }
  // Looks through the running processes for an editor: loaded when somebody clicks.
  const { default: launchEditor } = await import('launch-editor');
  launchEditor(`${realPath}:${line}:${column}`, undefined, (_, message) => {
    logger.warn(`No editor could be opened${message ? `: ${message}` : '.'}`, 'Set LAUNCH_EDITOR or EDITOR to its command.');
  });
}
