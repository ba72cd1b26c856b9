/**
 * Styles that JavaScript imported: `import './a.css'` becomes one `<style>` in the order of first evaluation, and
 * `import sheet from './a.css' with { type: 'css' }` one CSSStyleSheet object that is the same for ever. Both are changed in place.
 */
import type { ModuleId } from '../protocol.ts';

export interface ModuleStyles {
  /** Inserts the style of a module, or updates it where it stands. Addresses in it must be root-absolute already. */
  styleFor(id: ModuleId, cssText: string): void;
  /** The module was pruned. */
  removeStyle(id: ModuleId): void;
  /** Puts the styles into this order, after an update whose new imports stand between old ones. Unknown ids are ignored. */
  arrangeStyles(ids: readonly ModuleId[]): void;
  /**
   * The same object at each call, with the given content. Addresses in it must be root-absolute already: browsers ignore the
   * `baseURL` of a constructed sheet.
   * @throws what `replaceSync` throws
   */
  sheetFor(id: ModuleId, cssText: string): CSSStyleSheet;
}

/** On each `<style>` of a module: its id. */
export const MODULE_STYLE = 'data-hmr-dev';

export function createModuleStyles({ nonce }: { readonly nonce?: string | undefined }): ModuleStyles {
  /** Insertion order is the cascade's. */
  const styles = new Map<ModuleId, ModuleStyle>();
  const sheets = new Map<ModuleId, CSSStyleSheet>();
  return {
    styleFor(id, cssText) {
      const style = styles.get(id);
      if (style !== undefined) return style.update(cssText);
      styles.set(id, insertStyle(id, cssText, nonce, [...styles.values()].at(-1)));
    },
    removeStyle(id) {
      styles.get(id)?.remove();
      styles.delete(id);
      sheets.delete(id);
    },
    arrangeStyles(ids) {
      const known = ids.filter((id) => styles.has(id));
      const current = [...styles.keys()].filter((id) => known.includes(id));
      // Moving a style makes the browser parse it again; mostly nothing is out of order.
      if (known.every((id, index) => current[index] === id)) return;
      for (const id of known) {
        const style = styles.get(id);
        if (style === undefined) continue;
        styles.delete(id);
        style.moveAfter([...styles.values()].at(-1));
        styles.set(id, style);
      }
    },
    sheetFor(id, cssText) {
      const sheet = sheets.get(id) ?? new CSSStyleSheet();
      sheets.set(id, sheet);
      sheet.replaceSync(cssText);
      return sheet;
    },
  };
}

interface ModuleStyle {
  update(cssText: string): void;
  moveAfter(last: ModuleStyle | undefined): void;
  remove(): void;
  /** Undefined for an adopted sheet, whose place is the list of the document. */
  readonly element?: HTMLStyleElement;
}

function insertStyle(id: ModuleId, cssText: string, nonce: string | undefined, last: ModuleStyle | undefined): ModuleStyle {
  const element = document.createElement('style');
  element.setAttribute(MODULE_STYLE, id);
  if (nonce !== undefined) element.nonce = nonce;
  element.textContent = cssText;
  place(element, last);
  if (element.sheet === null) {
    // The page's policy forbids inline styles; it has no say over constructed ones.
    element.remove();
    return adoptStyle(cssText);
  }
  return {
    element,
    update(text) {
      if (element.textContent !== text) element.textContent = text;
    },
    moveAfter: (other) => place(element, other),
    remove: () => element.remove(),
  };
}

function place(element: HTMLStyleElement, last: ModuleStyle | undefined): void {
  if (last?.element?.isConnected === true) last.element.after(element);
  else (document.head ?? document.documentElement).append(element);
}

function adoptStyle(cssText: string): ModuleStyle {
  const sheet = new CSSStyleSheet();
  const remove = (): void => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
  };
  const append = (): void => {
    document.adoptedStyleSheets = [...document.adoptedStyleSheets.filter((other) => other !== sheet), sheet];
  };
  sheet.replaceSync(cssText);
  append();
  return { update: (text) => sheet.replaceSync(text), moveAfter: append, remove };
}
