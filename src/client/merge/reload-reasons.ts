/**
 * Changes of HTML that only a new document can show, found before anything is touched: what decides how a document is read (doctype, charset,
 * base, policy) counts when it is made, and what a script has done stays done.
 */
import type { Alignment } from './alignment.ts';
import type { Difference } from './difference.ts';
import { isTemplateRoot } from './framework-roots.ts';
import { elementsIn, isElement, isShadowTemplate, parentOf } from './tree.ts';
import { whyReload as whyReloadForScript } from './scripts.ts';

const WATCHED = 'script, base, meta';

/** A reason for people, or undefined. */
export function whyReload(
  before: Document,
  after: Document,
  difference: Difference,
  { liveOf, isMarkedUp }: Alignment,
): string | undefined {
  if (doctypeOf(before) !== doctypeOf(after)) return 'its doctype changed';
  if (before.body?.localName !== 'body' || after.body?.localName !== 'body') return 'it is a frameset';
  const { changed, gone, added, oldOf, isKept } = difference;
  if ([...changed.map(([old]) => old), ...gone].some(isMarkedUp)) return 'scripts have made elements of the text that changed';
  for (const node of gone) {
    if (isShadowTemplate(node)) return 'a shadow root cannot be taken away';
    for (const element of elementsIn(node, WATCHED)) {
      const reason = isWithin(element, node, isKept) ? undefined : whyOne(element, 'gone');
      if (reason !== undefined) return reason;
    }
  }
  for (const node of added) {
    for (const element of elementsIn(node, WATCHED)) {
      const reason = isWithin(element, node, (kept) => oldOf(kept) !== undefined) ? undefined : whyOne(element, 'added');
      if (reason !== undefined) return reason;
    }
  }
  for (const [old, now] of changed) {
    if (isShadowTemplate(old) && isShadowTemplate(now)) {
      if (old.getAttribute('shadowrootmode') !== now.getAttribute('shadowrootmode')) return 'a shadow root cannot change its mode';
      const host = parentOf(old);
      if (host && liveOf(host) && !liveOf(old)) return 'a closed shadow root changed, which nobody can reach';
    }
    if (!isElement(old) || !isElement(now) || old.localName === 'script') continue;
    if (old.innerHTML !== now.innerHTML && isTemplateRoot(liveOf(old))) return 'the template of a Vue app changed';
    const reason = whyOne(old, 'gone') ?? whyOne(now, 'added');
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function whyOne(element: Element, change: 'gone' | 'added'): string | undefined {
  switch (element.localName) {
    case 'script':
      return whyReloadForScript(element, change);
    case 'base':
      return 'its <base> changed';
    case 'meta':
      if (element.hasAttribute('charset')) return 'its charset changed';
      return /^(content-security-policy|content-type)$/i.test(element.getAttribute('http-equiv') ?? '')
        ? `its <meta http-equiv="${element.getAttribute('http-equiv')}"> changed`
        : undefined;
    default:
      return undefined;
  }
}

/** In a part that turned up elsewhere, or came from there. */
function isWithin(element: Element, top: Node, isKept: (node: Node) => boolean): boolean {
  for (let node: Node | null = element; node && node !== top; node = parentOf(node)) if (isKept(node)) return true;
  return false;
}

function doctypeOf({ doctype }: Document): string {
  return doctype ? `${doctype.name} ${doctype.publicId} ${doctype.systemId}` : '';
}
