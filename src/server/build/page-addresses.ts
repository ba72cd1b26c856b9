/**
 * What an address in a page of a build names: a file of the folder, a public one, or nothing of this site. The rules are the browser's, with the
 * page's `<base>`, and the server's, which takes a path from the root for one under the base.
 */
import { existsSync } from 'node:fs';
import type { Base } from '../base.ts';
import { isLocalUrl } from '../compile/css.ts';
import { fileOfId } from '../compile/module-ids.ts';
import type { Resolver } from '../compile/resolve.ts';
import type { HtmlReference } from '../http/html-references.ts';
import type { HtmlScan } from '../http/html-scan.ts';
import { ORIGIN } from '../import-maps.ts';

export interface PageFile {
  /** As in a URL. */
  readonly urlPath: string;
  readonly filePath: string;
  readonly content: Buffer;
}

export interface Page extends PageFile {
  /** What relative addresses start from. */
  readonly address: URL;
  readonly scan: HtmlScan;
  readonly references: readonly HtmlReference[];
}

export interface NamedFile {
  readonly filePath: string;
  /** Query and fragment. */
  readonly rest: string;
}

/** The page that an address stands in. */
type Addressed = Pick<Page, 'filePath' | 'address'>;

export interface PageAddresses {
  /** Undefined for what is no file of this site; the file need not be there. */
  fileOf(value: string, page: Addressed): NamedFile | undefined;
  /** The same for a module script: as TypeScript wants it written, `main.js` may be a `main.ts`. */
  scriptOf(value: string, page: Addressed): string | undefined;
  /** An address from the root that was written without the base, with it; undefined for all others. */
  rooted(value: string, page: Addressed): string | undefined;
}

export interface PageAddressesOptions {
  readonly root: string;
  readonly base: Base;
  readonly resolver: Resolver;
  /** The file that a path in the folder means: the one there, or the public one. */
  readonly fileFor: (filePath: string) => string;
}

export function createPageAddresses({ root, base, resolver, fileFor }: PageAddressesOptions): PageAddresses {
  /** Root-relative, without the base. */
  const localPath = (value: string, { address }: Addressed): { readonly id: string; readonly rest: string } | undefined => {
    const written = value.trim();
    if (!isLocalUrl(written) || !URL.canParse(written, address.href)) return undefined;
    const { origin, pathname, search, hash } = new URL(written, address);
    const isPath = origin === ORIGIN && !/%(?:2f|5c|00|(?![\da-f]{2}))/i.test(pathname);
    return isPath ? { id: base.toId(pathname), rest: search + hash } : undefined;
  };

  const fileOf: PageAddresses['fileOf'] = (value, page) => {
    const local = localPath(value, page);
    if (!local || local.id.endsWith('/')) return undefined;
    return { filePath: fileFor(fileOfId(root, local.id).filePath), rest: local.rest };
  };

  return {
    fileOf,
    scriptOf(value, page) {
      const named = fileOf(value, page);
      if (!named || existsSync(named.filePath)) return named?.filePath;
      const found = resolver.resolve(localPath(value, page)?.id ?? '', page.filePath, { kind: 'import' });
      return found.kind === 'file' ? found.filePath : named.filePath;
    },
    rooted(value, page) {
      const local = localPath(value, page);
      if (!local || base.path === '/' || !value.trim().startsWith('/')) return undefined;
      return base.fromUrl(new URL(value, page.address).pathname) === undefined ? base.toUrl(local.id) + local.rest : undefined;
    },
  };
}

/** What an inline module is called among the entries. */
export function inlineName({ filePath }: Pick<Page, 'filePath'>, index: number): string {
  return `${filePath}?${index}`;
}
