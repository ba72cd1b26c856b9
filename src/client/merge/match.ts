/**
 * Which nodes of two lists are the same, in order: equal ones at both ends, then those in between whose likenesses add up to most (the
 * edit distance of Wagner and Fischer with weights). Long lists are cut first where a node is equal to exactly one other.
 */
import type { Likeness } from './likeness.ts';
import { longestRising } from './tree.ts';

export type Pair = readonly [a: Node, b: Node];

/** Pairs of nodes that may be compared one by one. */
const COMPARED_PAIRS = 20_000;

type Score = Likeness['score'];
type Equality = Pick<Likeness, 'isEqual' | 'key'>;

export function matchLists(a: readonly Node[], b: readonly Node[], equality: Equality, score: Score): Pair[] {
  const pairs: Pair[] = [];
  let start = 0;
  let endA = a.length;
  let endB = b.length;
  const areEqual = (nodeA: Node | undefined, nodeB: Node | undefined): boolean => {
    if (!nodeA || !nodeB || !equality.isEqual(nodeA, nodeB)) return false;
    pairs.push([nodeA, nodeB]);
    return true;
  };
  while (start < endA && start < endB && areEqual(a[start], b[start])) start++;
  while (endA > start && endB > start && areEqual(a[endA - 1], b[endB - 1])) {
    endA--;
    endB--;
  }
  const middle = matchMiddle(a.slice(start, endA), b.slice(start, endB), equality, score);
  return [...pairs, ...middle];
}

function matchMiddle(a: readonly Node[], b: readonly Node[], equality: Equality, score: Score): Pair[] {
  if (a.length === 0 || b.length === 0) return [];
  if (a.length * b.length <= COMPARED_PAIRS) return matchByScore(a, b, score);
  const anchors = equalOnes(a, b, equality);
  if (anchors.length === 0) return matchInTurn(a, b, score);
  const pairs: Pair[] = [];
  let fromA = 0;
  let fromB = 0;
  for (const [indexA, indexB] of [...anchors, [a.length, b.length] as const]) {
    pairs.push(...matchMiddle(a.slice(fromA, indexA), b.slice(fromB, indexB), equality, score));
    const [nodeA, nodeB] = [a[indexA], b[indexB]];
    if (nodeA && nodeB) pairs.push([nodeA, nodeB]);
    fromA = indexA + 1;
    fromB = indexB + 1;
  }
  return pairs;
}

/** Indexes of nodes that are equal to exactly one other, in order. */
function equalOnes(a: readonly Node[], b: readonly Node[], { key }: Equality): (readonly [number, number])[] {
  const [inA, inB] = [a, b].map((nodes) => {
    const places = new Map<string, number>();
    for (const [index, node] of nodes.entries()) places.set(key(node), places.has(key(node)) ? -1 : index);
    return places;
  });
  const common = [...(inA ?? [])].map(([text, index]) => [index, inB?.get(text) ?? -1] as const).filter(([x, y]) => x >= 0 && y >= 0);
  const rising = longestRising(common.map(([, index]) => index));
  return common.filter((_, index) => rising.has(index));
}

/** Too many to compare, and nothing to hold on to. */
function matchInTurn(a: readonly Node[], b: readonly Node[], score: Score): Pair[] {
  const pairs: Pair[] = [];
  let at = 0;
  for (const node of b) {
    const other = a[at];
    if (!other) break;
    if (score(other, node) === 0) continue;
    pairs.push([other, node]);
    at++;
  }
  return pairs;
}

function matchByScore(a: readonly Node[], b: readonly Node[], score: Score): Pair[] {
  const width = b.length + 1;
  const best = new Float64Array((a.length + 1) * width);
  const at = (x: number, y: number): number => best[x * width + y] ?? 0;
  const scores = a.map((nodeA) => b.map((nodeB) => score(nodeA, nodeB)));
  for (let x = a.length - 1; x >= 0; x--) {
    for (let y = b.length - 1; y >= 0; y--) {
      const own = scores[x]?.[y] ?? 0;
      best[x * width + y] = Math.max(at(x + 1, y), at(x, y + 1), own > 0 ? own + at(x + 1, y + 1) : 0);
    }
  }
  const pairs: Pair[] = [];
  let x = 0;
  let y = 0;
  while (x < a.length && y < b.length) {
    const own = scores[x]?.[y] ?? 0;
    const [nodeA, nodeB] = [a[x], b[y]];
    if (own > 0 && nodeA && nodeB && at(x, y) === own + at(x + 1, y + 1)) {
      pairs.push([nodeA, nodeB]);
      x++;
      y++;
    } else if (at(x, y) === at(x + 1, y)) x++;
    else y++;
  }
  return pairs;
}
