/**
 * Which node of the live page is which node of the file that it was made from. The live page has changed since: scripts have added, removed
 * and moved nodes, visitors have typed. Looked up from the outside in, only as far as somebody asks.
 */
import { createLikeness, SURE } from './likeness.ts';
import { matchLists } from './match.ts';
import { childrenOf, contentOf, hasTemplates, isElement, isShadowTemplate, isText, parentOf } from './tree.ts';

export interface Alignment {
  /** Undefined: scripts have removed it, or made another in its place. */
  liveOf(old: Node): Node | undefined;
  /** Scripts have made elements of parts of an old text, as highlighters of code do. */
  isMarkedUp(old: Node): boolean;
  /** Looks up all children of a node now, before anything is changed. */
  settle(old: Node): void;
}

export function createAlignment(before: Document, live: Document): Alignment {
  const likeness = createLikeness(hasTemplates(before));
  const found = new Map<Node, Node>([
    [before.documentElement, live.documentElement],
    [before.head, live.head],
    [before.body, live.body],
  ]);
  const taken = new Set<Node>(found.values());
  const settled = new Set<Node>();
  const markedUp = new Set<Node>();

  const match = (old: Node, node: Node): void => {
    found.set(old, node);
    taken.add(node);
  };

  const settle = (parent: Node): void => {
    if (settled.has(parent)) return;
    settled.add(parent);
    const liveParent = liveOf(parent);
    if (!liveParent) return;
    const free = childrenOf(liveParent).filter((node) => !taken.has(node));
    const old = childrenOf(parent).filter((node) => !found.has(node));
    const pairs = new Map(matchLists(old, free, likeness, likeness.score));
    const paired = new Set(pairs.values());
    const own = free.filter((node) => isElement(node) && !paired.has(node)).map(likeness.text);
    for (const node of old) {
      const other = pairs.get(node);
      if (isText(node) && node.data !== other?.nodeValue && own.some((part) => part !== '' && node.data.includes(part))) markedUp.add(node);
      else if (other) match(node, other);
    }
    const lost = old.filter((node): node is ChildNode & Element => isElement(node) && !found.has(node));
    for (const node of lost) {
      const moved = elsewhere(node, liveParent);
      if (moved) match(node, moved);
    }
  };

  /** Scripts sort lists, and wrap what they find. */
  const elsewhere = (old: Element, liveParent: Node): Element | undefined => {
    const root = liveParent.getRootNode();
    const named = old.id === '' ? undefined : byId(root, old);
    if (named) return named;
    const around = contentOf(liveParent);
    if (!isElement(around) && !(around instanceof DocumentFragment)) return undefined;
    const candidates = [...around.querySelectorAll(CSS.escape(old.localName))].filter((node) => !taken.has(node));
    const scores = candidates.map((node) => likeness.score(old, node));
    const best = Math.max(...scores, 0);
    return best >= SURE ? candidates[scores.indexOf(best)] : undefined;
  };

  const byId = (root: Node, { id, localName }: Element): Element | undefined => {
    const node = root instanceof Document || root instanceof DocumentFragment ? root.getElementById(id) : null;
    return node && node.localName === localName && !taken.has(node) ? node : undefined;
  };

  const liveOf = (old: Node): Node | undefined => {
    const known = found.get(old);
    const parent = known ? null : parentOf(old);
    if (!parent) return known;
    if (isShadowTemplate(old)) {
      const host = liveOf(parent);
      const shadow = isElement(host) ? host.shadowRoot : null;
      if (shadow) found.set(old, shadow);
      return shadow ?? undefined;
    }
    settle(parent);
    return found.get(old);
  };

  const isMarkedUp = (old: Node): boolean => isText(old) && liveOf(old) === undefined && markedUp.has(old);

  return { liveOf, isMarkedUp, settle };
}
