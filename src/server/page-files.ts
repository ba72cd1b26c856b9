/**
 * Pages as their files are now, for the tabs that have them open: what a tab shows is compared and merged with what it would get. They are
 * found by the address of the file, which the client's tag names, under the rules of every other request.
 */
import { readFile } from 'node:fs/promises';
import type { PageAnswer, PageRequest } from '../protocol.ts';
import type { StaticFiles } from './http/static-files.ts';
import type { PageSource } from './page-sources.ts';
import type { Pages } from './pages.ts';

export interface PageFiles {
  /** A page is open whose modules are asked for next. Rejects when it cannot be read, or a plugin fails of it. */
  meet(urlPath: string): Promise<void>;
  /** Of the HTML that a page would be made of now; undefined when it is gone. */
  hash(page: PageRequest): Promise<string | undefined>;
  ask(page: PageRequest): Promise<PageAnswer>;
}

export function createPageFiles(files: Pick<StaticFiles, 'lookup'>, pages: Pages): PageFiles {
  const sourceOf = async ({ file }: PageRequest): Promise<PageSource | undefined> => {
    const found = await files.lookup(file);
    return found.kind === 'file' && /\.html?$/i.test(found.filePath)
      ? pages.sourceOf(await readFile(found.realPath), found.urlPath, found.filePath)
      : undefined;
  };
  return {
    async meet(urlPath) {
      const found = pages.isKnown(urlPath) ? undefined : await files.lookup(urlPath);
      if (found?.kind === 'file') await pages.meet(await readFile(found.realPath), urlPath);
    },
    async hash(page) {
      const source = await sourceOf(page);
      return source && pages.sources.remember(page.file, source);
    },
    ask: async (page) => pages.sources.ask(page, await sourceOf(page)),
  };
}
