/**
 * The pages that the server writes itself: the listing of a folder without index, "not found" for who opens an address in a tab, and what stands in for
 * a program that does not run. Names come from disk and addresses from the client, so everything that goes into the markup is escaped here and nowhere else.
 */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { FileOpener } from './open-file.ts';
import { encodeSegment } from '../url-path.ts';
import { isServableName } from './resolve-request.ts';

interface Entry {
  readonly name: string;
  readonly isFolder: boolean;
}

const STYLE = `
  :root { color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif; }
  body { max-width: 46rem; margin: 3rem auto; padding: 0 1.5rem; }
  h1 { font-size: 1.25rem; font-weight: 600; overflow-wrap: anywhere; }
  ul { list-style: none; padding: 0; }
  li { border-top: 1px solid #8883; }
  li a { display: block; padding: 0.3rem 0.5rem; text-decoration: none; overflow-wrap: anywhere; }
  li a:hover, li a:focus-visible { background: #8882; }
  .folder { font-weight: 600; }
`;

/**
 * Folders first, then by name, with numbers in their order; only what a request would get.
 * @param dirPath real path, checked by the opener
 * @param urlPath canonical, with a slash at its end
 */
export async function listingPage(dirPath: string, urlPath: string, opener: FileOpener): Promise<Buffer> {
  const entries = await readEntries(dirPath, urlPath.split('/').length - 2, opener);
  const items = entries.map(({ name, isFolder }) => {
    const slash = isFolder ? '/' : '';
    return `<li><a${isFolder ? ' class="folder"' : ''} href="./${escapeHtml(encodeSegment(name))}${slash}">${escapeHtml(name)}${slash}</a></li>`;
  });
  const note = items.length === 0 ? '\n<p>This folder is empty.</p>' : '';
  if (urlPath !== '/') items.unshift('<li><a class="folder" href="../">../</a></li>');
  const title = `Index of ${escapeHtml(decodeURIComponent(urlPath))}`;
  return page(title, `<h1>${title}</h1>\n<ul>\n${items.join('\n')}\n</ul>${note}`);
}

/** @param start address of the folder */
export function notFoundPage(message: string, start: string): Buffer {
  return page('Not found', `<h1>Not found</h1>\n<p>${escapeHtml(message)}</p>\n<p><a href="${escapeHtml(start)}">To the start</a></p>`);
}

/**
 * Loads itself again when the program runs.
 * @param changesUrl address of the event stream
 * @param event what it tells then
 */
export function unavailablePage(message: string, changesUrl: string, event: string): Buffer {
  const script = `new EventSource(${JSON.stringify(changesUrl)}).addEventListener('custom', ({ data }) => {
    if (JSON.parse(data).event === ${JSON.stringify(event)}) location.reload();
  });`;
  return page('Not running', `<h1>Not running</h1>\n<p>${escapeHtml(message)}</p>\n<script>${script}</script>`);
}

async function readEntries(dirPath: string, depth: number, opener: FileOpener): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const dirent of await readdir(dirPath, { withFileTypes: true })) {
    const { name } = dirent;
    if (!isServableName(name, depth)) continue;
    if (dirent.isDirectory() || dirent.isFile()) entries.push({ name, isFolder: dirent.isDirectory() });
    else if (dirent.isSymbolicLink()) entries.push(...(await followLink(path.join(dirPath, name), name, opener)));
  }
  const byName = new Intl.Collator('en', { numeric: true });
  return entries.toSorted((a, b) => Number(b.isFolder) - Number(a.isFolder) || byName.compare(a.name, b.name));
}

/** A link is listed as what it leads to, and not at all if that is not served. */
async function followLink(filePath: string, name: string, opener: FileOpener): Promise<Entry[]> {
  const outcome = await opener.open(filePath);
  if (outcome.kind === 'file') await outcome.handle.close();
  if (outcome.kind === 'file') return [{ name, isFolder: false }];
  const isFolder = outcome.kind === 'directory' && (await opener.directory(filePath)) !== null;
  return isFolder ? [{ name, isFolder }] : [];
}

function page(title: string, body: string): Buffer {
  return Buffer.from(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
${body}
</body>
</html>
`);
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
