/**
 * What the author changed: the old file's tree against the new one's. Equal parts are passed over whole; what is left over in one place and
 * turns up in another has moved, also into a new element around it or out of one that is gone.
 */
import { contains, createLikeness, isSameContent, SURE } from './likeness.ts';
import { matchLists, type Pair } from './match.ts';
import { findMoved } from './moved.ts';
import { childrenOf, hasTemplates, isElement, parentOf, shadowTemplateOf } from './tree.ts';

export interface Difference {
  /** Old and new of the nodes that are not equal, from the outside in. */
  readonly changed: readonly Pair[];
  /** Without a partner; parts of them may have one, elsewhere. */
  readonly gone: ReadonlySet<Node>;
  readonly added: ReadonlySet<Node>;
  /** Old node of a new one. Undefined for what is added, and inside of equal parts. */
  oldOf(node: Node): Node | undefined;
  /** Whether an old node has a partner of its own. */
  isKept(old: Node): boolean;
  /** Old element of an added one: the same with another tag name. */
  renamedFrom(node: Node): Element | undefined;
  /** Added elements that have something old inside. */
  readonly shells: ReadonlySet<Node>;
}

export function findDifference(before: Document, after: Document): Difference {
  const likeness = createLikeness(hasTemplates(before) || hasTemplates(after));
  const changed: Pair[] = [];
  const gone = new Set<Node>();
  const added = new Set<Node>();
  const oldOf = new Map<Node, Node>();
  const used = new Set<Node>();
  const renamed = new Map<Node, Element>();
  /** Old and new. */
  const renamedNodes = new Set<Node>();
  const shells = new Set<Node>();

  /** Parts of them went to others, so that even equal ones have to be looked at. */
  const open = new Set<Node>();
  const openAround = (node: Node): void => {
    for (let around = parentOf(node); around && !open.has(around); around = parentOf(around)) open.add(around);
  };

  /** An id is somebody else's. */
  const isOthers = (a: Node, b: Node): boolean => {
    if (!isElement(a) || !isElement(b) || a.id === b.id) return false;
    return (a.id !== '' && after.getElementById(a.id) !== null) || (b.id !== '' && before.getElementById(b.id) !== null);
  };

  const score = (a: Node, b: Node): number => {
    if (isOthers(a, b)) return 0;
    const found = likeness.score(a, b);
    return found > 0 && found < 2 * SURE && (contains(likeness, a, b) || contains(likeness, b, a)) ? 0 : found;
  };

  const pair = (a: Node, b: Node): void => {
    oldOf.set(b, a);
    used.add(a);
    gone.delete(a);
    added.delete(b);
    openAround(a);
    openAround(b);
    if (!open.has(a) && !open.has(b) && likeness.isEqual(a, b)) return;
    changed.push([a, b]);
    if (!isElement(a) || !isElement(b)) return;
    const [shadowA, shadowB] = [shadowTemplateOf(a), shadowTemplateOf(b)];
    if (shadowA && shadowB) pair(shadowA, shadowB);
    else if (shadowA) gone.add(shadowA);
    else if (shadowB) added.add(shadowB);
    pairChildren(a, b);
  };

  const pairChildren = (a: Node, b: Node): void => {
    const old = childrenOf(a).filter((node) => !used.has(node));
    const now = childrenOf(b).filter((node) => !oldOf.has(node));
    const pairs = matchLists(old, now, likeness, score);
    const kept = new Set(pairs.flat());
    const [goneHere, addedHere] = [old.filter((node) => !kept.has(node)), now.filter((node) => !kept.has(node))];
    for (const node of goneHere) gone.add(node);
    for (const node of addedHere) added.add(node);
    for (const [nodeA, nodeB] of pairs) pair(nodeA, nodeB);
    const isRenamed = (x: Node, y: Node): number =>
      isElement(x) && isElement(y) && !isOthers(x, y) && isSameContent(likeness, x, y) ? 1 : 0;
    for (const [nodeA, nodeB] of matchLists(goneHere.filter(isElement), addedHere.filter(isElement), NEVER_EQUAL, isRenamed)) {
      if (isElement(nodeA)) renamed.set(nodeB, nodeA);
      renamedNodes.add(nodeA).add(nodeB);
      // They stay gone and added, and so do not move; what is in them does.
      pairChildren(nodeA, nodeB);
    }
  };

  if (!likeness.isEqual(before.documentElement, after.documentElement)) pair(before.documentElement, after.documentElement);
  findMoved({
    likeness,
    gone,
    added,
    pair,
    score,
    isPaired: (node) => oldOf.has(node) || used.has(node),
    isRenamed: (node) => renamedNodes.has(node),
  });
  for (const node of added) if (!renamed.has(node)) markShells(node, (inner) => oldOf.has(inner), shells);
  return {
    changed,
    gone,
    added,
    shells,
    oldOf: (node) => oldOf.get(node),
    isKept: (node) => used.has(node),
    renamedFrom: (node) => renamed.get(node),
  };
}

/** Only by what they are alike, since equal ones have been found. */
const NEVER_EQUAL = { isEqual: () => false, key: () => '' };

function markShells(node: Node, isOld: (node: Node) => boolean, shells: Set<Node>): boolean {
  let isShell = false;
  for (const child of childrenOf(node)) isShell = isOld(child) || markShells(child, isOld, shells) || isShell;
  if (isShell) shells.add(node);
  return isShell;
}
