/**
 * Pages of a build: what each loads is found, bundled for all of them at once, and its new address written where the old one stood. All other
 * bytes stay as they were written.
 */
import { isUtf8 } from 'node:buffer';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Base } from './base.ts';
import type { BuiltEntry, Bundler, Entry } from './compile/bundle/bundler.ts';
import type { VirtualEntry } from './compile/bundle/bundle-plugin.ts';
import { isLocalUrl, replaceUrls, scanCss, type CssReference } from './compile/css.ts';
import { fileOfId } from './compile/module-ids.ts';
import type { HtmlHooks } from './compile/plugins/html-hooks.ts';
import type { Resolver } from './compile/resolve.ts';
import { looksLikeDocument, replaceRanges, type ByteEdit } from './http/html-inject.ts';
import { escapeAttribute, headEnd, htmlReferences, replaceSrcset, tagStart, type HtmlReference } from './http/html-references.ts';
import { scanHtml, type HtmlScan } from './http/html-scan.ts';
import { ORIGIN, type ImportMaps } from './import-maps.ts';
import { baseOf } from './pages.ts';

export interface BuildPagesOptions {
  readonly root: string;
  readonly base: Base;
  readonly bundler: Bundler;
  readonly resolver: Resolver;
  readonly importMaps: ImportMaps;
  readonly html: HtmlHooks | undefined;
  /** The file that a path in the folder means: the one there, or the public one. */
  readonly fileFor: (filePath: string) => string;
  /** The address of a file that keeps its name, with the base. */
  readonly keptUrl: (filePath: string) => string | undefined;
  readonly warn: (message: string) => void;
}

export interface BuiltPages {
  /** By URL path. */
  readonly pages: ReadonlyMap<string, Buffer>;
  /** Files that keep their names, since a page links to them. */
  readonly linked: ReadonlySet<string>;
  /** What plugins have made pages of. */
  readonly consumed: ReadonlySet<string>;
}

export interface PageFile {
  /** As in a URL. */
  readonly urlPath: string;
  readonly filePath: string;
  readonly content: Buffer;
}

interface Page extends PageFile {
  readonly scan: HtmlScan;
  readonly references: readonly HtmlReference[];
  readonly address: URL;
}

