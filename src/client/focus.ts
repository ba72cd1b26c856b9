/**
 * Where the visitor's focus is, and giving it back to where it was: after a reload, a merge or the overlay. Never with a scroll to that place,
 * which has a position of its own to go back to.
 */

/** Of a field with text. */
export type Caret = readonly [start: number, end: number, direction: 'forward' | 'backward' | 'none'];

/** The focused element itself, where `document.activeElement` names only the outermost host. */
export function focusedElement(): Element | null {
  let active = document.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  return active;
}

export function isTextField(element: Element | null): element is HTMLInputElement | HTMLTextAreaElement {
  return element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement;
}

export function caretOf(element: Element | null): Caret | undefined {
  // Null where a field has none: a number, a check box.
  if (!isTextField(element) || element.selectionStart === null) return undefined;
  const { selectionStart, selectionEnd, selectionDirection } = element;
  return [selectionStart, selectionEnd ?? selectionStart, selectionDirection ?? 'none'];
}

/** @returns whether the element is one that may have the focus */
export function giveFocus(element: Element | null | undefined, caret?: Caret): boolean {
  if (!(element instanceof HTMLElement || element instanceof SVGElement)) return false;
  element.focus({ preventScroll: true });
  if (caret && isTextField(element) && element.selectionStart !== null) element.setSelectionRange(...caret);
  return true;
}
