/**
 * Error reports as DOM. Text goes in as text only: an error message holds whatever the author's code holds, and a page under
 * Trusted Types refuses anything that looks like HTML.
 */
import type { ErrorReport, Place, StackFrame } from '../protocol.ts';

/** Opens a place in the editor; rejects when that did not happen. */
export type OpenPlace = (place: Place) => Promise<void>;

export function renderReport(report: ErrorReport, open: OpenPlace): HTMLElement {
  const { title, message, place, frame, hint, stack = [] } = report;
  return create(
    'section',
    {},
    create('h2', {}, title),
    create('pre', { class: 'message' }, message),
    ...(place === undefined ? [] : [renderPlace(place, open)]),
    ...(frame === undefined ? [] : [renderFrame(frame)]),
    ...(hint === undefined ? [] : [create('p', { class: 'hint' }, hint)]),
    ...(stack.length === 0 ? [] : [create('ol', { 'aria-label': 'Stack' }, ...stack.map((line) => renderStackFrame(line, open)))]),
  );
}

export function create(tag: string, attributes: Readonly<Record<string, string>>, ...children: readonly (Node | string)[]): HTMLElement {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function renderPlace(place: Place, open: OpenPlace): HTMLElement {
  const text = `${place.file}:${place.line}:${place.column}`;
  const button = create('button', { type: 'button', class: 'place', title: 'Open in the editor' }, text);
  button.addEventListener('click', () => {
    open(place).then(
      () => button.replaceChildren(text),
      // Refused or unreachable: said where the user looks.
      () => button.replaceChildren(`${text} (the editor could not be opened)`),
    );
  });
  return button;
}

/** The line of the error and its caret stand out. */
function renderFrame(frame: string): HTMLElement {
  const lines = frame.split('\n').map((line) => {
    const isMarked = line.startsWith('>') || /^\s*\|\s*\^/.test(line);
    return isMarked ? create('b', {}, `${line}\n`) : `${line}\n`;
  });
  return create('pre', { class: 'frame' }, ...lines);
}

function renderStackFrame({ functionName, place, raw }: StackFrame, open: OpenPlace): HTMLElement {
  if (place === undefined) return create('li', {}, raw);
  return create('li', {}, functionName === '' ? 'at ' : `at ${functionName} `, renderPlace(place, open));
}
