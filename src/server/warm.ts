/**
 * Starts compiling what `index.html` loads before a browser asks for it. Only a head start: errors are found again, and told, when a page
 * really asks.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { INLINE_QUERY } from '../protocol.ts';
import type { ModuleGraph } from './hot/module-graph.ts';
import type { Pages } from './pages.ts';

export interface WarmOptions {
  readonly root: string;
  readonly pages: Pages;
  readonly graph: Pick<ModuleGraph, 'closure'>;
}

export async function warmEntries({ root, pages, graph }: WarmOptions): Promise<void> {
  // ENOENT: a folder without a start page.
  const html = await readFile(path.join(root, 'index.html')).catch(() => undefined);
  if (!html) return;
  const { scripts, inline: numbers } = await pages.entries(html, '/index.html');
  const inline = numbers.map((number) => `/index.html?${INLINE_QUERY}=${number}`);
  await Promise.all([...scripts, ...inline].map((id) => graph.closure(id)));
}
