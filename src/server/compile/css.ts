/**
 * The URLs in a stylesheet: found by a real tokenizer, because escapes, comments, quotes and `url()` without quotes defeat every regular
 * expression; replaced by position, everything else untouched. Tokens are read and dropped one by one (20 ms a megabyte); a list of them
 * costs ten times that.
 */
import { tokenizer, TokenType, type CSSToken } from '@csstools/css-tokenizer';
import { codeFrame, HmrError, placeAt } from '../errors.ts';

export interface CssReference {
  /** Of the string with its quotes, or of the whole `url(x)` where there are none. */
  readonly start: number;
  readonly end: number;
  /** `import` is a stylesheet, `url` anything else. */
  readonly kind: 'import' | 'url';
  /** Unescaped, as the URL parser gets it. */
  readonly specifier: string;
}

/** All references in source order, also those that no file answers (`data:`, `#fragment`); see {@link isLocalUrl}. */
export function scanCss(source: string): CssReference[] {
  const { nextToken } = tokenizer({ css: source });
  const found: CssReference[] = [];
  const add: Add = (kind, token) => {
    if (token[0] !== TokenType.String && token[0] !== TokenType.URL) return;
    found.push({ kind, start: token[2], end: token[3] + 1, specifier: token[4].value });
  };
  for (let token = nextToken(); token[0] !== TokenType.EOF; token = nextToken()) {
    if (token[0] === TokenType.AtKeyword) readAtRule(token[4].value, nextToken, add);
    else if (token[0] === TokenType.URL) add('url', token);
    else if (token[0] === TokenType.Function && holdsUrls(token[4].value)) readFunction(token[4].value, nextToken, add);
  }
  return found;
}

/**
 * Replaces URLs of files. A replacement is the new URL, unescaped; quotes are kept, and added where the new URL needs them.
 * @param references of {@link scanCss} @param urlFor undefined keeps the text as it is
 */
export function replaceUrls<R extends CssReference>(
  source: string,
  references: readonly R[],
  urlFor: (reference: R) => string | undefined,
): string {
  let out = '';
  let copied = 0;
  for (const reference of references) {
    if (!isLocalUrl(reference.specifier)) continue;
    const url = urlFor(reference);
    if (url === undefined) continue;
    out += source.slice(copied, reference.start) + write(url, source.charAt(reference.start));
    copied = reference.end;
  }
  return copied === 0 ? source : out + source.slice(copied);
}

/** For style text that the page puts into its own document: what was relative to the sheet is made relative to the served root. */
export function absoluteCssUrls(source: string, cssUrlPath: string): string {
  return replaceUrls(source, scanCss(source), ({ specifier }) => absoluteUrl(specifier, cssUrlPath));
}

/** Undefined when there is nothing to change. @param base URL path of the sheet */
export function absoluteUrl(url: string, base: string): string | undefined {
  if (url.startsWith('/') || !isLocalUrl(url) || !URL.canParse(url, `http://sheet${base}`)) return undefined;
  const { pathname, search, hash } = new URL(url, `http://sheet${base}`);
  return pathname + search + hash;
}

