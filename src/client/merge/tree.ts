/**
 * One view of the three trees of a merge: what a file says (old and new, parsed without running anything) and the live page. Parsers of
 * documents leave declarative shadow roots as `<template shadowrootmode>`, where the live page has the shadow root itself.
 */

export function isElement(node: Node | null | undefined): node is Element {
  return node?.nodeType === Node.ELEMENT_NODE;
}

export function isText(node: Node): node is Text {
  return node.nodeType === Node.TEXT_NODE;
}

/** White space, which nobody sees come or go. */
export function isBlank(node: Node): boolean {
  return isText(node) && node.data.trim() === '';
}

/** Whose content a fragment is. */
const holders = new WeakMap<Node, HTMLTemplateElement>();

/** What the children of a node hang on. */
export function contentOf(node: Node): Node {
  if (!(node instanceof HTMLTemplateElement)) return node;
  holders.set(node.content, node);
  return node.content;
}

export function parentOf(node: Node): Node | null {
  const parent = node.parentNode;
  return parent && (holders.get(parent) ?? parent);
}

/** What a merge looks at below a node. */
export function childrenOf(node: Node): ChildNode[] {
  const children: ChildNode[] = [];
  if (node.nodeName === 'NOSCRIPT') return children;
  for (let child = contentOf(node).firstChild; child; child = child.nextSibling) if (!isShadowTemplate(child)) children.push(child);
  return children;
}

export function isShadowTemplate(node: Node): node is HTMLTemplateElement {
  // Asked of every node of a page: by its name first, which is quicker than by its class.
  if (!isElement(node) || node.localName !== 'template') return false;
  return node instanceof HTMLTemplateElement && node.hasAttribute('shadowrootmode') && isElement(node.parentNode);
}

/** In a file: what an element's shadow root is made of. */
export function shadowTemplateOf(element: Element): HTMLTemplateElement | undefined {
  for (let child = element.firstElementChild; child; child = child.nextElementSibling) if (isShadowTemplate(child)) return child;
  return undefined;
}

export function hasTemplates(document: Document): boolean {
  return document.querySelector('template') !== null;
}

/** Elements that count when a part of a tree comes or goes, itself included. Content of templates is inert. */
export function elementsIn(node: Node, selector: string): Element[] {
  if (!isElement(node)) return [];
  return [...(node.matches(selector) ? [node] : []), ...node.querySelectorAll(selector)];
}

/** The nodes that keep their order when a list is put into another one; all others have to move. */
export function longestRising(values: readonly number[]): Set<number> {
  /** Index of the last value of the best row of each length, and of its predecessor. */
  const tails: number[] = [];
  const before: number[] = [];
  for (const [index, value] of values.entries()) {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((values[tails[middle] ?? 0] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    before[index] = tails[low - 1] ?? -1;
    tails[low] = index;
  }
  const kept = new Set<number>();
  for (let index = tails.at(-1) ?? -1; index >= 0; index = before[index] ?? -1) kept.add(index);
  return kept;
}
