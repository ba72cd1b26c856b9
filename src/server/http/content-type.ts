/**
 * Content-Type of a file by its name and first bytes. Two things a table of types cannot know are decided here: the source languages
 * whose extensions it gives to other things (`.ts` is a video to it), and the charset, which in the header beats what the file says of
 * itself. So the header repeats what an HTML file declares and never claims UTF-8 for bytes that are not.
 */
import { isUtf8 } from 'node:buffer';
import path from 'node:path';
import mime from 'mime';
import { declaredCharset } from './html-encoding.ts';

const OWN_TYPES: ReadonlyMap<string, string> = new Map([
  ...['.js', '.mjs', '.cjs'].map((extension) => [extension, 'text/javascript'] as const),
  // Fetched as text, or opened in a tab to be read. Run as a module they come compiled, by another handler.
  ...['.ts', '.mts', '.cts', '.tsx', '.jsx'].map((extension) => [extension, 'text/plain'] as const),
  ...['.vue', '.svelte', '.astro', '.glsl', '.vert', '.frag', '.wgsl', '.toml', '.log'].map(
    (extension) => [extension, 'text/plain'] as const,
  ),
  ['.importmap', 'application/importmap+json'],
  ['.ico', 'image/x-icon'],
]);

/**
 * @param head the first bytes of the file, for the charset; the more, the surer
 */
export function contentType(filePath: string, head: Buffer): string {
  const extension = path.extname(filePath).toLowerCase();
  const type = OWN_TYPES.get(extension) ?? mime.getType(filePath) ?? unknownType(head);
  if (!type.startsWith('text/')) return type;
  const charset = charsetOf(type, head);
  return charset === null ? type : `${type}; charset=${charset}`;
}

/** By the name alone, without parameters. */
export function mediaType(filePath: string): string {
  return contentType(filePath, Buffer.alloc(0)).replace(/;.*/, '');
}

/** LICENSE, Makefile and their kind are read in a tab; with `nosniff` a browser would offer them as downloads. */
function unknownType(head: Buffer): string {
  return head.includes(0) || !isTextHead(head) ? 'application/octet-stream' : 'text/plain';
}

function charsetOf(type: string, head: Buffer): string | null {
  if (hasUtf16Mark(head)) return null; // the byte order mark speaks for itself
  if (type === 'text/html') {
    const declared = declaredCharset(head);
    if (declared !== null) return declared;
  }
  if (type === 'text/css' && head.subarray(0, 10).toString('latin1') === '@charset "') return null;
  return isTextHead(head) ? 'utf-8' : null;
}

function hasUtf16Mark(head: Buffer): boolean {
  const mark = head.length >= 2 ? head.readUInt16BE(0) : 0;
  return mark === 0xfeff || mark === 0xfffe;
}

/** Valid UTF-8, save for a character that the end of the head may have cut. */
function isTextHead(head: Buffer): boolean {
  for (let cut = 0; cut <= 3 && cut <= head.length; cut++) {
    if (isUtf8(head.subarray(0, head.length - cut))) return true;
  }
  return false;
}
