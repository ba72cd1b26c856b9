/**
 * A tokenizer for HTML that works on bytes and tells ranges, by the state machine of the HTML standard (§13.2.5) as far as it decides
 * where markup begins and ends. Not a regular expression, which takes `"</head>"` in a script for a tag; not a parser that
 * serialises again, which changes a page that the author did not. Lazy, and linear in the length of the file.
 */
import { createForeignContent } from './html-foreign.ts';

export type HtmlToken =
  | { readonly kind: 'start'; readonly name: string; readonly start: number; readonly end: number; readonly isForeign: boolean }
  | { readonly kind: 'end'; readonly name: string; readonly start: number; readonly end: number }
  /** The content of an element that holds no markup, such as `<script>`; it may be empty. Not closed: the file ends in it. */
  | { readonly kind: 'raw'; readonly name: string; readonly start: number; readonly end: number; readonly isClosed: boolean }
  | { readonly kind: 'comment' | 'doctype'; readonly start: number; readonly end: number; readonly isClosed: boolean }
  | { readonly kind: 'text'; readonly start: number; readonly end: number };

/** Attribute names in lower case and where their values lie, character references not decoded. */
export type AttributeRanges = ReadonlyMap<string, { readonly start: number; readonly end: number }>;

// As a browser with scripting on parses them.
const RAW_ELEMENTS: ReadonlySet<string> = new Set('script style title textarea noscript iframe xmp noembed noframes plaintext'.split(' '));
const LT = 0x3c;
const GT = 0x3e;
const BANG = 0x21;
const SLASH = 0x2f;
const QUESTION = 0x3f;
const EQUALS = 0x3d;
const DASH = 0x2d;
const QUOTE = 0x22;
const APOSTROPHE = 0x27;

/** @param units one byte for each code unit of the file, ASCII as it is; see `HtmlText.units` */
export function* htmlTokens(units: Buffer): Generator<HtmlToken, void> {
  const foreign = createForeignContent();
  let at = 0;
  while (at < units.length) {
    const markup = nextMarkup(units, at);
    if (markup > at) yield { kind: 'text', start: at, end: markup };
    const token = readMarkup(units, markup, foreign.isInside());
    if (token === null) return; // the file ends inside of a tag, which browsers drop
    yield token;
    at = token.end;
    if (token.kind === 'end') foreign.end(token.name);
    if (token.kind !== 'start') continue;
    foreign.start(token.name, isSelfClosing(units, token));
    if (token.isForeign || foreign.isInside() || !RAW_ELEMENTS.has(token.name)) continue;
    const close = token.name === 'script' ? scriptEnd(units, at) : rawEnd(units, at, token.name);
    const end = close === -1 ? units.length : close;
    yield { kind: 'raw', name: token.name, start: at, end, isClosed: close !== -1 };
    at = end;
  }
}

/** Of a start tag. The first of equal names counts. */
export function readAttributes(units: Buffer, token: { readonly name: string; readonly start: number }): AttributeRanges {
  const ranges = new Map<string, { start: number; end: number }>();
  walkAttributes(units, token.start + 1 + token.name.length, (nameStart, nameEnd, start, end) => {
    const name = units.toString('latin1', nameStart, nameEnd).toLowerCase();
    if (!ranges.has(name)) ranges.set(name, { start, end });
  });
  return ranges;
}

/** Whether an attribute of a start tag has a name that nobody gives one: the rest of a quote or a tag that is not closed. */
export function hasOddAttribute(units: Buffer, token: { readonly name: string; readonly start: number }): boolean {
  let isOdd = false;
  walkAttributes(units, token.start + 1 + token.name.length, (nameStart, nameEnd) => {
    for (let at = nameStart; at < nameEnd; at++) {
      const unit = units[at];
      if (unit === QUOTE || unit === APOSTROPHE || unit === LT) isOdd = true;
    }
  });
  return isOdd;
}

export function isHtmlSpace(unit: number | undefined): boolean {
  return unit === 0x20 || unit === 0x0a || unit === 0x09 || unit === 0x0d || unit === 0x0c;
}

