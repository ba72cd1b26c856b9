/**
 * The HTML of pages as they were served lately, so that a page can merge what changed: its browser keeps the tree but not the text that it
 * was made of. Without the client's tag, and without what `<noscript>` holds, which a parser that runs no scripts would take for elements.
 */
import type { PageAnswer, PageRequest } from '../protocol.ts';
import { hashOf } from './content-hash.ts';
import { contentType } from './http/content-type.ts';
import { replaceRanges } from './http/html-inject.ts';
import { createHtmlText } from './http/html-encoding.ts';
import { htmlTokens } from './http/html-tokens.ts';
import { whyUnfinished } from './http/html-unfinished.ts';
import type { Content } from './http/send-content.ts';
import { createRecent } from './recent.ts';

export interface PageSources {
  /** @returns the hash that the page is known by */
  remember(urlPath: string, page: PageSource): string;
  ask(request: PageRequest, now: PageSource | undefined): PageAnswer;
  content(request: PageRequest): Content | undefined;
}

export interface PageSource {
  /** As the author wrote it, or a plugin made it. */
  readonly written: Buffer;
  /** With inline modules as imports. */
  readonly linked: Buffer;
}

/** Versions of all pages together. Whoever has an older one open reloads. */
const REMEMBERED_PAGES = 64;
const LARGEST_BYTES = 4 * 1024 * 1024;

export function createPageSources(): PageSources {
  const pages = createRecent<PageSource>(REMEMBERED_PAGES);
  /** Unfinished files, until one is finished. */
  const refused = createRecent<Buffer | undefined>(REMEMBERED_PAGES);
  const keyOf = ({ file, hash }: PageRequest): string => `${hash} ${file}`;
  const remember: PageSources['remember'] = (urlPath, page) => {
    const hash = hashOf(page.written);
    if (page.written.length <= LARGEST_BYTES) pages.set(keyOf({ file: urlPath, hash }), page);
    return hash;
  };
  const whyRefused = (file: string, now: Buffer, old: Buffer): string | undefined => {
    if (whyUnfinished(now, old) === undefined) {
      refused.set(file, undefined);
      return undefined;
    }
    const reason = whyUnfinished(now, old, refused.get(file));
    if (reason !== undefined) refused.set(file, now);
    return reason;
  };
  return {
    remember,
    ask(request, now) {
      if (!now) return { kind: 'gone' };
      const old = pages.get(keyOf(request));
      const reason = old && whyRefused(request.file, now.written, old.written);
      if (reason !== undefined) return { kind: 'unfinished', reason };
      const hash = remember(request.file, now);
      if (hash !== request.hash && now.written.length > LARGEST_BYTES)
        return { kind: 'large', reason: `it is larger than ${LARGEST_BYTES / 1024 / 1024} MB, more than is merged` };
      return { kind: 'page', hash, isOldKnown: old !== undefined };
    },
    content(request) {
      const page = pages.get(keyOf(request));
      if (!page) return undefined;
      return { type: contentType('page.html', page.linked), body: withoutNoscript(page.linked) };
    },
  };
}

function withoutNoscript(html: Buffer): Buffer {
  const { units, byteAt } = createHtmlText(html);
  const edits = [];
  for (const token of htmlTokens(units))
    if (token.kind === 'raw' && token.name === 'noscript') edits.push({ start: byteAt(token.start), end: byteAt(token.end), text: '' });
  return replaceRanges(html, edits);
}