/** Whether a URL names a file: not another origin's, not inline data, not a part of this document, not nothing. */
export function isLocalUrl(url: string): boolean {
  return !/^\s*(?:$|#|\/\/|[a-z][a-z\d+.-]*:)/i.test(url);
}

type NextToken = () => CSSToken;
type Add = (kind: CssReference['kind'], token: CSSToken) => void;

/** `@import` up to its end; of other rules with URLs that nobody fetches, the prelude. */
function readAtRule(name: string, nextToken: NextToken, add: Add): void {
  if (!/^(?:import|namespace|supports|(?:-moz-)?document)$/i.test(name)) return;
  // An import's URL is the first thing: what follows is a condition.
  let isExpected = name.toLowerCase() === 'import';
  for (;;) {
    const token = nextToken();
    if (token[0] === TokenType.EOF || token[0] === TokenType.Semicolon || token[0] === TokenType.OpenCurly) return;
    if (!isExpected || token[0] === TokenType.Whitespace || token[0] === TokenType.Comment) continue;
    isExpected = token[0] === TokenType.Function && /^(?:url|src)$/i.test(token[4].value);
    add('import', token);
  }
}

/** `url("x")` and `image-set("x" 1x, url(y) 2x)`, up to the parenthesis. Only `url(x)` is a single token. */
function readFunction(name: string, nextToken: NextToken, add: Add): void {
  const open = [name];
  while (open.length > 0) {
    const token = nextToken();
    if (token[0] === TokenType.Function) open.push(token[4].value);
    else if (token[0] === TokenType.OpenParen) open.push('');
    else if (token[0] === TokenType.CloseParen) open.pop();
    // A string in `type("image/png")` is no URL.
    else if (token[0] === TokenType.URL || holdsUrls(open.at(-1) ?? '')) add('url', token);
    if (ENDS.has(token[0])) return;
  }
}

// What ends a value whose parenthesis the author forgot.
const ENDS: ReadonlySet<TokenType> = new Set([TokenType.EOF, TokenType.CloseCurly, TokenType.Semicolon]);

function holdsUrls(name: string): boolean {
  return /^(?:url|src|(?:-webkit-)?image-set)$/i.test(name);
}

/** @param first what the replaced text begins with: its quote, or the `u` of `url(` */
function write(url: string, first: string): string {
  if (first !== '"' && first !== "'") return /^[^\s"'()\\\p{Cc}]+$/u.test(url) ? `url(${url})` : `url(${quote(url, '"')})`;
  return quote(url, first);
}

function quote(url: string, mark: string): string {
  const escaped = url.replace(/["'\\]/g, (character) => (character === mark || character === '\\' ? `\\${character}` : character));
  return mark + escaped.replace(/\p{Cc}/gu, (character) => `\\${character.codePointAt(0)?.toString(16) ?? ''} `) + mark;
}

/** By what closes it: where it was opened. */
type Open = readonly [closer: TokenType, at: number, text: string];

const CLOSERS: ReadonlyMap<TokenType, TokenType> = new Map([
  [TokenType.OpenCurly, TokenType.CloseCurly],
  [TokenType.OpenParen, TokenType.CloseParen],
  [TokenType.Function, TokenType.CloseParen],
  [TokenType.OpenSquare, TokenType.CloseSquare],
]);

/**
 * Mistakes that lose what follows: an open block, comment or string. A browser reads on without a word, and half of the rules are gone; whoever
 * saves that is in the middle of typing. @throws HmrError `SYNTAX`
 */
export function checkCss(source: string, filePath: string): void {
  let broken: { readonly at: number } | undefined;
  const { nextToken } = tokenizer(
    { css: source },
    { onParseError: ({ message, sourceStart: at }) => void (UNCLOSED.test(message) && (broken ??= { at })) },
  );
  const open: Open[] = [];
  for (let token = nextToken(); token[0] !== TokenType.EOF; token = nextToken()) {
    const closer = CLOSERS.get(token[0]);
    if (closer !== undefined) open.push([closer, token[2], token[1]]);
    // A closer of anything else is passed over, as browsers do.
    else if (open.at(-1)?.[0] === token[0]) open.pop();
  }
  const innermost = open.at(-1);
  const at = broken?.at ?? innermost?.[1];
  if (at === undefined) return;
  const what = broken ? (WORDS[source.charAt(at)] ?? 'A string') : `"${innermost?.[2]}"`;
  const place = placeAt(source, at);
  throw new HmrError('SYNTAX', `${what} is not closed.`, {
    location: { file: filePath, ...place },
    frame: codeFrame(source, place.line, place.column),
  });
}

const UNCLOSED = /^Unexpected EOF\b/;
const WORDS: Readonly<Record<string, string>> = { '/': 'A comment', u: 'A url()', U: 'A url()' };