/** Index of the next `<` that is more than text, or the end. */
function nextMarkup(units: Buffer, from: number): number {
  for (let at = units.indexOf(LT, from); at !== -1; at = units.indexOf(LT, at + 1)) {
    const next = units[at + 1];
    if (isLetter(next) || next === BANG || next === QUESTION) return at;
    if (next === SLASH && at + 2 < units.length) return at;
  }
  return units.length;
}

function readMarkup(units: Buffer, start: number, isForeign: boolean): HtmlToken | null {
  if (start >= units.length) return null;
  const next = units[start + 1];
  if (isLetter(next)) return readTag(units, start, 'start', isForeign);
  if (next === SLASH && isLetter(units[start + 2])) return readTag(units, start, 'end', isForeign);
  if (next === BANG) return readDeclaration(units, start, isForeign);
  return bounded(units, 'comment', start, after(units, '>', start + 2)); // <?…> and </…> that begin no tag
}

function readTag(units: Buffer, start: number, kind: 'start' | 'end', isForeign: boolean): HtmlToken | null {
  const nameStart = start + (kind === 'start' ? 1 : 2);
  let nameEnd = nameStart;
  while (nameEnd < units.length && !isTagBreak(units[nameEnd])) nameEnd++;
  const end = walkAttributes(units, nameEnd);
  if (end === -1) return null;
  const name = tagName(units, nameStart, nameEnd);
  return kind === 'start' ? { kind, name, start, end, isForeign } : { kind, name, start, end };
}

const shortNames = new Map<number, string>();

/** In lower case. Most names are short and few, and a page of megabytes has a million of them: each is decoded once. */
function tagName(units: Buffer, start: number, end: number): string {
  let key = 0;
  if (end - start <= 4) for (let at = start; at < end; at++) key = (key << 8) | (units[at] ?? 0);
  const known = key === 0 ? undefined : shortNames.get(key);
  if (known !== undefined) return known;
  const name = units.toString('latin1', start, end).toLowerCase();
  if (key !== 0 && /^[a-z]+\d?$/.test(name)) shortNames.set(key, name);
  return name;
}

function readDeclaration(units: Buffer, start: number, isForeign: boolean): HtmlToken {
  if (matches(units, start, '<!--')) return bounded(units, 'comment', start, commentEnd(units, start));
  if (matches(units, start, '<!doctype')) return bounded(units, 'doctype', start, after(units, '>', start));
  if (isForeign && matches(units, start, '<![cdata[')) {
    const end = after(units, ']]>', start);
    return { kind: 'text', start, end: end === -1 ? units.length : end };
  }
  return bounded(units, 'comment', start, after(units, '>', start));
}

/** @param end -1: the file ends in it */
function bounded(units: Buffer, kind: 'comment' | 'doctype', start: number, end: number): HtmlToken {
  return { kind, start, end: end === -1 ? units.length : end, isClosed: end !== -1 };
}

/** `-->` and `--!>` end a comment, and so do the `>` of `<!-->` and `<!--->`. */
function commentEnd(units: Buffer, start: number): number {
  const body = start + 4;
  if (units[body] === GT) return body + 1;
  if (units[body] === DASH && units[body + 1] === GT) return body + 2;
  for (let at = units.indexOf('--', body, 'latin1'); at !== -1; at = units.indexOf('--', at + 1, 'latin1')) {
    if (units[at + 2] === GT) return at + 3;
    if (units[at + 2] === BANG && units[at + 3] === GT) return at + 4;
  }
  return -1;
}

type AttributeVisitor = (nameStart: number, nameEnd: number, start: number, end: number) => void;

