/**
 * The addresses in an HTML file and what each is for, with the ranges that a build writes others into. By tokens and ranges, as everything here
 * that changes a page: what is not an address stays byte for byte. Which elements load what is HTML's list ("links", "embedded content").
 */
import { createHtmlText, type HtmlText } from './html-encoding.ts';
import { scriptKind } from './html-scan.ts';
import { htmlTokens, readAttributes, type AttributeRanges, type HtmlToken } from './html-tokens.ts';

export type ReferenceKind =
  | 'module'
  | 'classic'
  | 'sheet'
  | 'asset'
  /** Several of them, with descriptors. */
  | 'srcset'
  /** A file that keeps its name: a link, a frame, a manifest. */
  | 'link'
  /** CSS, in an attribute or in a `<style>`. */
  | 'style'
  | 'style-text';

export interface HtmlReference {
  readonly kind: ReferenceKind;
  /** Bytes of the file: of the attribute's value, or of the text. */
  readonly start: number;
  readonly end: number;
  /** Decoded. */
  readonly value: string;
  /** Around the value, or empty. */
  readonly quote: string;
}

type StartTag = Extract<HtmlToken, { kind: 'start' }>;

/** What an attribute of an element names; of `script` and `link` see below. */
const ATTRIBUTES: Readonly<Record<string, Readonly<Record<string, ReferenceKind>>>> = {
  img: { src: 'asset', srcset: 'srcset' },
  source: { src: 'asset', srcset: 'srcset' },
  video: { src: 'asset', poster: 'asset' },
  audio: { src: 'asset' },
  track: { src: 'asset' },
  input: { src: 'asset' },
  use: { href: 'asset', 'xlink:href': 'asset' },
  image: { href: 'asset', 'xlink:href': 'asset' },
  feimage: { href: 'asset', 'xlink:href': 'asset' },
  a: { href: 'link' },
  area: { href: 'link' },
  iframe: { src: 'link' },
  frame: { src: 'link' },
  embed: { src: 'link' },
  object: { data: 'link' },
  form: { action: 'link' },
};

/** In order of the file. */
export function htmlReferences(html: Buffer): HtmlReference[] {
  const text = createHtmlText(html);
  const found: HtmlReference[] = [];
  scan(text, text.units, 0, found);
  return found;
}

/** @param units of the file from index `from` on */
function scan(text: HtmlText, units: Buffer, from: number, found: HtmlReference[]): void {
  let templateDepth = 0;
  for (const token of htmlTokens(units)) {
    if (token.kind === 'end' && token.name === 'template') templateDepth = Math.max(0, templateDepth - 1);
    if (token.kind === 'raw' && token.isClosed) {
      const [start, end] = [token.start + from, token.end + from];
      if (token.name === 'style') found.push({ kind: 'style-text', ...bytes(text, start, end), value: text.decode(start, end), quote: '' });
      // To browsers without scripts it is markup.
      if (token.name === 'noscript') scan(text, text.units.subarray(start, end), start, found);
    }
    if (token.kind !== 'start') continue;
    if (token.name === 'template') templateDepth++;
    found.push(...tagReferences(text, { ...token, start: token.start + from, end: token.end + from }, templateDepth > 0));
  }
}

function tagReferences(text: HtmlText, tag: StartTag, isInert: boolean): HtmlReference[] {
  const attributes = readAttributes(text.units, tag);
  const kinds = kindsOf(text, tag.name, attributes, isInert);
  const entries = Object.entries(attributes.has('style') ? { ...kinds, style: 'style' as const } : kinds);
  return entries.flatMap(([name, kind]) => {
    const range = attributes.get(name);
    const value = text.attribute(attributes, name);
    // An attribute without a value has an empty range behind its name.
    if (!range || value === null || value.trim() === '') return [];
    const before = String.fromCharCode(text.units[range.start - 1] ?? 0);
    return { kind, ...bytes(text, range.start, range.end), value, quote: before === '"' || before === "'" ? before : '' };
  });
}

function kindsOf(text: HtmlText, name: string, attributes: AttributeRanges, isInert: boolean): Readonly<Record<string, ReferenceKind>> {
  if (name === 'script') {
    const kind = isInert ? 'data' : scriptKind(text, attributes);
    return kind === 'module' || kind === 'classic' ? { src: kind } : {};
  }
  if (name === 'link') return linkKinds(text, attributes);
  if (name === 'meta') return attributes.has('property') || attributes.has('name') ? { content: 'link' } : {};
  return Object.hasOwn(ATTRIBUTES, name) ? (ATTRIBUTES[name] ?? {}) : {};
}

function linkKinds(text: HtmlText, attributes: AttributeRanges): Readonly<Record<string, ReferenceKind>> {
  const rel = new Set((text.attribute(attributes, 'rel') ?? '').toLowerCase().split(/\s+/));
  const as = text.attribute(attributes, 'as')?.toLowerCase();
  if (rel.has('stylesheet')) return { href: 'sheet' };
  if (rel.has('icon') || rel.has('apple-touch-icon') || rel.has('mask-icon')) return { href: 'asset' };
  if (rel.has('modulepreload')) return { href: 'module' };
  if (rel.has('preload') || rel.has('prefetch')) {
    if (as === 'style') return { href: 'sheet' };
    if (as === 'script') return { href: 'classic' };
    return as === 'image' || as === 'font' || as === 'video' || as === 'audio'
      ? { href: 'asset', imagesrcset: 'srcset' }
      : { href: 'link' };
  }
  return { href: 'link' };
}

function bytes(text: HtmlText, start: number, end: number): { readonly start: number; readonly end: number } {
  return { start: text.byteAt(start), end: text.byteAt(end) };
}

/** Where a sheet goes that comes after all others of the head: in front of its end; undefined for a page without such a tag. */
export function headEnd(html: Buffer): number | undefined {
  const text = createHtmlText(html);
  for (const token of htmlTokens(text.units)) {
    const isEnd = token.kind === 'end' && token.name === 'head';
    if (isEnd || (token.kind === 'start' && token.name === 'body')) return text.byteAt(token.start);
  }
  return undefined;
}

/** Where the script begins whose `src` or text is at a byte. */
export function tagStart(html: Buffer, at: number): number {
  const text = createHtmlText(html);
  let start = 0;
  for (const token of htmlTokens(text.units)) {
    if (text.byteAt(token.start) > at) break;
    if (token.kind === 'start') start = text.byteAt(token.start);
  }
  return start;
}

/** @param quote around the value, or empty */
export function escapeAttribute(value: string, quote: string): string {
  const ends = quote === '' ? /[&"'<>=`\s]/g : quote === '"' ? /[&"]/g : /[&']/g;
  return value.replace(ends, (character) => `&#${character.charCodeAt(0)};`);
}

/** The addresses of a `srcset` (HTML, "parse a srcset attribute"), replaced; undefined where nothing is. */
export function replaceSrcset(value: string, urlFor: (url: string) => string | undefined): string | undefined {
  const out = value.replace(/([\s,]*)([^\s,]\S*)((?:[^(,]|\([^)]*\))*)/g, (_, before: string, token: string, after: string) => {
    const commas = /,+$/.exec(token)?.[0] ?? '';
    const url = token.slice(0, token.length - commas.length);
    // Commas at the end of an address end the candidate; what follows is the next one.
    const rest = commas === '' ? after : (replaceSrcset(after, urlFor) ?? after);
    return before + (urlFor(url) ?? url) + commas + rest;
  });
  return out === value ? undefined : out;
}
