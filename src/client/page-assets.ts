/**
 * Which versions of stylesheets, images and classic scripts the page shows. Their hashes are learned from the server once after
 * load, so that after a gap (a restarted server) the page can say what it has, and only what differs is swapped.
 */
import type { Change } from '../protocol.ts';
import { queryAll } from './dom-roots.ts';

export interface PageAssets {
  /** Root-relative path → hash, null where it is not known yet. */
  known(): Record<string, string | null>;
  learn(hashes: Readonly<Record<string, string>>): void;
  learnChanges(changes: readonly Change[]): void;
}

const SELECTOR = 'link[rel~="stylesheet" i][href], link[rel~="icon" i][href], img[src], script[src], video[src], audio[src], source[src]';

export function createPageAssets(): PageAssets {
  const hashes = new Map<string, string>();
  return {
    known() {
      const assets: Record<string, string | null> = {};
      for (const element of queryAll(SELECTOR)) {
        const address = new URL(element.getAttribute('href') ?? element.getAttribute('src') ?? '', document.baseURI);
        if (address.origin === location.origin) assets[address.pathname] = hashes.get(address.pathname) ?? null;
      }
      return assets;
    },
    learn(now) {
      for (const [url, hash] of Object.entries(now)) hashes.set(url, hash);
    },
    learnChanges(changes) {
      for (const change of changes) if (change.kind === 'style' || change.kind === 'asset') hashes.set(change.url, change.hash);
    },
  };
}
