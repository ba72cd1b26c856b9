/**
 * The selected text of a page over a reload: where its two ends are, by the element around and the number of the node in it. Fields have a
 * selection of their own (focus.ts).
 */
import { addressOf, findByAddress } from './element-address.ts';

export interface SavedSelection {
  readonly anchor: End;
  readonly focus: End;
}

/** Offset in the child with this number, or in the element itself (-1). */
type End = readonly [address: string, child: number, offset: number];

/** Undefined when nothing is selected, or not in a place that can be found again. */
export function captureSelection(): SavedSelection | undefined {
  const { anchorNode, anchorOffset, focusNode, focusOffset, isCollapsed } = getSelection() ?? { isCollapsed: true };
  if (isCollapsed || !anchorNode || !focusNode) return undefined;
  const [anchor, focus] = [endOf(anchorNode, anchorOffset ?? 0), endOf(focusNode, focusOffset ?? 0)];
  return anchor && focus && { anchor, focus };
}

/** @returns whether both ends are there */
export function restoreSelection({ anchor, focus }: SavedSelection): boolean {
  const [start, end] = [nodeOf(anchor), nodeOf(focus)];
  if (!start || !end) return false;
  getSelection()?.setBaseAndExtent(start, anchor[2], end, focus[2]);
  return true;
}

function endOf(node: Node, offset: number): End | undefined {
  if (node instanceof Element) return [addressOf(node), -1, offset];
  const parent = node.parentElement;
  return parent ? [addressOf(parent), [...parent.childNodes].indexOf(node as ChildNode), offset] : undefined;
}

function nodeOf([address, child, offset]: End): Node | undefined {
  const element = findByAddress(address);
  const node = child < 0 ? element : element?.childNodes[child];
  const length = node instanceof CharacterData ? node.length : (node?.childNodes.length ?? 0);
  return node && offset <= length ? node : undefined;
}
