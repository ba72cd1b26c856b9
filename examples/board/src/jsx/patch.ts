import { setAttributes } from './attributes';
import { flatten } from './factory';
import type { Child, ElementNode, ViewNode } from './node';

/** How an element was described when it was last drawn. */
const drawn = new WeakMap<Node, ElementNode>();

/**
 * Makes the children of an element equal to a description, and keeps the nodes that are still wanted: an input keeps its text and
 * its focus, a list its scroll position. Nodes are recognised by key, and without one by tag and order.
 */
export function patch(parent: Element, children: readonly Child[]): void {
  const unused = new Set<Node>(parent.childNodes);
  flatten(children).forEach((wanted, index) => {
    const node = typeof wanted === 'string' ? text(unused, wanted) : element(unused, wanted);
    const here = parent.childNodes[index] ?? null;
    if (here !== node) parent.insertBefore(node, here);
  });
  for (const node of unused) parent.removeChild(node);
}

function text(unused: Set<Node>, wanted: string): Node {
  const node = take(unused, (candidate) => candidate.nodeType === Node.TEXT_NODE) ?? document.createTextNode('');
  if (node.nodeValue !== wanted) node.nodeValue = wanted;
  return node;
}

function element(unused: Set<Node>, wanted: ElementNode): Node {
  const found = take(unused, (candidate) => isSame(drawn.get(candidate), wanted));
  const node = found instanceof Element ? found : document.createElement(wanted.tag);
  setAttributes(node, drawn.get(node)?.props ?? {}, wanted.props);
  drawn.set(node, wanted);
  patch(node, wanted.children);
  return node;
}

const isSame = (before: ViewNode | undefined, wanted: ElementNode): boolean =>
  typeof before === 'object' && before.tag === wanted.tag && before.key === wanted.key;

function take(unused: Set<Node>, fits: (node: Node) => boolean): Node | undefined {
  for (const node of unused) {
    if (!fits(node)) continue;
    unused.delete(node);
    return node;
  }
  return undefined;
}
