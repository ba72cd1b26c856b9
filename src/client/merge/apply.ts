/**
 * Brings what the author changed into the live page, and touches nothing else: no node moves that need not, and a node that moves keeps what it
 * holds where the browser can do that (`moveBefore`). What scripts have removed stays removed; what they have added stays where it is.
 */
import type { Alignment } from './alignment.ts';
import { copyOwnAttributes, mergeAttributes } from './attributes.ts';
import { attachShadow, copyOf, shellOf } from './copies.ts';
import type { Difference } from './difference.ts';
import { isFrameworkRoot } from './framework-roots.ts';
import { commonEnds } from './likeness.ts';
import { childrenOf, contentOf, isBlank, isElement, isShadowTemplate, isText, longestRising, parentOf } from './tree.ts';

export interface Applied {
  /** Elements that are new or whose attributes, text or children changed. */
  readonly touched: ReadonlySet<Element>;
  /** Elements among them that were put in. */
  readonly added: ReadonlySet<Element>;
  /** Nodes that were changed, put in, moved or taken out. */
  readonly count: number;
  /** Edits of what scripts have removed. */
  readonly dropped: number;
}

export function applyDifference(difference: Difference, { liveOf, settle }: Alignment, nonce: string | undefined): Applied {
  const { changed, gone, added: addedNodes, shells, oldOf, isKept, renamedFrom } = difference;
  const touched = new Set<Element>();
  const added = new Set<Element>();
  let count = 0;
  let dropped = 0;

  const touch = (node: Node | null): void => {
    count++;
    const element = isElement(node) ? node : node?.parentElement;
    if (element) touched.add(element);
  };

  /** @param old where it was, or should have come to */
  const drop = (node: Node, old: Node | null): void => {
    let around = old;
    while (around && !liveOf(around)) around = parentOf(around);
    if (!isBlank(node) && !isFrameworkRoot(around ? liveOf(around) : undefined)) dropped++;
  };

  const changeText = (live: Node, now: string): void => {
    if (!(live instanceof CharacterData) || live.data === now) return;
    replaceMiddle(live, now);
    if (live.parentElement instanceof HTMLTextAreaElement) live.parentElement.value = now;
    if (!isBlank(live)) touch(live);
  };

  /** Puts the children of a new node into the live one, around what is only there. */
  const fill = (old: Node | undefined, now: Node, live: Node): void => {
    const target = contentOf(live);
    const kids = childrenOf(now);
    const isKnown = (kid: Node): boolean => liveOf(oldOf(kid) ?? kid) !== undefined;
    if (isFrameworkRoot(live) && !kids.some(isKnown)) return;
    const staying = stayingOf(old, kids);
    let last: Node | undefined;
    for (const [index, kid] of kids.entries()) {
      const before = oldOf(kid);
      const known = before && liveOf(before);
      if (staying.has(kid)) {
        if (known?.parentNode === target) last = known;
        continue;
      }
      const origin = before ?? renamedFrom(kid);
      if (origin && !liveOf(origin)) {
        drop(kid, origin);
        continue;
      }
      const next = last ? last.nextSibling : followerOf(kids.slice(index + 1), staying, target);
      if (known) {
        move(known, target, next);
        touch(known);
        last = known;
      } else last = insert(kid, target, next);
    }
  };

  /** Those that keep their order. Between a file and itself all do. */
  const stayingOf = (old: Node | undefined, kids: readonly Node[]): ReadonlySet<Node> => {
    if (!old) return new Set();
    const before = childrenOf(old);
    if (before.length === kids.length && kids.every((kid, index) => (oldOf(kid) ?? kid) === before[index])) return new Set(kids);
    const places = new Map([...contentOf(old).childNodes].map((node, index) => [node as Node, index]));
    const here = kids.flatMap((kid) => {
      const place = places.get(oldOf(kid) ?? kid);
      return place === undefined ? [] : [{ kid, place }];
    });
    const rising = longestRising(here.map(({ place }) => place));
    return new Set(here.filter((_, index) => rising.has(index)).map(({ kid }) => kid));
  };

  const followerOf = (kids: readonly Node[], staying: ReadonlySet<Node>, target: Node): Node | null => {
    for (const kid of kids) {
      const old = staying.has(kid) ? oldOf(kid) : undefined;
      const live = old && liveOf(old);
      if (live?.parentNode === target) return live;
    }
    return null;
  };

  const insert = (kid: Node, target: Node, next: Node | null): Node => {
    const renamed = renamedFrom(kid);
    const live = renamed && liveOf(renamed);
    const isShell = shells.has(kid) || isElement(live);
    const copy = isShell ? shellOf(kid, nonce) : copyOf(kid, nonce);
    target.insertBefore(copy, next);
    if (isShell) {
      // Chromium starts CSS animations anew that come to an element whose style was never computed.
      if (isElement(copy)) copy.getBoundingClientRect();
      if (renamed && isElement(live) && isElement(copy)) {
        copyOwnAttributes(renamed, live, copy);
        const { scrollLeft, scrollTop } = live;
        while (live.firstChild) move(live.firstChild, copy, null);
        // Before the next look at the layout: browsers hold on to what is looked at, and would scroll after the empty one.
        live.remove();
        fill(renamed, kid, copy);
        if (scrollLeft !== 0 || scrollTop !== 0) copy.scrollTo(scrollLeft, scrollTop);
      } else fill(undefined, kid, copy);
    }
    if (!isBlank(copy)) touch(copy);
    if (isElement(copy)) added.add(copy);
    return copy;
  };

  const change = (old: Node, now: Node): void => {
    const live = liveOf(old);
    if (!live) drop(now, old);
    else if (isElement(old) && isElement(now) && !isShadowTemplate(old)) {
      if (!isElement(live)) return;
      if (changesLink(old, now)) {
        replaceLink(live, old, now);
        touch(live);
        return;
      }
      if (mergeAttributes(old, now, live) > 0) touch(live);
      fill(old, now, live);
    } else if (isShadowTemplate(old)) fill(old, now, live);
    else changeText(live, now.nodeValue ?? '');
  };

  // Looked up while the live page is as it was.
  for (const [old] of changed) settle(old);
  const leaving = [...gone].map((old) => ({ old, live: liveOf(old) }));
  const settleAll = (node: Node): void => {
    settle(node);
    // Parts of it move out.
    for (const child of childrenOf(node)) if (isElement(child) && !isKept(child)) settleAll(child);
  };
  for (const node of gone) if (isElement(node)) settleAll(node);
  for (const [old, now] of changed) change(old, now);
  for (const node of addedNodes) {
    const host = isShadowTemplate(node) ? liveHost(node, oldOf, liveOf) : undefined;
    if (!host || !isShadowTemplate(node) || host.shadowRoot) continue;
    attachShadow(host, node, nonce);
    touch(host);
  }
  for (const { old, live } of leaving) {
    if (!live) drop(old, old);
    else {
      if (!isBlank(live)) touch(live.parentElement);
      live.parentNode?.removeChild(live);
    }
  }
  return { touched, added, count, dropped };
}