/** @param fragments HTML that scripts put into pages: it stays as it is, and what it names keeps its name */
export async function buildPages(
  files: readonly PageFile[],
  fragments: readonly PageFile[],
  options: BuildPagesOptions,
): Promise<BuiltPages> {
  const { root, base, bundler, resolver, importMaps, html, fileFor, keptUrl, warn } = options;
  const linked = new Set<string>();
  const consumed = new Set<string>();

  const read = async ({ urlPath, filePath, content: written }: PageFile): Promise<Page> => {
    let content = written;
    if (html && isUtf8(written)) {
      const made = await html(written.toString('utf8'), { urlPath, filePath });
      for (const file of made.watchFiles) consumed.add(file);
      content = Buffer.from(made.html);
    }
    const scan = scanHtml(content);
    const address = baseOf(scan, base.toUrl(urlPath));
    importMaps.learn(urlPath, scan.importMaps, address);
    return { urlPath, filePath, content, scan, references: htmlReferences(content), address };
  };

  /** A path under the base, and what follows it; undefined for what is no file of this site. */
  const localPath = (value: string, { address }: Page): { readonly id: string; readonly rest: string } | undefined => {
    const written = value.trim();
    if (!isLocalUrl(written) || !URL.canParse(written, address.href)) return undefined;
    const { origin, pathname, search, hash } = new URL(written, address);
    const isFile = origin === ORIGIN && !/%(?:2f|5c|00|(?![\da-f]{2}))/i.test(pathname);
    return isFile ? { id: base.toId(pathname), rest: search + hash } : undefined;
  };
  const fileOf = (value: string, page: Page): { readonly filePath: string; readonly rest: string } | undefined => {
    const local = localPath(value, page);
    if (!local || local.id.endsWith('/')) return undefined;
    return { filePath: fileFor(fileOfId(root, local.id).filePath), rest: local.rest };
  };
  /** As TypeScript wants it written, `main.js` may be a `main.ts`. */
  const scriptOf = (value: string, page: Page): string | undefined => {
    const named = fileOf(value, page);
    if (!named || existsSync(named.filePath)) return named?.filePath;
    const found = resolver.resolve(localPath(value, page)?.id ?? '', page.filePath, { kind: 'import' });
    return found.kind === 'file' ? found.filePath : named.filePath;
  };

  const entries = new Map<string, Entry>();
  const virtual = new Map<string, VirtualEntry>();
  const addEntry = (filePath: string): void =>
    void entries.set(filePath, { in: filePath, name: path.basename(filePath, path.extname(filePath)) });
  const inlineName = ({ filePath }: Page, index: number): string => `${filePath}?${index}`;

  const missing = new Set<string>();
  /** Undefined where the address stays as it is. */
  const bundled = (value: string, page: Page, find: typeof scriptOf): string | undefined => {
    const filePath = find(value, page);
    if (filePath === undefined || keptUrl(filePath) !== undefined) return undefined;
    if (existsSync(filePath)) return filePath;
    tellMissing(value, page);
    return undefined;
  };
  const tellMissing = (value: string, { urlPath }: Page): void => {
    const message = `${urlPath.slice(1)}: ${value.trim()} names no file.`;
    if (!missing.has(message)) warn(message);
    missing.add(message);
  };
  const sheetOf = (value: string, page: Page): string | undefined => fileOf(value, page)?.filePath;

  const collect = (page: Page): void => {
    for (const { kind, value } of page.references) {
      const filePath = kind === 'module' ? bundled(value, page, scriptOf) : kind === 'sheet' ? bundled(value, page, sheetOf) : undefined;
      if (filePath !== undefined) addEntry(filePath);
      if (kind === 'style' || kind === 'style-text') {
        for (const reference of cssReferences(value, kind)) {
          const sheet = reference.kind === 'import' ? bundled(reference.specifier, page, sheetOf) : undefined;
          if (sheet !== undefined) addEntry(sheet);
        }
      }
      if (kind === 'link') {
        const target = fileOf(value, page);
        if (target) linked.add(target.filePath);
      }
    }
    page.scan.inlineModules.forEach(({ text, line, column, index }) => {
      const name = inlineName(page, index);
      const { filePath: place } = fileOfId(root, base.toId(page.address.pathname).replace(/[^/]*$/, 'page.html'));
      const contents = '\n'.repeat(line - 1) + ' '.repeat(column - 1) + text;
      virtual.set(name, { filePath: page.filePath, contents, resolveDir: path.dirname(place) });
      entries.set(name, { in: name, name: path.basename(page.filePath, path.extname(page.filePath)) });
    });
  };

  const rewrite = async (page: Page, built: ReadonlyMap<string, BuiltEntry>): Promise<Buffer> => {
    const edits: ByteEdit[] = [];
    const sheets: { readonly url: string; readonly at: number }[] = [];
    /** Of what keeps its name: with the base in front, if it was written without. */
    const rooted = (value: string): string | undefined => {
      const local = localPath(value, page);
      if (!local || !value.trim().startsWith('/') || base.path === '/') return undefined;
      return base.fromUrl(new URL(value, page.address).pathname) === undefined ? base.toUrl(local.id) + local.rest : undefined;
    };
    const assetUrl = (value: string): string | undefined => {
      const file = fileOf(value, page);
      if (!file) return rooted(value);
      const url = bundler.assetUrl(file.filePath);
      if (url === undefined) tellMissing(value, page);
      const isSame = url === undefined || new URL(url + file.rest, ORIGIN).href === new URL(value.trim(), page.address).href;
      return isSame ? undefined : url + file.rest;
    };
    const builtUrl = (value: string, find: typeof scriptOf): string | undefined => {
      const filePath = find(value, page);
      if (filePath === undefined) return rooted(value);
      return built.get(filePath)?.url ?? (keptUrl(filePath) === undefined ? undefined : assetUrl(value));
    };
    const cssUrl = ({ kind, specifier }: CssReference): string | undefined =>
      kind === 'import' ? builtUrl(specifier, sheetOf) : assetUrl(specifier);
    const classicUrl = async (value: string): Promise<string | undefined> => {
      const filePath = fileOf(value, page)?.filePath;
      if (filePath === undefined || keptUrl(filePath) !== undefined) return assetUrl(value);
      if (existsSync(filePath)) return bundler.classicUrl(filePath);
      tellMissing(value, page);
      return undefined;
    };
    const newValue = async ({ kind, value }: HtmlReference): Promise<string | undefined> => {
      switch (kind) {
        case 'module':
          return builtUrl(value, scriptOf);
        case 'sheet':
          return builtUrl(value, sheetOf);
        case 'classic':
          return classicUrl(value);
        case 'asset':
          return assetUrl(value);
        case 'srcset':
          return replaceSrcset(value, assetUrl);
        case 'link':
          return rooted(value);
        case 'style':
        case 'style-text': {
          const css = replaceUrls(value, cssReferences(value, kind), cssUrl);
          return css === value ? undefined : css;
        }
      }
    };
    const addSheet = (entry: BuiltEntry | undefined, at: number): void => {
      if (entry?.cssUrl !== undefined && !sheets.some(({ url }) => url === entry.cssUrl)) sheets.push({ url: entry.cssUrl, at });
    };

    for (const reference of page.references) {
      const { kind, start, end, value, quote } = reference;
      const text = await newValue(reference);
      if (text !== undefined) edits.push({ start, end, text: kind === 'style-text' ? text : escapeAttribute(text, quote) });
      if (kind === 'module') addSheet(built.get(scriptOf(value, page) ?? ''), start);
    }
    for (const { start, end, index } of page.scan.inlineModules) {
      const entry = built.get(inlineName(page, index));
      if (entry) edits.push({ start, end, text: `import "${entry.url}";` });
      addSheet(entry, start);
    }
    const place = headEnd(page.content);
    const [first] = sheets;
    const links = sheets.map(({ url }) => `<link rel="stylesheet" href="${escapeAttribute(url, '"')}">`).join('');
    if (first) {
      const at = place ?? tagStart(page.content, first.at);
      edits.push({ start: at, end: at, text: links });
    }
    return replaceRanges(page.content, edits);
  };

  for (const { filePath, urlPath, content } of fragments) {
    const page: Page = {
      filePath,
      urlPath,
      content,
      scan: scanHtml(content),
      references: [],
      address: new URL(base.toUrl(urlPath), ORIGIN),
    };
    for (const { value } of htmlReferences(content)) linked.add(fileOf(value, page)?.filePath ?? '');
  }
  const pages = await Promise.all(files.map(read));
  for (const page of pages) collect(page);
  const built = await bundler.bundle([...entries.values()], virtual);
  const contents = new Map<string, Buffer>();
  for (const page of pages) contents.set(page.urlPath, await rewrite(page, built));
  return { pages: contents, linked, consumed };
}

/** A page, and no text that some script puts into one. */
export function isPage(html: Buffer): boolean {
  return (
    looksLikeDocument(html) ||
    htmlReferences(html).some(({ kind }) => kind === 'module' || kind === 'sheet') ||
    scanHtml(html).inlineModules.length > 0
  );
}

/** A style attribute has no rules. */
function cssReferences(css: string, kind: 'style' | 'style-text'): CssReference[] {
  return scanCss(css).filter((reference) => kind === 'style-text' || reference.kind === 'url');
}
