/**
 * A page with the addresses of a build in place of its own, by position: everything else stays byte for byte. Sheets that its modules import are
 * linked where they are in development, behind all others of the head.
 */
import { existsSync } from 'node:fs';
import type { BuiltEntry, Bundler } from '../compile/bundle/bundler.ts';
import { replaceUrls, scanCss, type CssReference } from '../compile/css.ts';
import { replaceRanges, type ByteEdit } from '../http/html-inject.ts';
import { escapeAttribute, headEnd, replaceSrcset, tagStart, type HtmlReference } from '../http/html-references.ts';
import { ORIGIN } from '../import-maps.ts';
import { inlineName, type Page, type PageAddresses } from './page-addresses.ts';

export interface RewritingOptions {
  readonly addresses: PageAddresses;
  readonly bundler: Pick<Bundler, 'assetUrl' | 'classicUrl'>;
  /** The address of a file that keeps its name, with the base. */
  readonly keptUrl: (filePath: string) => string | undefined;
  readonly tellMissing: (value: string, page: Page) => void;
}

/** @param built by path, or by name of an inline module */
export async function rewritePage(page: Page, built: ReadonlyMap<string, BuiltEntry>, options: RewritingOptions): Promise<Buffer> {
  const newValue = createNewValues(page, built, options);
  const edits: ByteEdit[] = [];
  for (const reference of page.references) {
    const { kind, start, end, quote } = reference;
    const text = await newValue(reference);
    if (text !== undefined) edits.push({ start, end, text: kind === 'style-text' ? text : escapeAttribute(text, quote) });
  }
  for (const { start, end, index } of page.scan.inlineModules) {
    const entry = built.get(inlineName(page, index));
    if (entry) edits.push({ start, end, text: `import "${entry.url}";` });
  }
  const sheets = sheetLinks(page, built, options.addresses);
  return replaceRanges(page.content, sheets ? [...edits, sheets] : edits);
}

/** @returns what an attribute, or the text of a `<style>`, is to be; undefined where it stays */
function createNewValues(
  page: Page,
  built: ReadonlyMap<string, BuiltEntry>,
  { addresses, bundler, keptUrl, tellMissing }: RewritingOptions,
): (reference: HtmlReference) => string | undefined | Promise<string | undefined> {
  const { fileOf, scriptOf, rooted } = addresses;
  const sheetOf = (value: string): string | undefined => fileOf(value, page)?.filePath;

  const assetUrl = (value: string): string | undefined => {
    const file = fileOf(value, page);
    if (!file) return rooted(value, page);
    const url = bundler.assetUrl(file.filePath);
    if (url === undefined) tellMissing(value, page);
    const isSame = url === undefined || new URL(url + file.rest, ORIGIN).href === new URL(value.trim(), page.address).href;
    return isSame ? undefined : url + file.rest;
  };
  const builtUrl = (value: string, filePath: string | undefined): string | undefined => {
    if (filePath === undefined) return rooted(value, page);
    return built.get(filePath)?.url ?? (keptUrl(filePath) === undefined ? undefined : assetUrl(value));
  };
  const classicUrl = (value: string): string | undefined | Promise<string> => {
    const filePath = fileOf(value, page)?.filePath;
    const isCopied = filePath !== undefined && keptUrl(filePath) === undefined && existsSync(filePath);
    return isCopied ? bundler.classicUrl(filePath) : assetUrl(value);
  };
  const cssUrl = ({ kind, specifier }: CssReference): string | undefined =>
    kind === 'import' ? builtUrl(specifier, sheetOf(specifier)) : assetUrl(specifier);

  return ({ kind, value }) => {
    switch (kind) {
      case 'module':
        return builtUrl(value, scriptOf(value, page));
      case 'sheet':
        return builtUrl(value, sheetOf(value));
      case 'classic':
        return classicUrl(value);
      case 'asset':
        return assetUrl(value);
      case 'srcset':
        return replaceSrcset(value, assetUrl);
      case 'link':
        return rooted(value, page);
      case 'style':
      case 'style-text': {
        const css = replaceUrls(value, cssReferences(value, kind), cssUrl);
        return css === value ? undefined : css;
      }
    }
  };
}

/** Of all module scripts of the page, each sheet once. */
function sheetLinks(page: Page, built: ReadonlyMap<string, BuiltEntry>, { scriptOf }: PageAddresses): ByteEdit | undefined {
  const scripts = page.references.filter(({ kind }) => kind === 'module');
  const entries = [
    ...scripts.map(({ value, start }) => ({ start, entry: built.get(scriptOf(value, page) ?? '') })),
    ...page.scan.inlineModules.map(({ index, start }) => ({ start, entry: built.get(inlineName(page, index)) })),
  ].filter(({ entry }) => entry?.cssUrl !== undefined);
  if (entries.length === 0) return undefined;
  const first = Math.min(...entries.map(({ start }) => start));
  const at = headEnd(page.content) ?? tagStart(page.content, first);
  const urls = new Set(entries.toSorted((a, b) => a.start - b.start).map(({ entry }) => entry?.cssUrl ?? ''));
  const text = [...urls].map((url) => `<link rel="stylesheet" href="${escapeAttribute(url, '"')}">`).join('');
  return { start: at, end: at, text };
}

/** A style attribute has no rules. */
function cssReferences(css: string, kind: 'style' | 'style-text'): CssReference[] {
  return scanCss(css).filter((reference) => kind === 'style-text' || reference.kind === 'url');
}
