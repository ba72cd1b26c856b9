/**
 * How much two nodes look like the same one: by name and id first, then by attributes and text. Used between two versions of a file, where
 * most is equal, and between a file and the live page, where scripts and visitors have left their marks.
 */
import { isSameScript } from './scripts.ts';
import { isElement, isText } from './tree.ts';

export interface Likeness {
  isEqual(a: Node, b: Node): boolean;
  /** 0: not the same. */
  score(a: Node, b: Node): number;
  /** The same for equal nodes only. */
  key(node: Node): string;
  /** The beginning of its text. */
  text(node: Node): string;
  /** Markup of what is in it. */
  inner(element: Element): string;
}

/** Enough to know an element again, whatever else changed of it. */
export const SURE = 4;
const COMPARED_TEXT = 400;

/** @param deep also compares what templates hold, which `isEqualNode` passes over */
export function createLikeness(deep: boolean): Likeness {
  const keys = new Map<Node, string>();
  const texts = new Map<Node, string>();
  const inners = new Map<Node, string>();
  const key = (node: Node): string => remember(keys, node, () => (isElement(node) ? node.outerHTML : `${node.nodeType} ${node.nodeValue}`));
  const text = (node: Node): string => remember(texts, node, () => (node.textContent ?? '').trim().slice(0, COMPARED_TEXT));

  const elementScore = (a: Element, b: Element): number => {
    if (a.localName !== b.localName || a.namespaceURI !== b.namespaceURI) return 0;
    if (a.localName === 'script') return isSameScript(a, b) ? 2 * SURE : 0;
    if (a.id !== b.id && a.id !== '' && b.id !== '') return 0.5;
    return 1 + (a.id !== '' && a.id === b.id ? 6 : 0) + contentScore(a, b);
  };

  /** Up to 5. */
  const contentScore = (a: Element, b: Element): number => 2 * sharedAttributes(a, b) + 3 * sharedText(text(a), text(b));

  return {
    isEqual: (a, b) => a.isEqualNode(b) && (!deep || key(a) === key(b)),
    key,
    text,
    inner: (element) => remember(inners, element, () => element.innerHTML),
    score(a, b) {
      if (a.nodeType !== b.nodeType) return 0;
      if (isElement(a) && isElement(b)) return elementScore(a, b);
      if (isText(a) && text(a) === '') return text(b) === '' ? 0.1 : 0;
      if (isText(b) && text(b) === '') return 0;
      return text(a) === text(b) ? 3 : 1 + sharedText(text(a), text(b));
    },
  };
}

/** Whether an element could be another with a new tag name. */
export function isSameContent(likeness: Likeness, a: Element, b: Element): boolean {
  if (a.localName === b.localName || a.localName === 'script' || b.localName === 'script') return false;
  if (a.id !== '' && a.id === b.id) return true;
  const isAlike =
    sharedAttributes(a, b) === 1 && (likeness.inner(a) === likeness.inner(b) || sharedText(likeness.text(a), likeness.text(b)) > 0.5);
  return isAlike && !contains(likeness, a, b) && !contains(likeness, b, a);
}

/** Whether one was wrapped into the other. */
export function contains(likeness: Likeness, outer: Node, inner: Node): boolean {
  if (!isElement(outer) || !isElement(inner) || outer.firstElementChild === null) return false;
  return likeness.inner(outer).includes(likeness.key(inner));
}

function remember(cache: Map<Node, string>, node: Node, make: () => string): string {
  let text = cache.get(node);
  if (text === undefined) cache.set(node, (text = make()));
  return text;
}

function sharedAttributes(a: Element, b: Element): number {
  const count = Math.max(a.attributes.length, b.attributes.length);
  if (count === 0) return 1;
  let shared = 0;
  for (const name of a.getAttributeNames()) if (b.getAttribute(name) === a.getAttribute(name)) shared++;
  return shared / count;
}

/** Part of the text that is the same at the beginning and at the end. */
function sharedText(a: string, b: string): number {
  const longest = Math.max(a.length, b.length);
  if (longest === 0) return 0;
  const [start, end] = commonEnds(a, b);
  return (start + end) / longest;
}

/** How many characters are the same at the beginning and at the end; none counts twice. */
export function commonEnds(a: string, b: string): readonly [start: number, end: number] {
  const shortest = Math.min(a.length, b.length);
  let start = 0;
  while (start < shortest && a.charCodeAt(start) === b.charCodeAt(start)) start++;
  let end = 0;
  while (end < shortest - start && a.charCodeAt(a.length - 1 - end) === b.charCodeAt(b.length - 1 - end)) end++;
  return [start, end];
}