/** Walks from behind the tag name; the index behind its `>`, or -1 if the file ends before. */
function walkAttributes(units: Buffer, from: number, visit?: AttributeVisitor): number {
  let at = from;
  while (true) {
    while (isHtmlSpace(units[at]) || units[at] === SLASH) at++;
    if (at >= units.length) return -1;
    if (units[at] === GT) return at + 1;
    const nameStart = at++; // even a `=` here begins a name
    while (at < units.length && !isTagBreak(units[at]) && units[at] !== EQUALS) at++;
    const nameEnd = at;
    at = skipSpace(units, at);
    if (units[at] !== EQUALS) {
      visit?.(nameStart, nameEnd, nameEnd, nameEnd);
      continue;
    }
    const value = attributeValue(units, skipSpace(units, at + 1));
    if (value === null) return -1;
    visit?.(nameStart, nameEnd, value.start, value.end);
    at = value.next;
  }
}

function attributeValue(units: Buffer, at: number): { start: number; end: number; next: number } | null {
  const first = units[at];
  if (first === QUOTE || first === APOSTROPHE) {
    const close = units.indexOf(first, at + 1);
    return close === -1 ? null : { start: at + 1, end: close, next: close + 1 };
  }
  let end = at;
  while (end < units.length && units[end] !== GT && !isHtmlSpace(units[end])) end++;
  return { start: at, end, next: end };
}

function isSelfClosing(units: Buffer, token: { readonly name: string; readonly start: number; readonly end: number }): boolean {
  if (units[token.end - 2] !== SLASH) return false;
  let lastValueEnd = 0;
  walkAttributes(units, token.start + 1 + token.name.length, (_nameStart, _nameEnd, _start, end) => (lastValueEnd = end));
  return lastValueEnd < token.end - 1; // otherwise the slash is the end of an unquoted value
}

function rawEnd(units: Buffer, from: number, name: string): number {
  if (name === 'plaintext') return -1;
  for (let at = units.indexOf('</', from, 'latin1'); at !== -1; at = units.indexOf('</', at + 2, 'latin1')) {
    if (isTagNamed(units, at + 2, name)) return at;
  }
  return -1;
}

/**
 * The end tag that closes a script: `<!--` opens an escape in which `<script` opens a double escape, in which `</script>` closes only
 * that (script data double escaped state). Old pages hide scripts from older browsers so.
 */
function scriptEnd(units: Buffer, from: number): number {
  let depth: 0 | 1 | 2 = 0;
  for (let at = from; at < units.length; at++) {
    if (depth === 0) {
      at = units.indexOf(LT, at);
      if (at === -1) return -1;
    }
    if (units[at] === LT) {
      const isEnd = units[at + 1] === SLASH && isTagNamed(units, at + 2, 'script');
      if (isEnd && depth < 2) return at;
      if (isEnd) depth = 1;
      else if (depth === 1 && isTagNamed(units, at + 1, 'script')) depth = 2;
      else if (depth === 0 && matches(units, at, '<!--')) {
        depth = 1;
        at++; // its dashes may be those of `-->` already
      }
    } else if (depth > 0 && units[at] === DASH && units[at + 1] === DASH && units[at + 2] === GT) {
      depth = 0;
      at += 2;
    }
  }
  return -1;
}

function isTagNamed(units: Buffer, at: number, name: string): boolean {
  return matches(units, at, name) && isTagBreak(units[at + name.length]);
}

/** @param text in lower case */
function matches(units: Buffer, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = units[at + i] ?? 0;
    if ((isLetter(unit) ? unit | 0x20 : unit) !== text.charCodeAt(i)) return false;
  }
  return true;
}

/** Index behind the text, or -1. */
function after(units: Buffer, text: string, from: number): number {
  const at = units.indexOf(text, from, 'latin1');
  return at === -1 ? -1 : at + text.length;
}

function skipSpace(units: Buffer, from: number): number {
  let at = from;
  while (isHtmlSpace(units[at])) at++;
  return at;
}

function isTagBreak(unit: number | undefined): boolean {
  return unit === GT || unit === SLASH || isHtmlSpace(unit);
}

function isLetter(unit: number | undefined): boolean {
  return unit !== undefined && (unit | 0x20) >= 0x61 && (unit | 0x20) <= 0x7a;
}
