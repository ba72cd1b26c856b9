/**
 * Hashes of content: short enough to read, long enough for a project's files.
 */
import { createHash } from 'node:crypto';

export function hashOf(content: string | Buffer): string {
  return createHash('sha1').update(content).digest('base64url').slice(0, 10);
}
