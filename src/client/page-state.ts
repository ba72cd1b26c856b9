/**
 * What a reload would lose and nobody wants to lose: scroll positions, what was typed, open `<details>`, focus and selection. The
 * browser keeps some of it itself, but not in scrolled boxes, shadow trees, or anything that a script makes after load.
 * Restored without `input` events, as browsers restore forms: an event would start the page's searches and savings.
 */
import { queryAll } from './dom-roots.ts';
import { addressOf, findByAddress } from './element-address.ts';
import { caretOf, focusedElement, giveFocus, isTextField, type Caret } from './focus.ts';
import { captureSelection, restoreSelection, type SavedSelection } from './selected-text.ts';
import { createTabStorage } from './tab-storage.ts';

export interface PageState {
  save(): void;
  /** Once a page. What is not there yet is waited for, until all is found, the user acts, or a moment has passed since `load`. */
  restore(): void;
}

interface SavedElement {
  readonly address: string;
  readonly scroll?: readonly [x: number, y: number];
  readonly value?: string;
  readonly checked?: boolean;
  readonly selected?: readonly number[];
  readonly open?: boolean;
}

interface SavedFocus {
  readonly address: string;
  readonly selection?: Caret;
}

interface SavedPage {
  readonly path: string;
  readonly scroll: readonly [x: number, y: number];
  readonly elements: readonly SavedElement[];
  readonly focus?: SavedFocus;
  readonly selection?: SavedSelection;
}

const KEY = 'page-state';
const WAIT_AFTER_LOAD_MS = 3_000;
/** Passwords and files may not be kept; hidden and button values are the page's, not the user's. */
const UNKEPT_TYPES: ReadonlySet<string> = new Set(['password', 'file', 'hidden', 'submit', 'button', 'reset', 'image']);

export function createPageState(): PageState {
  const storage = createTabStorage();
  return {
    save() {
      storage.write(KEY, capture());
    },
    restore() {
      const saved = storage.take(KEY);
      if (isSavedPage(saved) && saved.path === pagePath()) keepTrying(restoreTasks(saved));
    },
  };
}

function pagePath(): string {
  return location.pathname + location.search;
}

/** Trusts the fields after the first: only this file writes under this key. */
function isSavedPage(value: unknown): value is SavedPage {
  return typeof value === 'object' && value !== null && 'path' in value && 'elements' in value;
}

function capture(): SavedPage {
  const elements = queryAll('*').flatMap((element) => {
    const state = captureElement(element);
    return Object.keys(state).length === 0 ? [] : [{ address: addressOf(element), ...state }];
  });
  const focus = captureFocus(focusedElement());
  const selection = captureSelection();
  return { path: pagePath(), scroll: [scrollX, scrollY], elements, ...(focus && { focus }), ...(selection && { selection }) };
}

/** Only what differs from what the HTML says, so that a changed default shows. */
function captureElement(element: Element): Omit<SavedElement, 'address'> {
  const isScrolled = element !== document.scrollingElement && (element.scrollTop !== 0 || element.scrollLeft !== 0);
  return {
    ...(isScrolled && { scroll: [element.scrollLeft, element.scrollTop] as const }),
    ...(element instanceof HTMLDetailsElement && { open: element.open }),
    ...captureField(element),
  };
}

function captureField(element: Element): Pick<SavedElement, 'value' | 'checked' | 'selected'> {
  if (element instanceof HTMLInputElement) {
    if (UNKEPT_TYPES.has(element.type) || element.autocomplete.includes('cc-')) return {};
    if (element.type === 'checkbox' || element.type === 'radio') {
      return element.checked === element.defaultChecked ? {} : { checked: element.checked };
    }
  }
  if (isTextField(element)) {
    return element.value === element.defaultValue ? {} : { value: element.value };
  }
  if (!(element instanceof HTMLSelectElement)) return {};
  const options = [...element.options];
  if (options.every((option) => option.selected === option.defaultSelected)) return {};
  return { selected: options.flatMap((option, index) => (option.selected ? [index] : [])) };
}

function captureFocus(element: Element | null): SavedFocus | undefined {
  if (element === null || element === document.body) return undefined;
  const selection = caretOf(element);
  return { address: addressOf(element), ...(selection && { selection }) };
}

/** True when done; asked again when the page has changed. */
type RestoreTask = () => boolean;

function restoreTasks({ elements, focus, selection, scroll }: SavedPage): RestoreTask[] {
  const tasks = elements.flatMap((saved) => {
    const withElement =
      (act: (element: Element) => boolean): RestoreTask =>
      () => {
        const element = findByAddress(saved.address);
        return element !== undefined && act(element);
      };
    const { scroll: position } = saved;
    return [
      withElement((element) => restoreField(element, saved)),
      ...(position === undefined ? [] : [withElement((element) => scrollTo(element, position))]),
    ];
  });
  if (focus !== undefined) tasks.push(() => giveFocus(findByAddress(focus.address), focus.selection));
  if (selection !== undefined) tasks.push(() => restoreSelection(selection));
  if (scroll[0] !== 0 || scroll[1] !== 0) tasks.push(() => scrollTo(document.scrollingElement, scroll));
  return tasks;
}

function restoreField(element: Element, { value, checked, selected, open }: SavedElement): boolean {
  if (open !== undefined && element instanceof HTMLDetailsElement) element.open = open;
  if (element instanceof HTMLInputElement && UNKEPT_TYPES.has(element.type)) return true;
  if (checked !== undefined && element instanceof HTMLInputElement) element.checked = checked;
  if (value !== undefined && isTextField(element)) element.value = value;
  if (selected !== undefined && element instanceof HTMLSelectElement) {
    for (const [index, option] of [...element.options].entries()) option.selected = selected.includes(index);
  }
  return true;
}

/** Not done while the content is still too short. */
function scrollTo(element: Element | null, [left, top]: readonly [number, number]): boolean {
  element?.scrollTo({ left, top, behavior: 'instant' });
  return element !== null && Math.abs(element.scrollTop - top) < 2 && Math.abs(element.scrollLeft - left) < 2;
}

function keepTrying(all: readonly RestoreTask[]): void {
  let tasks = all.filter((task) => !task());
  if (tasks.length === 0) return;
  const abort = new AbortController();
  const observer = new MutationObserver(() => attempt());
  const stop = (): void => {
    abort.abort();
    observer.disconnect();
  };
  const attempt = (): void => {
    tasks = tasks.filter((task) => !task());
    if (tasks.length === 0) stop();
  };
  observer.observe(document, { childList: true, subtree: true });
  const { signal } = abort;
  for (const type of ['pointerdown', 'wheel', 'keydown', 'touchstart']) {
    // Only what the user does counts; scripts make such events too.
    addEventListener(type, (event) => event.isTrusted && stop(), { signal, capture: true, passive: true });
  }
  const afterLoad = (): void => {
    attempt();
    setTimeout(stop, WAIT_AFTER_LOAD_MS);
  };
  if (document.readyState === 'complete') afterLoad();
  else addEventListener('load', afterLoad, { signal });
}
