/**
 * Puts the client into a page as one early script, and decides which answers are pages. The tag goes in by position and every other
 * byte stays: a parser that prints the page anew, or a replace of `</head>`, changes pages that nobody edited. Early and classic, so that
 * it runs before the page's own scripts and takes its place in front of any policy that a `<meta>` sets.
 */
import type { IncomingMessage } from 'node:http';
import { createHtmlText } from './html-encoding.ts';
import { findNonce } from './html-scan.ts';
import { type HtmlToken, htmlTokens, isHtmlSpace } from './html-tokens.ts';

export interface ByteEdit {
  /** Byte range of the file that the text takes the place of. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A page tells what it is in its first tags. */
const LOOK_BYTES = 64 * 1024;
const DOCUMENT_TAGS: ReadonlySet<string> = new Set(['html', 'head', 'body']);
/** End tags that count even though nothing is open (HTML §13.2.6.4.2, "before html"). */
const OPENS_BODY: ReadonlySet<string> = new Set(['head', 'body', 'html', 'br']);
const DOCUMENT_DESTINATIONS: ReadonlySet<string> = new Set(['document', 'iframe', 'frame', 'embed', 'object', 'fencedframe']);

/**
 * @param tag makes the markup; the nonce is safe to stand in a quoted attribute
 */
export function injectClient(html: Buffer, tag: (nonce: string | null) => string): Buffer {
  const text = createHtmlText(html);
  const at = text.byteAt(insertionPoint(text.units).at);
  return Buffer.concat([html.subarray(0, at), text.encode(tag(findNonce(text))), html.subarray(at)]);
}

/** Whether what follows this beginning of a page can change nothing about the place of the client. */
export function hasPlace(html: Buffer): boolean {
  const { units } = createHtmlText(html);
  const { token } = insertionPoint(units);
  return token !== undefined && token.end < units.length;
}

/** Edits are given in any order and must not overlap. The text is written in the encoding of the file. */
export function replaceRanges(html: Buffer, edits: readonly ByteEdit[]): Buffer {
  if (edits.length === 0) return html;
  const { encode } = createHtmlText(html);
  const parts: Buffer[] = [];
  let at = 0;
  for (const edit of edits.toSorted((a, b) => a.start - b.start)) {
    if (edit.start < at || edit.end < edit.start || edit.end > html.length) {
      throw new RangeError(`Edit ${edit.start}–${edit.end} overlaps another one or is not in the file`);
    }
    parts.push(html.subarray(at, edit.start), encode(edit.text));
    at = edit.end;
  }
  return Buffer.concat([...parts, html.subarray(at)]);
}

/**
 * Does the request load a page into a tab or frame, rather than fetch its text? Browsers say so (`Sec-Fetch-Dest`), but only over
 * HTTPS and to localhost; without the header the Accept header and the file itself have to tell.
 */
export function wantsClient(req: IncomingMessage, isDocument: boolean): boolean {
  const destination = req.headers['sec-fetch-dest'];
  if (typeof destination === 'string') return DOCUMENT_DESTINATIONS.has(destination);
  const accept = req.headers.accept ?? '*/*';
  return acceptsHtml(req) || (accept.trim() === '*/*' && isDocument);
}

/** What the address bar and links send, and `fetch()` and subresources do not. */
export function acceptsHtml(req: IncomingMessage): boolean {
  return /\btext\/html\b/i.test(req.headers.accept ?? '');
}

/** A whole page, or a fragment that some script puts into one? */
export function looksLikeDocument(html: Buffer): boolean {
  const { units } = createHtmlText(html.subarray(0, LOOK_BYTES));
  for (const token of htmlTokens(units)) {
    if (token.kind === 'doctype' || (token.kind === 'start' && DOCUMENT_TAGS.has(token.name))) return true;
  }
  return false;
}

/**
 * Behind the `<head>` tag; without one, behind doctype, comments, `<html>` and white space, which is dropped only as long as no element
 * is open, and in front of whatever makes the parser open a head by itself.
 * @returns with the token that tells
 */
function insertionPoint(units: Buffer): { readonly at: number; readonly token: HtmlToken | undefined } {
  let at = 0;
  for (const token of htmlTokens(units)) {
    switch (token.kind) {
      case 'doctype':
      case 'comment':
        if (!token.isClosed) return { at: token.start, token };
        break;
      case 'start':
        if (token.name === 'head') return { at: token.end, token };
        if (token.name !== 'html') return { at: token.start, token };
        break;
      case 'text':
        at = token.start;
        while (isHtmlSpace(units[at])) at++;
        if (at < token.end) return { at, token };
        break;
      case 'end':
        if (OPENS_BODY.has(token.name)) return { at: token.start, token };
        break; // dropped
      case 'raw':
        return { at: token.start, token };
    }
    at = token.end;
  }
  return { at, token: undefined };
}
