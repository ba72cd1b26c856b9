/**
 * HTML on its way to a tab: gets the client's tag, and inline module scripts become imports of modules that are linked like files
 * (an inline script could not have `import.meta.hot`). Everything else arrives byte for byte. What a page says about its scripts
 * is remembered until its file says something else: import maps, and which scripts are classic although the browser asks for them as for modules.
 */
import { isUtf8 } from 'node:buffer';
import { NO_BASE, type Base } from './base.ts';
import { CLIENT_PATH, INLINE_QUERY } from '../protocol.ts';
import { injectClient, replaceRanges } from './http/html-inject.ts';
import { scanHtmlInTurns, type HtmlScan } from './http/html-scan.ts';
import type { HtmlFile } from './http/send-file.ts';
import { ORIGIN, type ImportMaps } from './import-maps.ts';
import { createInlineNumbers } from './inline-numbers.ts';
import { createPageSources, type PageSource, type PageSources } from './page-sources.ts';
import type { Versions } from './versions.ts';

export interface PagesOptions {
  /** Whether a page is served at another address than its own: its inline modules are left as they are. */
  readonly isAlias: (filePath: string, urlPath: string) => boolean;
  readonly base?: Base;
  readonly versions: Versions;
  readonly importMaps: ImportMaps;
  /** `<epoch>-<sequence>` now: what happens later reaches the page. */
  readonly lastEventId: () => string;
  /** What plugins make of a page. */
  readonly html?: ((html: string, page: { readonly urlPath: string; readonly filePath: string }) => Promise<MadePage>) | undefined;
  /** Absolute path of a page. */
  readonly fileOf: (urlPath: string) => string;
  /** Pages outline what an edit has changed. */
  readonly highlight?: boolean | undefined;
  readonly swapsAlways?: boolean | undefined;
  /** A page was made of this file too: it has to be watched. */
  readonly onFile: (filePath: string) => void;
  /** A page on its way to a tab maps specifiers otherwise than was known; it is sent when its modules are resolved by that. */
  readonly onNewImportMap: () => Promise<void>;
}

interface MadePage {
  readonly html: string;
  /** What it was made of besides its own file. */
  readonly watchFiles: readonly string[];
}

export interface InlineSource {
  /** Blank lines and columns in front, so that places are those of the HTML file. */
  readonly source: string;
  /** URL path that relative imports start from: the page's, or its `<base>`. */
  readonly baseUrlPath: string;
}

export interface Pages {
  /** The hook of static-files. */
  transform(file: HtmlFile): Promise<Buffer>;
  /** The file of a known page changed. True: specifiers may mean something else now. @param html empty when it is gone */
  relearn(html: Buffer, urlPath: string): Promise<boolean>;
  isKnown(urlPath: string): boolean;
  /** A page that another run of the server has served, or one before a restart. */
  meet(html: Buffer, urlPath: string): Promise<void>;
  /** The client's, for a page of another program. */
  tag(nonce: string | null): string;
  /** What was served lately, for pages that merge what changed. */
  readonly sources: PageSources;
  /** A page as it is now. @param html the file's */
  sourceOf(html: Buffer, urlPath: string, filePath: string): Promise<PageSource>;
  /** An inline module of an HTML file, as it is on disk now, by its number (inline-numbers.ts). */
  inlineModule(html: Buffer, urlPath: string, number: number): Promise<InlineSource | undefined>;
  /** URL paths of the pages that plugins made of a file besides their own. */
  madeOf(filePath: string): readonly string[];
  /** A served page loads this URL path as a classic script with `crossorigin`. */
  isClassic(urlPath: string): boolean;
  /** Module entries of an HTML file: paths of its module scripts, and numbers of its inline modules. */
  entries(html: Buffer, urlPath: string): Promise<{ readonly scripts: readonly string[]; readonly inline: readonly number[] }>;
}

