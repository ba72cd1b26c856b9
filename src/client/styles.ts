/**
 * Stylesheets that the page's HTML asked for. A changed `<link>` is replaced by a stamped copy: the new one goes in after the old,
 * the old one leaves when the new has loaded, so there is never an unstyled moment, and a sheet that fails to load changes nothing.
 * Sheets are never turned into adopted ones: relative `url()` and `@import` would break.
 */
import type { ConsoleLog } from './console-log.ts';
import { domRoots, queryAll } from './dom-roots.ts';
import { createModuleStyles } from './module-styles.ts';
import type { ModuleStyles } from './module-styles.ts';
import { addressMatcher, mapCssUrls, pathOf, stampOf, stampUrl } from './versioned-url.ts';

export interface StylesOptions {
  readonly log: Pick<ConsoleLog, 'warn'>;
  /** For `<style>` under a strict CSP. */
  readonly nonce?: string | undefined;
}

export interface Styles extends ModuleStyles {
  /**
   * Brings every use of a stylesheet to a version.
   * @param url root-relative path
   * @returns how many uses the page has, once each has loaded, failed (and kept the old sheet) or been overtaken by a later swap
   */
  swapStylesheet(url: string, hash: string): Promise<number>;
}

export function createStyles({ log, nonce }: StylesOptions): Styles {
  /** The copy that is loading, by the link that it will replace. */
  const replacements = new WeakMap<HTMLLinkElement, Replacement>();
  const copies = new WeakSet<HTMLLinkElement>();
  /** The version that a link without a copy is on its way to. */
  const wanted = new WeakMap<HTMLLinkElement, string>();

  const swapLink = (old: HTMLLinkElement, hash: string): Promise<void> => {
    const before = replacements.get(old);
    if (before !== undefined && before.hash === hash) return before.settled;
    before?.cancel();
    replacements.delete(old);
    // The page went back to the version that it shows.
    if (stampOf(old.href) === hash) return Promise.resolve();
    if (old.disabled || old.relList.contains('alternate')) {
      wanted.set(old, hash);
      return changeInPlace(old, hash, () => wanted.get(old) === hash);
    }
    const replacement = replaceLink(old, hash, log);
    replacements.set(old, replacement);
    copies.add(replacement.link);
    return replacement.settled.then(() => {
      if (replacements.get(old) === replacement) replacements.delete(old);
      copies.delete(replacement.link);
    });
  };

  return {
    ...createModuleStyles({ nonce }),
    async swapStylesheet(url, hash) {
      const isChanged = addressMatcher(url, document.baseURI);
      const links = queryAll<HTMLLinkElement>('link[rel~="stylesheet" i][href]').filter(
        (link) => !copies.has(link) && isChanged(link.href),
      );
      // Those of a module that has run with this update are as new as can be.
      const imports = inlineImports(isChanged).filter((rule) => stampOf(rule.href) !== hash);
      await Promise.all([...links.map((link) => swapLink(link, hash)), ...imports.map((rule) => swapImport(rule, hash))]);
      return links.length + imports.length;
    },
  };
}

/**
 * A disabled link loads nothing and so never reports. An alternate sheet that the page has enabled would be off in a copy, and
 * nothing in the DOM tells that it was on (HTML, "explicitly enabled"); the link itself remembers.
 */
async function changeInPlace(link: HTMLLinkElement, hash: string, isWanted: () => boolean): Promise<void> {
  const address = stampUrl(link.getAttribute('href') ?? '', hash);
  const answer = await fetch(new URL(address, document.baseURI)).catch(() => undefined);
  if (answer?.ok === true && isWanted()) link.setAttribute('href', address);
}

interface Replacement {
  readonly hash: string;
  readonly link: HTMLLinkElement;
  readonly settled: Promise<void>;
  cancel(): void;
}

function replaceLink(old: HTMLLinkElement, hash: string, log: Pick<ConsoleLog, 'warn'>): Replacement {
  const link = old.cloneNode() as HTMLLinkElement;
  link.setAttribute('href', stampUrl(old.getAttribute('href') ?? '', hash));
  // Of the old content; the new one would be refused.
  link.removeAttribute('integrity');
  let cancel: () => void = () => {};
  const settled = new Promise<void>((resolve) => {
    cancel = () => {
      link.remove();
      resolve();
    };
    const takeOver = (): void => {
      // Cancelled, or removed by the page's code: the latter is about the stylesheet, so about both links.
      if (!old.isConnected) link.remove();
      else if (link.isConnected) {
        // Switched off by the page; no attribute shows it.
        if (link.sheet !== null && old.sheet !== null) link.sheet.disabled = old.sheet.disabled;
        old.remove();
      }
      resolve();
    };
    link.addEventListener('load', takeOver, { once: true });
    link.addEventListener(
      'error',
      () => {
        const fail = (): void => {
          if (link.isConnected) log.warn(`${pathOf(link.href, document.baseURI) ?? link.href} could not be loaded; the old styles stay.`);
          cancel();
        };
        // Also when the sheet is there and something that it imports is not (a font service without a network): as after a reload.
        void isStylesheet(link.href).then((isThere) => (isThere ? takeOver() : fail()));
      },
      { once: true },
    );
  });
  old.after(link);
  // Out of the document it loads nothing, and reports neither.
  void settled.then(whenRemoved(link, cancel));
  return { hash, link, settled, cancel };
}

/** Calls back when an element is in the document no more, whatever it left with. @returns stops watching */
function whenRemoved(element: Element, then: () => void): () => void {
  const observer = new MutationObserver(() => element.isConnected || then());
  let inner: Element | undefined = element;
  while (inner) {
    const root: Node = inner.getRootNode();
    observer.observe(root, { childList: true, subtree: true });
    inner = root instanceof ShadowRoot ? root.host : undefined;
  }
  return () => observer.disconnect();
}

async function isStylesheet(address: string): Promise<boolean> {
  const answer = await fetch(address).catch(() => undefined);
  return answer?.ok === true && /^text\/css\b/i.test(answer.headers.get('content-type') ?? '');
}

/** `@import` at the top of inline `<style>`s. Sheets behind links are the server's: it stamps what they import. */
function inlineImports(isChanged: (address: string) => boolean): CSSImportRule[] {
  const sheets = domRoots().flatMap((root) => [...root.styleSheets]);
  return sheets
    .filter((sheet) => sheet.href === null)
    .flatMap((sheet) => [...sheet.cssRules])
    .filter((rule): rule is CSSImportRule => rule instanceof CSSImportRule && isChanged(rule.href));
}

/** Fetched first: an import rule reports neither success nor failure. */
async function swapImport(rule: CSSImportRule, hash: string): Promise<void> {
  const address = new URL(stampUrl(rule.href, hash), document.baseURI).href;
  const answer = await fetch(address).catch(() => undefined);
  const sheet = rule.parentStyleSheet;
  const index = sheet === null ? -1 : [...sheet.cssRules].indexOf(rule);
  if (answer?.ok !== true || sheet === null || index === -1) return;
  sheet.insertRule(
    mapCssUrls(rule.cssText, () => address),
    index,
  );
  sheet.deleteRule(index + 1);
}
