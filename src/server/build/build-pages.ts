/**
 * Pages of a build: plugins make them, what each loads is found and bundled for all of them at once, and then each is written anew with what came
 * of that.
 */
import { isUtf8 } from 'node:buffer';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Bundler, Entry } from '../compile/bundle/bundler.ts';
import type { VirtualEntry } from '../compile/bundle/bundle-plugin.ts';
import { scanCss } from '../compile/css.ts';
import { fileOfId } from '../compile/module-ids.ts';
import type { HtmlHooks } from '../compile/plugins/html-hooks.ts';
import { looksLikeDocument } from '../http/html-inject.ts';
import { htmlReferences, type HtmlReference } from '../http/html-references.ts';
import { scanHtml } from '../http/html-scan.ts';
import type { ImportMaps } from '../import-maps.ts';
import { createPageAddresses, inlineName, type Page, type PageAddressesOptions, type PageFile } from './page-addresses.ts';
import { rewritePage } from './page-rewriting.ts';
import { baseOf } from '../pages.ts';

export interface BuildPagesOptions extends PageAddressesOptions {
  readonly bundler: Bundler;
  readonly importMaps: ImportMaps;
  readonly html: HtmlHooks | undefined;
  /** The address of a file that keeps its name, with the base. */
  readonly keptUrl: (filePath: string) => string | undefined;
  /** The same message is told once. */
  readonly warn: (message: string) => void;
}

export interface BuiltPages {
  /** By file. */
  readonly pages: ReadonlyMap<string, Buffer>;
  /** Files that keep their names, since a page links to them. */
  readonly linked: ReadonlySet<string>;
  /** What plugins have made pages of. */
  readonly consumed: ReadonlySet<string>;
}

/** @param fragments HTML that scripts put into pages: it stays as it is, and what it names keeps its name */
export async function buildPages(
  files: readonly PageFile[],
  fragments: readonly PageFile[],
  options: BuildPagesOptions,
): Promise<BuiltPages> {
  const { root, base, bundler, importMaps, html, keptUrl, warn } = options;
  const addresses = createPageAddresses(options);
  const { fileOf, scriptOf } = addresses;
  const consumed = new Set<string>();

  const toPage = (file: PageFile): Page => {
    const scan = scanHtml(file.content);
    return { ...file, scan, references: htmlReferences(file.content), address: baseOf(scan, base.toUrl(file.urlPath)) };
  };
  const read = async (file: PageFile): Promise<Page> => {
    const made = html && isUtf8(file.content) ? await html(file.content.toString('utf8'), file) : undefined;
    for (const source of made?.watchFiles ?? []) consumed.add(source);
    const page = toPage(made ? { ...file, content: Buffer.from(made.html) } : file);
    importMaps.learn(page.urlPath, page.scan.importMaps, page.address);
    return page;
  };
  const tellMissing = (value: string, { urlPath }: Page): void => warn(`${urlPath.slice(1)}: ${value.trim()} names no file.`);

  const entries = new Map<string, Entry>();
  const virtual = new Map<string, VirtualEntry>();
  const addEntry = (value: string, filePath: string | undefined, page: Page): void => {
    if (filePath === undefined || keptUrl(filePath) !== undefined) return;
    if (existsSync(filePath)) entries.set(filePath, { in: filePath, name: stemOf(filePath) });
    else tellMissing(value, page);
  };
  const collect = (page: Page): void => {
    const sheetOf = (value: string): string | undefined => fileOf(value, page)?.filePath;
    for (const { kind, value } of page.references) {
      if (kind === 'module') addEntry(value, scriptOf(value, page), page);
      if (kind === 'sheet') addEntry(value, sheetOf(value), page);
      for (const { kind: kindInCss, specifier } of kind === 'style-text' ? scanCss(value) : [])
        if (kindInCss === 'import') addEntry(specifier, sheetOf(specifier), page);
    }
    for (const { text, line, column, index } of page.scan.inlineModules) {
      const name = inlineName(page, index);
      const { filePath: place } = fileOfId(root, base.toId(page.address.pathname).replace(/[^/]*$/, 'page.html'));
      const contents = '\n'.repeat(line - 1) + ' '.repeat(column - 1) + text;
      virtual.set(name, { filePath: page.filePath, contents, resolveDir: path.dirname(place) });
      entries.set(name, { in: name, name: stemOf(page.filePath) });
    }
  };

  const pages = await Promise.all(files.map(read));
  for (const page of pages) collect(page);
  const built = await bundler.bundle([...entries.values()], virtual);
  const contents = new Map<string, Buffer>();
  for (const page of pages) contents.set(page.filePath, await rewritePage(page, built, { addresses, bundler, keptUrl, tellMissing }));

  const namesIn = (page: Page, kind?: HtmlReference['kind']): string[] =>
    page.references.filter((one) => kind === undefined || one.kind === kind).flatMap(({ value }) => fileOf(value, page)?.filePath ?? []);
  const linked = new Set([...pages.flatMap((page) => namesIn(page, 'link')), ...fragments.flatMap((file) => namesIn(toPage(file)))]);
  return { pages: contents, linked, consumed };
}

/** A page, and no text that some script puts into one. */
export function isPage(html: Buffer): boolean {
  if (looksLikeDocument(html) || scanHtml(html).inlineModules.length > 0) return true;
  return htmlReferences(html).some(({ kind }) => kind === 'module' || kind === 'sheet');
}

function stemOf(filePath: string): string {
  return path.basename(filePath, path.extname(filePath));
}
