/**
 * Errors over the page. Build errors stay until the server's set of them is empty, runtime errors until an update was applied or
 * the page reloaded; closing hides what is known and not what comes later. An element with a shadow root but no class: the browser
 * gives a shadow tree to any name with a hyphen, and a definition would take a name in the page's registry, once per client.
 */
import { OPEN_PATH } from '../protocol.ts';
import type { ErrorReport, OpenRequest, Place } from '../protocol.ts';
import { focusedElement, giveFocus, isTextField } from './focus.ts';
import { OVERLAY_STYLE } from './overlay-style.ts';
import { create, renderReport } from './overlay-view.ts';
import type { Post } from './post.ts';

export interface OverlayOptions {
  readonly post: Pick<Post, 'send'>;
}

export interface Overlay {
  /** The whole set that stands now; empty when all is fixed. */
  showBuildErrors(errors: readonly ErrorReport[]): void;
  showRuntimeError(error: ErrorReport): void;
  clearRuntimeErrors(): void;
}

const TAG = 'hmr-dev-overlay';
/** A loop that throws must not fill the page's memory; the terminal has the rest. */
const RUNTIME_ERRORS_LIMIT = 20;

export function createOverlay({ post }: OverlayOptions): Overlay {
  let build: readonly ErrorReport[] = [];
  let runtime: readonly ErrorReport[] = [];
  /** Keys of what was on show when the user closed it. */
  let dismissed: ReadonlySet<string> = new Set();
  const surface = createSurface(() => {
    dismissed = new Set(all().map((report) => report.key));
    surface.hide();
  });
  const all = (): readonly ErrorReport[] => [...build, ...runtime];
  const open = async ({ file, line, column }: Place): Promise<void> => {
    await post.send(OPEN_PATH, { file, line, column } satisfies OpenRequest);
  };
  const render = (): void => {
    const reports = all();
    // A dismissed error that went away and came back is a new one.
    dismissed = new Set(reports.map((report) => report.key).filter((key) => dismissed.has(key)));
    if (reports.every((report) => dismissed.has(report.key))) surface.hide();
    else
      surface.show(
        heading(reports.length),
        reports.map((report) => renderReport(report, open)),
      );
  };
  return {
    showBuildErrors(errors) {
      build = errors;
      render();
    },
    showRuntimeError(error) {
      if (runtime.length >= RUNTIME_ERRORS_LIMIT) return;
      runtime = [...runtime.filter((other) => other.key !== error.key), error];
      render();
    },
    clearRuntimeErrors() {
      runtime = [];
      render();
    },
  };
}

function heading(count: number): string {
  return `${count === 1 ? '1 error' : `${count} errors`} · Esc hides this, saving a fix removes it`;
}

interface Surface {
  show(title: string, sections: readonly HTMLElement[]): void;
  hide(): void;
}

/** The element itself: made at the first error, taken out of the page when hidden. */
function createSurface(close: () => void): Surface {
  let parts: { readonly host: HTMLElement; readonly panel: HTMLElement } | undefined;
  let focusBefore: Element | null = null;
  const closeOnEscape = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.isComposing) return;
    // The page has its own use for Esc, but not while it lies under this.
    event.preventDefault();
    event.stopImmediatePropagation();
    close();
  };
  return {
    show(title, sections) {
      parts ??= buildSurface(close);
      const { host, panel } = parts;
      // In place where nothing but the content changes: the reading position of a screen reader and the scroll stay.
      const hadFocus = host.isConnected && document.activeElement === host;
      const closeButton = panel.firstElementChild ?? '';
      panel.replaceChildren(closeButton, create('h1', { id: 'title' }, title), ...sections);
      // The button that had it may be gone.
      if (hadFocus) giveFocus(panel);
      if (host.isConnected) return;
      focusBefore = focusedElement();
      // On the root element, which is there before `<body>` and outside of what frameworks replace.
      document.documentElement.append(host);
      // Above modal dialogs and full-screen elements where the browser has the popover API.
      if (typeof host.showPopover === 'function') host.showPopover();
      addEventListener('keydown', closeOnEscape, { capture: true });
      if (!isTyping(focusBefore)) giveFocus(panel);
    },
    hide() {
      if (parts?.host.isConnected !== true) return;
      const hadFocus = document.activeElement === parts.host;
      removeEventListener('keydown', closeOnEscape, { capture: true });
      parts.host.remove();
      if (hadFocus) giveFocus(focusBefore);
    },
  };
}

function buildSurface(close: () => void): { readonly host: HTMLElement; readonly panel: HTMLElement } {
  const host = create(TAG, { popover: 'manual' });
  const root = host.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(OVERLAY_STYLE);
  root.adoptedStyleSheets = [sheet];
  const button = create('button', { type: 'button', class: 'close', 'aria-label': 'Hide errors' }, 'Esc');
  button.addEventListener('click', close);
  // `aria-live` speaks where the focus stays in the field that the user types in; the role where it moves here.
  const panel = create(
    'div',
    { class: 'panel', role: 'alertdialog', 'aria-labelledby': 'title', 'aria-live': 'assertive', tabindex: '-1' },
    button,
  );
  root.append(panel);
  return { host, panel };
}

function isTyping(element: Element | null): boolean {
  if (element instanceof HTMLElement && element.isContentEditable) return true;
  return isTextField(element) || element instanceof HTMLSelectElement;
}
