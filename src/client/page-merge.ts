/**
 * The way to the merge of HTML (merge/merge.ts), which most pages of a day's work never need: it is a module of its own, imported from our
 * server when the first edit of a page's HTML comes. An import, because that works under every policy under which updates work.
 */
import { MERGE_PATH } from '../protocol.ts';
import { toUrl } from './base.ts';
import type { Post } from './post.ts';

export interface MergeHost {
  /** The HTML file behind the page, and the hash of what the page shows of it. */
  readonly page: ShownPage;
  readonly post: Pick<Post, 'send' | 'token'>;
  readonly nonce: string | undefined;
  /** Outline what changed. */
  readonly highlight: boolean;
}

export interface ShownPage {
  readonly file: string;
  hash: string;
}

export type MergeOutcome =
  | { readonly kind: 'same' }
  /** What was done, in words. */
  | { readonly kind: 'merged'; readonly text: string }
  /** The page stays as it is until the next save. */
  | { readonly kind: 'kept' | 'reload'; readonly reason: string };

interface MergeModule {
  readonly createMerge: (host: MergeHost) => PageMerge;
}

/** Brings the page level with its file. @throws when the server could not be asked */
export type PageMerge = () => Promise<MergeOutcome>;

export function createPageMerge(host: MergeHost): PageMerge {
  let merge: PageMerge | undefined;
  return async () => {
    merge ??= ((await import(location.origin + toUrl(MERGE_PATH))) as MergeModule).createMerge(host);
    return merge();
  };
}
