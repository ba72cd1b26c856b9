/**
 * Merges an edit of a page's HTML into the live page, three-way: what differs between the old file and the new one is brought to the
 * nodes of the live page that come from there, and nothing else is touched. Loaded when the first such edit comes. Our own and not a
 * morphing library: those compare the live page with the new file, and so cannot tell what the author changed from what scripts did.
 */
import { toUrl } from '../base.ts';
import { PAGE_PATH, PAGE_SOURCE_PATH, TOKEN_HEADER, type PageAnswer, type PageRequest } from '../../protocol.ts';
import type { MergeHost, MergeOutcome } from '../page-merge.ts';
import { createAlignment } from './alignment.ts';
import { applyDifference, type Applied } from './apply.ts';
import { findDifference } from './difference.ts';
import { outline } from './highlight.ts';
import { keepingPlace } from './place.ts';
import { whyReload } from './reload-reasons.ts';

/** @returns brings the page level with its file */
export function createMerge(host: MergeHost): () => Promise<MergeOutcome> {
  const { page, post } = host;
  /** What the page shows, parsed. */
  let shown: { readonly hash: string; readonly document: Document } | undefined;

  return async () => {
    const { file } = page;
    const answer = (await post.send(PAGE_PATH, { file, hash: page.hash } satisfies PageRequest)) as PageAnswer;
    if (answer.kind === 'gone') return { kind: 'kept', reason: 'the file is gone' };
    if (answer.kind === 'unfinished') return { kind: 'kept', reason: answer.reason };
    if (answer.kind === 'large') return { kind: 'reload', reason: answer.reason };
    if (answer.hash === page.hash) return { kind: 'same' };
    const known = shown?.hash === page.hash ? shown.document : undefined;
    const unknown = { kind: 'reload', reason: 'what this page was made of is not known any more' } as const;
    if (!known && !answer.isOldKnown) return unknown;
    const [before, after] = await Promise.all([
      known ?? fetchDocument({ file, hash: page.hash }, post.token()),
      fetchDocument({ file, hash: answer.hash }, post.token()),
    ]);
    if (!before || !after) return unknown;
    await parsed();
    const outcome = mergeDocuments(before, after, host);
    if (outcome.kind === 'reload') return outcome;
    shown = { hash: answer.hash, document: after };
    page.hash = answer.hash;
    return outcome;
  };
}

/** Of two files, neither of which is changed. The new one's tree is kept for the next time. */
export function mergeDocuments(before: Document, after: Document, { page: { file }, nonce, highlight }: MergeHost): MergeOutcome {
  const difference = findDifference(before, after);
  const alignment = createAlignment(before, document);
  const reason = whyReload(before, after, difference, alignment);
  if (reason !== undefined) return { kind: 'reload', reason };
  if (difference.changed.length === 0) return { kind: 'same' };
  const detail: HmrHtmlEdit = { file, before, after };
  if (!document.dispatchEvent(new CustomEvent('hmr-dev:html', { cancelable: true, detail })))
    return { kind: 'merged', text: 'html left to the page' };
  let applied: Applied;
  try {
    applied = keepingPlace(() => applyDifference(difference, alignment, nonce));
  } catch (error) {
    // The page's policy, or a custom element of the author's that throws: half of it may be done.
    return { kind: 'reload', reason: `merging threw ${String(error)}` };
  }
  const { count, dropped, touched, added } = applied;
  if (count === 0 && dropped > 0) return { kind: 'reload', reason: 'scripts have replaced what was there' };
  if (count === 0) return { kind: 'same' };
  if (highlight) outline(touched);
  document.dispatchEvent(new CustomEvent('hmr-dev:html-updated', { detail: { ...detail, added: [...added], changed: [...touched] } }));
  return { kind: 'merged', text: `html merged (${count} ${count === 1 ? 'node' : 'nodes'})` };
}

/** What the parser has not reached yet would be taken for removed. Scripts that wait are not waited for. */
async function parsed(): Promise<void> {
  if (document.readyState !== 'loading') return;
  await new Promise((resolve) => document.addEventListener('readystatechange', resolve, { once: true }));
}

/**
 * By XMLHttpRequest, which is the one way to a parsed document that needs no string in the page: Trusted Types has nothing to forbid.
 * @returns undefined when the server does not know it
 */
function fetchDocument(request: PageRequest, token: string): Promise<Document | undefined> {
  return new Promise((resolve, reject) => {
    const http = new XMLHttpRequest();
    http.open('POST', toUrl(PAGE_SOURCE_PATH));
    http.responseType = 'document';
    http.setRequestHeader('content-type', 'application/json');
    http.setRequestHeader(TOKEN_HEADER, token);
    http.addEventListener('readystatechange', () => {
      const type = http.getResponseHeader('content-type') ?? '';
      // Where neither server nor file names one, this page was read by the browser's guess, and another request guesses UTF-8.
      if (http.readyState === XMLHttpRequest.HEADERS_RECEIVED && type.startsWith('text/html') && !type.includes('charset='))
        http.overrideMimeType(`text/html; charset=${document.characterSet}`);
    });
    http.addEventListener('load', () => resolve(http.response instanceof Document ? http.response : undefined));
    http.addEventListener('error', () => reject(new Error(`${PAGE_SOURCE_PATH} could not be asked`)));
    http.send(JSON.stringify(request));
  });
}
