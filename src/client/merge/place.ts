/**
 * Where the visitor is: the focus, with its caret, and the selection. A node that moves takes its selection along nowhere, and its focus only
 * where the browser has `moveBefore`.
 */
import { caretOf, focusedElement, giveFocus } from '../focus.ts';

export function keepingPlace<T>(act: () => T): T {
  const restoreFocus = noteFocus();
  const restoreSelection = noteSelection();
  const result = act();
  restoreFocus();
  restoreSelection();
  return result;
}

function noteFocus(): () => void {
  const focused = focusedElement();
  const caret = caretOf(focused);
  return () => {
    if (focused?.isConnected && focusedElement() !== focused) giveFocus(focused, caret);
  };
}

/** Of text. What lies inside of a shadow tree or a field is not told here. */
function noteSelection(): () => void {
  const selection = getSelection();
  const { anchorNode, anchorOffset = 0, focusNode, focusOffset = 0 } = selection ?? {};
  if (!selection || !anchorNode || !focusNode) return () => {};
  const [anchor, focus] = [anchorNode, focusNode].map(lengthOf);
  return () => {
    // A focus that is given back puts the caret at the beginning.
    const isSame =
      selection.anchorNode === anchorNode &&
      selection.focusNode === focusNode &&
      selection.anchorOffset === anchorOffset &&
      selection.focusOffset === focusOffset;
    const isThere = anchorNode.isConnected && focusNode.isConnected;
    // Where the text itself changed, the browser has moved the ends along.
    const isUnchanged = lengthOf(anchorNode) === anchor && lengthOf(focusNode) === focus;
    if (!isSame && isThere && isUnchanged) selection.setBaseAndExtent(anchorNode, anchorOffset, focusNode, focusOffset);
  };
}

function lengthOf(node: Node): number {
  return node instanceof CharacterData ? node.length : node.childNodes.length;
}
