/**
 * Pages from Markdown: `notes.html` with a title gets the text of `notes.md` beside it, in the layout. The same in development, where an edit of
 * the text or of the layout shows at once, and in the build.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { marked } from 'marked';

interface Page {
  readonly filePath: string;
}

/** @param options.layout beside this file */
export function markdown({ layout }: { readonly layout: string }) {
  const layoutPath = fileURLToPath(new URL(layout, import.meta.url));
  return {
    name: 'markdown',
    async html(html: string, { filePath }: Page) {
      const textPath = filePath.replace(/\.html$/, '.md');
      if (!existsSync(textPath)) return { html, watchFiles: [textPath] }; // It may come yet.
      const title = /<title>(.*?)<\/title>/.exec(html)?.[1] ?? '';
      const content = await marked.parse(await readFile(textPath, 'utf8'));
      const page = (await readFile(layoutPath, 'utf8')).replaceAll('{{title}}', () => title).replace('{{content}}', () => content);
      return { html: page, watchFiles: [textPath, layoutPath] };
    },
  };
}
