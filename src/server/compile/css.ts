/**
 * References in stylesheets: what `@import`, `url()`, `src()` and `image-set()` name, and replacing it in place. A tokenizer of the
 * standard and not a pattern: a `url(` in a comment or a string is no reference, and an escape in a name is one.
 */
import { tokenize, TokenType, type CSSToken } from '@csstools/css-tokenizer';

export interface CssReference {
  /** Range of the address as written: with quotes, or with `url(` and `)` when it is not quoted. */
  readonly start: number;
  readonly end: number;
  readonly kind: 'import' | 'url';
  /** Unescaped. */
  readonly specifier: string;
}

/** References to files; `data:`, other origins and `#fragments` are left out. */
export function scanCss(source: string): CssReference[] {
  const found: CssReference[] = [];
  /** Names of the functions that are open. */
  const functions: string[] = [];
  let atRule = '';
  /** The address of an `@import` is its first value. */
  let isFirst = false;
  for (const token of tokenize({ css: source })) {
    const address = addressOf(token);
    switch (token[0]) {
      case TokenType.Whitespace:
      case TokenType.Comment:
        continue;
      case TokenType.AtKeyword:
        atRule = token[4].value.toLowerCase();
        isFirst = true;
        continue;
      case TokenType.Semicolon:
      case TokenType.OpenCurly:
      case TokenType.CloseCurly:
        atRule = '';
        functions.length = 0;
        break;
      case TokenType.Function:
        functions.push(token[4].value.toLowerCase());
        break;
      case TokenType.OpenParen:
        functions.push('');
        break;
      case TokenType.CloseParen:
        functions.pop();
        break;
      default:
        break;
    }
    if (address !== undefined && isFile(address)) {
      const kind = kindOf(token[0], atRule, functions.at(-1), isFirst || (functions.length === 1 && atRule === 'import'));
      if (kind) found.push({ start: token[2], end: token[3] + 1, kind, specifier: address });
    }
    if (token[0] !== TokenType.Function) isFirst = false;
  }
  return found;
}

function addressOf(token: CSSToken): string | undefined {
  return token[0] === TokenType.URL || token[0] === TokenType.String ? token[4].value : undefined;
}

const WITH_ADDRESS = new Set(['url', 'src', 'image-set', '-webkit-image-set', 'image']);

function kindOf(type: TokenType, atRule: string, inFunction: string | undefined, isFirst: boolean): CssReference['kind'] | undefined {
  if (atRule === 'import') return isFirst && (type === TokenType.URL || inFunction === undefined || inFunction === 'url') ? 'import' : undefined;
  if (atRule === 'namespace' || atRule === 'charset') return undefined;
  return type === TokenType.URL || WITH_ADDRESS.has(inFunction ?? '') ? 'url' : undefined;
}

function isFile(address: string): boolean {
  return address !== '' && !/^(?:[a-z][a-z+.-]*:|\/\/|#)/i.test(address);
}

/** @param replace the new address, or undefined to leave it as it is */
export function rewriteCss(source: string, replace: (reference: CssReference) => string | undefined): string {
  let out = '';
  let at = 0;
  for (const reference of scanCss(source)) {
    const address = replace(reference);
    if (address === undefined) continue;
    const isQuoted = /^["']/.test(source.slice(reference.start, reference.start + 1));
    const text = quote(address);
    out += source.slice(at, reference.start) + (isQuoted ? text : `url(${text})`);
    at = reference.end;
  }
  return out + source.slice(at);
}

/** Relative addresses as root-absolute ones: a `<style>` has the address of its page. */
export function absoluteCssUrls(source: string, cssUrlPath: string): string {
  const base = new URL(cssUrlPath, 'http://page');
  return rewriteCss(source, ({ specifier }) => {
    const url = new URL(specifier, base);
    return url.pathname + url.search + url.hash;
  });
}

function quote(address: string): string {
  return `"${address.replace(/["\\]/g, '\\$&').replace(/\n/g, '\\a ')}"`;
}
