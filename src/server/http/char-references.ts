/**
 * Character references in HTML attribute values (`&amp;`, `&#47;`), so that a URL is read as the browser reads it. The standard's table
 * has 2,231 names; the few here are those that can matter in URLs, types and nonces, all others stay as they are written.
 */
import { decodeWindows1252 } from './windows-1252.ts';

const NAMED: ReadonlyMap<string, string> = new Map(
  Object.entries({
    amp: '&',
    AMP: '&',
    lt: '<',
    LT: '<',
    gt: '>',
    GT: '>',
    quot: '"',
    QUOT: '"',
    apos: "'",
    nbsp: '\u00a0',
    sol: '/',
    bsol: '\\',
    period: '.',
    colon: ':',
    quest: '?',
    num: '#',
    equals: '=',
    percnt: '%',
    plus: '+',
    comma: ',',
    lowbar: '_',
    Tab: '\t',
    NewLine: '\n',
  }),
);
/** Those that older pages write without a semicolon. */
const LEGACY = /^(?:amp|lt|gt|quot|nbsp)$/i;

/** A legacy name without semicolon that goes on with `=` or a letter is part of a query: `?a=1&lt=2`. */
export function decodeCharacterReferences(value: string): string {
  if (!value.includes('&')) return value;
  const reference = /&(?:#x([0-9a-f]+);?|#([0-9]+);?|([a-z][a-z0-9]*)([;=])?)/gi;
  return value.replace(reference, (whole: string, hex?: string, decimal?: string, name?: string, next?: string) => {
    if (hex !== undefined) return fromCodePoint(Number.parseInt(hex, 16));
    if (decimal !== undefined) return fromCodePoint(Number.parseInt(decimal, 10));
    const character = NAMED.get(name ?? '');
    const isReference = next === ';' || (next === undefined && LEGACY.test(name ?? ''));
    return character !== undefined && isReference ? character : whole;
  });
}

function fromCodePoint(code: number): string {
  if (code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return '\ufffd';
  // Numbers 0x80 to 0x9F mean what windows-1252 has there.
  return code >= 0x80 && code <= 0x9f ? decodeWindows1252(Buffer.of(code)) : String.fromCodePoint(code);
}
