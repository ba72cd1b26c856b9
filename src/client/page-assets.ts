/**
 * Which versions of stylesheets, images and classic scripts the page shows. Their hashes are learned from the server once after
 * load, so that after a gap (a restarted server) the page can say what it has, and only what differs is swapped.
 */
import type { Change } from '../protocol.ts';
import { domRoots, queryAll } from './dom-roots.ts';
import type { Images } from './images.ts';
import { pathOf } from './versioned-url.ts';

export interface PageAssets {
  /** Root-relative path → hash, null where it is not known yet. */
  known(): Record<string, string | null>;
  learn(hashes: Readonly<Record<string, string>>): void;
  learnChanges(changes: readonly Change[]): void;
}

export function createPageAssets(images: Pick<Images, 'addresses'>): PageAssets {
  const hashes = new Map<string, string>();
  return {
    known() {
      const roots = domRoots();
      const links = queryAll<HTMLLinkElement>('link[rel~="stylesheet" i][href]', roots).map(({ href }) => href);
      const scripts = queryAll<HTMLScriptElement>('script[src]', roots).map(({ src }) => src);
      const assets: Record<string, string | null> = {};
      for (const address of [...links, ...scripts, ...images.addresses(roots)]) {
        const path = pathOf(address, document.baseURI);
        if (path !== undefined) assets[path] = hashes.get(path) ?? null;
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