function liveHost(template: Node, oldOf: Difference['oldOf'], liveOf: Alignment['liveOf']): Element | undefined {
  const host = parentOf(template);
  const old = host && oldOf(host);
  const live = old && liveOf(old);
  return isElement(live) ? live : undefined;
}

/** Only the part that differs, so that a selection in the rest stays. */
function replaceMiddle(live: CharacterData, now: string): void {
  const { data } = live;
  const [start, end] = commonEnds(data, now);
  live.replaceData(start, data.length - start - end, now.slice(start, now.length - end));
}

function move(node: Node, target: Node, next: Node | null): void {
  if (node.parentNode === target && node.nextSibling === next) return;
  const isInPlace = node.isConnected && node.getRootNode() === target.getRootNode() && (isElement(node) || isText(node));
  if (isInPlace && 'moveBefore' in target) (target as Element).moveBefore(node, next);
  else target.insertBefore(node, next);
}

function changesLink(old: Element, now: Element): boolean {
  return (
    old.localName === 'link' &&
    /\bstylesheet\b/i.test(now.getAttribute('rel') ?? '') &&
    old.getAttribute('href') !== now.getAttribute('href')
  );
}

/** The old sheet stays until the new one is there. */
function replaceLink(live: Element, old: Element, now: Element): void {
  const link = live.cloneNode() as HTMLLinkElement;
  mergeAttributes(old, now, link);
  const leave = (): void => live.remove();
  link.addEventListener('load', leave, { once: true });
  link.addEventListener('error', leave, { once: true });
  live.after(link);
}
