/**
 * The `html` hooks of all plugins, one after the other: each gets what the one before made of the page. Where no plugin has one, pages are
 * sent as they were written.
 */
import path from 'node:path';
import { thrownError } from './plugin-errors.ts';
import type { HtmlPage, Plugin } from './plugin.ts';

export interface MadePage {
  readonly html: string;
  readonly watchFiles: readonly string[];
}

/** Undefined when no plugin has such a hook. Rejects with HmrError. */
export type HtmlHooks = (html: string, page: HtmlPage) => Promise<MadePage>;

export function createHtmlHooks(plugins: readonly Plugin[], folder: string): HtmlHooks | undefined {
  const hooked = plugins.filter((plugin) => plugin.html);
  if (hooked.length === 0) return undefined;
  return async (html, page) => {
    let made = html;
    const watchFiles: string[] = [];
    for (const plugin of hooked) {
      const result = await run(plugin, made, page, folder);
      if (result === undefined) continue;
      made = typeof result === 'string' ? result : result.html;
      if (typeof result === 'object') watchFiles.push(...(result.watchFiles ?? []).filter((file) => path.isAbsolute(file)));
    }
    return { html: made, watchFiles };
  };
}

async function run(
  plugin: Plugin,
  html: string,
  page: HtmlPage,
  folder: string,
): Promise<Awaited<ReturnType<NonNullable<Plugin['html']>>>> {
  try {
    return await plugin.html?.(html, page);
  } catch (thrown) {
    throw thrownError(thrown, { plugin: plugin.name, filePath: page.filePath, folder });
  }
}
