/**
 * The character encoding of an HTML file, by the rules that a browser goes by: byte order mark, then `<meta>` in the first 1,024 bytes,
 * then a guess. Everything else here works on bytes, so that a page in windows-1252 or UTF-16 arrives as it was written; only
 * what is read out of it is decoded, and what is put in is encoded the same way.
 */
import { isUtf8 } from 'node:buffer';
import { decodeCharacterReferences } from './char-references.ts';
import { htmlTokens, readAttributes, type AttributeRanges } from './html-tokens.ts';
import { decodeWindows1252 } from './windows-1252.ts';

export interface HtmlText {
  /** One byte for each code unit, behind the byte order mark: the file itself, or one byte for two of UTF-16. */
  readonly units: Buffer;
  /** Offset in the file of an index into `units`. */
  byteAt(index: number): number;
  /** Text of a range of `units`. */
  decode(start: number, end: number): string;
  /** An attribute's value, character references decoded; `null` if the attribute is not there. */
  attribute(attributes: AttributeRanges, name: string): string | null;
  /** Characters that the encoding lacks become JavaScript escapes (`\u2028`), since what is put in is script. */
  encode(text: string): Buffer;
}

const PRESCAN_BYTES = 1024;

export function createHtmlText(html: Buffer): HtmlText {
  const encoding = encodingOf(html);
  const isWide = encoding.startsWith('utf-16');
  const markBytes = isWide ? 2 : hasUtf8Mark(html) ? 3 : 0;
  const scale = isWide ? 2 : 1;
  const decodeBytes = createDecoder(encoding);
  const byteAt = (index: number): number => markBytes + index * scale;
  const decode = (start: number, end: number): string => decodeBytes(html.subarray(byteAt(start), byteAt(end)));
  return {
    units: isWide ? narrow(html, encoding === 'utf-16be') : html.subarray(markBytes),
    byteAt,
    decode,
    attribute(attributes, name) {
      const range = attributes.get(name);
      return range === undefined ? null : decodeCharacterReferences(decode(range.start, range.end));
    },
    encode: (text) => encodeText(text, encoding),
  };
}

/** What an HTML file declares of itself in its first bytes, as the standard's name of the encoding; `null` if nothing. */
export function declaredCharset(head: Buffer): string | null {
  if (hasUtf8Mark(head)) return 'utf-8';
  const units = head.subarray(0, PRESCAN_BYTES);
  for (const token of htmlTokens(units)) {
    if (token.kind !== 'start' || token.name !== 'meta') continue;
    const attributes = readAttributes(units, token);
    const value = (name: string): string => {
      const range = attributes.get(name);
      return range === undefined ? '' : units.toString('latin1', range.start, range.end);
    };
    const isContentType = value('http-equiv').toLowerCase() === 'content-type';
    const label = value('charset') || (isContentType ? /charset\s*=\s*["']?\s*([^\s"';]+)/i.exec(value('content'))?.[1] : '');
    const encoding = label ? standardName(label) : null;
    if (encoding !== null) return encoding;
  }
  return null;
}

function encodingOf(html: Buffer): string {
  const mark = html.length >= 2 ? html.readUInt16BE(0) : 0;
  if (mark === 0xfeff) return 'utf-16be';
  if (mark === 0xfffe) return 'utf-16le';
  return declaredCharset(html) ?? (isUtf8(html) ? 'utf-8' : 'windows-1252');
}

function createDecoder(encoding: string): (bytes: Buffer) => string {
  if (encoding === 'windows-1252') return decodeWindows1252;
  const decoder = new TextDecoder(encoding, { ignoreBOM: true });
  return (bytes) => decoder.decode(bytes);
}

function hasUtf8Mark(html: Buffer): boolean {
  return html[0] === 0xef && html[1] === 0xbb && html[2] === 0xbf;
}

/** A page that could be read far enough to find the declaration is not UTF-16, whatever it says (HTML §13.2.3.2). */
function standardName(label: string): string | null {
  try {
    const { encoding } = new TextDecoder(label);
    return encoding.startsWith('utf-16') ? 'utf-8' : encoding;
  } catch {
    return null; // RangeError: no such encoding; a browser passes over it too
  }
}

/** Only markup matters, and markup is ASCII: every other character may be the same one. */
function narrow(html: Buffer, isBigEndian: boolean): Buffer {
  const units = Buffer.alloc(Math.max(0, (html.length >> 1) - 1));
  for (let i = 0; i < units.length; i++) {
    const unit = isBigEndian ? html.readUInt16BE(2 + i * 2) : html.readUInt16LE(2 + i * 2);
    units[i] = unit < 0x80 ? unit : 0x80;
  }
  return units;
}

function encodeText(text: string, encoding: string): Buffer {
  if (encoding === 'utf-8') return Buffer.from(text);
  if (encoding === 'utf-16le') return Buffer.from(text, 'utf16le');
  if (encoding === 'utf-16be') return Buffer.from(text, 'utf16le').swap16();
  // oxlint-disable-next-line no-control-regex -- all of ASCII
  if (/^[\0-\x7f]*$/.test(text)) return Buffer.from(text, 'latin1');
  const table = upperHalf(encoding);
  const bytes: number[] = [];
  for (const unit of text.split('')) {
    const code = unit.charCodeAt(0);
    const byte = code < 0x80 ? code : table.get(unit);
    if (byte !== undefined) bytes.push(byte);
    else bytes.push(...Buffer.from(`\\u${code.toString(16).padStart(4, '0')}`, 'latin1'));
  }
  return Buffer.from(bytes);
}

/** Bytes 0x80 to 0xFF of a single-byte encoding, by character. Empty for the others, whose lead bytes mean nothing alone. */
function upperHalf(encoding: string): Map<string, number> {
  const decode = createDecoder(encoding);
  const table = new Map<string, number>();
  for (let byte = 0x80; byte <= 0xff; byte++) {
    const character = decode(Buffer.of(byte));
    if (character.length === 1 && character !== '\ufffd') table.set(character, byte);
  }
  return table;
}
