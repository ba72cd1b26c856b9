/**
 * What is gone in one place of a file and added in another: by its id first, then by being equal, then by being much alike. Elements are looked up
 * by what they surely share, because a wrapped page is gone and added as a whole.
 */
import { SURE, type Likeness } from './likeness.ts';
import { childrenOf, isElement } from './tree.ts';

export interface Moving {
  readonly likeness: Likeness;
  /** Both change as pairs are found. */
  readonly gone: ReadonlySet<Node>;
  readonly added: ReadonlySet<Node>;
  readonly pair: (a: Node, b: Node) => void;
  readonly score: (a: Node, b: Node) => number;
  readonly isPaired: (node: Node) => boolean;
  /** Itself dealt with; what is in it may move. */
  readonly isRenamed: (node: Node) => boolean;
}

/** Of the same name. More are not compared one by one. */
const COMPARED = 200;

export function findMoved({ likeness, gone, added, pair, score, isPaired, isRenamed }: Moving): void {
  const free = createFree(isPaired, isRenamed);
  for (const node of gone) free.add(node);
  if (free.isEmpty()) return;
  const rules: readonly ((node: Element) => Element | undefined)[] = [
    (node) => (node.id === '' ? undefined : free.inGroup(nameOf(node)).find(({ id }) => id === node.id)),
    (node) => free.inGroup(shapeOf(node)).find((old) => likeness.key(old) === likeness.key(node)),
    (node) => {
      const group = free.inGroup(nameOf(node));
      return group.length > COMPARED ? undefined : group.find((old) => score(old, node) >= SURE);
    },
  ];
  const visit = (node: Node, find: (node: Element) => Element | undefined): void => {
    if (!isElement(node) || isPaired(node) || free.isEmpty()) return;
    const old = isRenamed(node) ? undefined : find(node);
    if (!old) {
      for (const child of node.children) visit(child, find);
      return;
    }
    free.remove(old);
    const before = new Set(gone);
    pair(old, node);
    // What is left over of the two may have moved on.
    for (const more of gone) if (!before.has(more)) free.add(more);
  };
  for (const find of rules) {
    const nodes = [...added];
    for (const node of nodes) visit(node, find);
  }
}

interface FreeElements {
  isEmpty(): boolean;
  /** With all that is in it and not paired. */
  add(node: Node): void;
  remove(element: Element): void;
  inGroup(key: string): Element[];
}

/** Groups by {@link nameOf} and {@link shapeOf}. */
function createFree(isPaired: Moving['isPaired'], isRenamed: Moving['isRenamed']): FreeElements {
  const all = new Set<Element>();
  const groups = new Map<string, Element[]>();
  const add = (node: Node): void => {
    if (!isElement(node) || isPaired(node)) return;
    if (!isRenamed(node)) {
      all.add(node);
      for (const key of [nameOf(node), shapeOf(node)]) {
        const group = groups.get(key);
        if (group) group.push(node);
        else groups.set(key, [node]);
      }
    }
    for (const inner of childrenOf(node)) add(inner);
  };
  return {
    isEmpty: () => all.size === 0,
    add,
    remove(element) {
      all.delete(element);
      for (const inner of element.querySelectorAll('*')) all.delete(inner);
    },
    inGroup: (key) => groups.get(key)?.filter((element) => all.has(element)) ?? [],
  };
}

function nameOf({ localName, id }: Element): string {
  return id === '' ? localName : `${localName}#${id}`;
}

function shapeOf({ localName, childElementCount, attributes }: Element): string {
  return `${localName} ${childElementCount} ${attributes.length} `;
}
