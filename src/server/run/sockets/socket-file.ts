/**
 * The file of a Unix socket when its handle closes. Node removes it with the handle that has made it, and with no other: so a process that goes while
 * others still listen there has to leave the file, and the last of those has to remove it.
 */
import { linkSync, renameSync, unlinkSync } from 'node:fs';
import type { ListenHandle } from './node-internals.ts';

/**
 * @param isLast nobody listens there any more
 * @param isInherited another process has made the socket
 */
export function closeSocket(handle: ListenHandle, file: string, isLast: boolean, isInherited: boolean): void {
  if (isLast || isInherited) {
    handle.close();
    if (isLast && isInherited) attempt(() => unlinkSync(file));
    return;
  }
  // A second name survives what Node does to the first; nothing else is done in between.
  const second = `${file}.${process.pid}`;
  const isSaved = attempt(() => linkSync(file, second));
  handle.close();
  if (isSaved) attempt(() => renameSync(second, file));
}

/** Somebody may have taken the file away, or the folder. */
function attempt(step: () => void): boolean {
  try {
    step();
    return true;
  } catch {
    return false;
  }
}
