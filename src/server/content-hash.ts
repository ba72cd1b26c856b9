/**
 * Hashes of content: ten characters, short enough to read in a URL, and sixty bits, enough to tell the files of any project apart. SHA-1,
 * because it is the fastest that Node has everywhere; nobody is to be kept from forging one.
 */
import { createHash } from 'node:crypto';

export function hashOf(content: string | Buffer): string {
  return createHash('sha1').update(content).digest('base64url').slice(0, 10);
}