export function createPages(options: PagesOptions): Pages {
  const {
    isAlias,
    versions,
    importMaps,
    lastEventId,
    onNewImportMap,
    html: makeHtml,
    fileOf,
    onFile,
    highlight = false,
    swapsAlways = false,
  } = options;
  const { toUrl, toId } = options.base ?? NO_BASE;
  const sources = createPageSources();
  const inlineNumbers = createInlineNumbers();

  /** URL paths of scripts, without those of other origins. */
  const pathsOf = (scripts: readonly { readonly src: string }[], base: URL): string[] =>
    scripts.flatMap(({ src }) => pathOf(src, base) ?? []).map(toId);

  /** By page: URL paths of its classic scripts with `crossorigin`. */
  const classic = new Map<string, ReadonlySet<string>>();

  /** True when the page's import map is another than before. */
  const learn = (scan: HtmlScan, urlPath: string): boolean => {
    const base = baseOf(scan, toUrl(urlPath));
    const scripts = scan.classicScripts.filter(({ crossorigin }) => crossorigin);
    classic.set(urlPath, new Set(pathsOf(scripts, base)));
    return importMaps.learn(urlPath, scan.importMaps, base);
  };

  /** By page: what it was made of besides its own file. */
  const madeOf = new Map<string, ReadonlySet<string>>();

  const make = async (written: Buffer, urlPath: string): Promise<Buffer> => {
    // What is no text that we know would not survive.
    if (!makeHtml || !isUtf8(written)) return written;
    const { html, watchFiles } = await makeHtml(written.toString('utf8'), { urlPath, filePath: fileOf(urlPath) });
    madeOf.set(urlPath, new Set(watchFiles));
    for (const file of watchFiles) onFile(file);
    return Buffer.from(html);
  };

  const scanned = async (html: Buffer, urlPath: string): Promise<HtmlScan> => scanHtmlInTurns(await make(html, urlPath));

  const numbersOf = ({ inlineModules }: HtmlScan, urlPath: string): readonly number[] =>
    inlineNumbers.assign(
      urlPath,
      inlineModules.map(({ text }) => text),
    );

  /** Inline modules as imports. */
  const linked = (source: Buffer, scan: HtmlScan, urlPath: string, filePath: string): Buffer => {
    if (isAlias(filePath, urlPath)) return source;
    const numbers = numbersOf(scan, urlPath);
    const text = (index: number): string => `import "${toUrl(urlPath)}?${INLINE_QUERY}=${numbers[index]}";`;
    return replaceRanges(
      source,
      scan.inlineModules.map(({ start, end, index }) => ({ start, end, text: text(index) })),
    );
  };

  const tag = (since: string, attributes: string, nonce: string | null): string => {
    const common = `data-since="${since}"${highlight ? ' data-highlight' : ''}${swapsAlways ? ' data-swaps-always' : ''}`;
    return `<script src="${toUrl(CLIENT_PATH)}" ${common}${attributes}${nonce === null ? '' : ` nonce="${nonce}"`}></script>`;
  };
  /** With the client's tag. */
  const tagged = (html: Buffer, since: string, attributes: string): Buffer => injectClient(html, (nonce) => tag(since, attributes, nonce));

  return {
    tag: (nonce) => tag(lastEventId(), '', nonce),
    sources,
    async sourceOf(html, urlPath, filePath) {
      const written = await make(html, urlPath);
      return { written, linked: linked(written, await scanHtmlInTurns(written), urlPath, filePath) };
    },
    async transform({ source: written, urlPath, filePath, isGenerated }) {
      // What is told while the page is being made is told to it as well.
      const since = lastEventId();
      // A listing or a "not found" is no file of the author's, and nothing to know about one.
      if (isGenerated) return tagged(written, since, ' data-generated');
      versions.note(filePath, written);
      const source = await make(written, urlPath);
      const scan = await scanHtmlInTurns(source);
      if (learn(scan, urlPath)) await onNewImportMap();
      const page = { written: source, linked: linked(source, scan, urlPath, filePath) };
      return tagged(page.linked, since, ` data-file="${urlPath}" data-hash="${sources.remember(urlPath, page)}"`);
    },
    madeOf: (filePath) => [...madeOf].flatMap(([urlPath, files]) => (files.has(filePath) ? urlPath : [])),
    async inlineModule(html, urlPath, number) {
      const scan = await scanned(html, urlPath);
      const module = scan.inlineModules[numbersOf(scan, urlPath).indexOf(number)];
      if (!module) return undefined;
      const source = '\n'.repeat(module.line - 1) + ' '.repeat(module.column - 1) + module.text;
      return { source, baseUrlPath: toId(baseOf(scan, toUrl(urlPath)).pathname) };
    },
    // What a plugin makes of it is seen when it is asked for.
    relearn: async (html, urlPath) => !makeHtml && learn(await scanHtmlInTurns(html), urlPath),
    isKnown: (urlPath) => classic.has(urlPath),
    async meet(html, urlPath) {
      if (learn(await scanned(html, urlPath), urlPath)) await onNewImportMap();
    },
    isClassic: (urlPath) => [...classic.values()].some((scripts) => scripts.has(urlPath)),
    async entries(html, urlPath) {
      const scan = await scanned(html, urlPath);
      learn(scan, urlPath);
      return { scripts: pathsOf(scan.moduleScripts, baseOf(scan, toUrl(urlPath))), inline: numbersOf(scan, urlPath) };
    },
  };
}

/** What relative addresses of a page at `address` start from; a `<base>` that is no address counts for nothing. */
export function baseOf({ base }: HtmlScan, address: string): URL {
  const page = new URL(address, ORIGIN);
  return base !== null && URL.canParse(base, page.href) ? new URL(base, page) : page;
}

/** Undefined for an address of another origin. */
function pathOf(address: string, base: URL): string | undefined {
  const url = URL.canParse(address, base.href) ? new URL(address, base) : undefined;
  return url?.origin === ORIGIN ? url.pathname : undefined;
}
