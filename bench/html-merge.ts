/**
 * `npm run bench -- --html`: the merge of an HTML edit into a page of 5,000 nodes, beside idiomorph in the same page. Both get the new text and have
 * to parse it; the merge has the old tree from before, as after every edit but the first. Medians, in milliseconds.
 */
import fs from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { findChromium } from '../scripts/ensure-chromium.ts';
import { createDevServer } from '../src/server/dev-server.ts';
import { quantile } from './measure.ts';

const ITEMS = 1000;
const RUNS = 21;

/** Five nodes each: item, heading, its text, paragraph, its text. */
const item = (index: number): string =>
  `<li class="item" data-index="${index}"><b>Item ${index}</b><p>Some words about item ${index}</p></li>`;

const PAGE = `<!doctype html><html><head><title>bench</title></head><body><h1>List</h1><ul>${Array.from({ length: ITEMS }, (_, index) => item(index)).join('')}</ul></body></html>`;

const EDITS: Readonly<Record<string, (html: string) => string>> = {
  text: (html) => html.replace('about item 500', 'on item 500'),
  'class of one': (html) => html.replace('class="item" data-index="500"', 'class="item new" data-index="500"'),
  insert: (html) => html.replace(item(500), `${item(500)}<li>new</li>`),
  'delete 100': (html) => Array.from({ length: 100 }, (_, index) => item(300 + index)).reduce((text, part) => text.replace(part, ''), html),
  reorder: (html) => html.replace(item(100), '').replace(item(900), item(900) + item(100)),
  wrap: (html) => html.replace(/<ul>(.*)<\/ul>/s, '<main><ul>$1</ul></main>'),
  'text of all': (html) => html.replaceAll('Some words', 'Words'),
};

export async function benchHtml(): Promise<void> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'hmr-dev-bench-'));
  await fs.writeFile(path.join(folder, 'index.html'), PAGE);
  const server = createDevServer({ root: folder, port: 0, logLevel: 'silent' });
  const { port } = await server.listen();
  const browser = await chromium.launch({ executablePath: findChromium() ?? '', args: ['--no-sandbox'] });
  try {
    console.log(`${ITEMS * 5} nodes, median of ${RUNS}\n\n| edit | merge, ms | idiomorph, ms | ratio |\n| --- | --- | --- | --- |`);
    for (const [name, edit] of Object.entries(EDITS)) {
      const page = await browser.newPage();
      await page.goto(`http://localhost:${port}/`);
      await page.addScriptTag({ path: createRequire(import.meta.url).resolve('idiomorph/dist/idiomorph.min.js') });
      // What the loader of this file leaves in its functions.
      await page.addScriptTag({ content: 'globalThis.__name = (value) => value' });
      const [merge, idiomorph] = (await page.evaluate(RUN, { before: PAGE, after: edit(PAGE), runs: RUNS })).map((times) =>
        quantile(times, 0.5),
      );
      console.log(`| ${name} | ${merge?.toFixed(1)} | ${idiomorph?.toFixed(1)} | ${((merge ?? 0) / (idiomorph ?? 1)).toFixed(2)} |`);
      await page.close();
    }
  } finally {
    await browser.close();
    await server.close();
    await fs.rm(folder, { recursive: true, force: true });
  }
}

interface Run {
  readonly before: string;
  readonly after: string;
  readonly runs: number;
}

/** In the page: there and back, one and the other in turn. */
const RUN = async ({ before, after, runs }: Run): Promise<number[][]> => {
  const { mergeDocuments } = (await import(`${location.origin}/@hmr-dev/merge.js`)) as {
    mergeDocuments: (before: Document, after: Document, host: object) => { readonly kind: string };
  };
  const { Idiomorph } = globalThis as unknown as { Idiomorph: { morph(node: Element, html: string, options: object): void } };
  const parse = (html: string): Document => new DOMParser().parseFromString(html, 'text/html');
  const bodyOf = (html: string): string => /<body>(.*)<\/body>/s.exec(html)?.[1] ?? '';
  const time = (act: () => void): number => {
    // What the last one left to do.
    document.body.getBoundingClientRect();
    const start = performance.now();
    act();
    document.body.getBoundingClientRect();
    return performance.now() - start;
  };
  const host = { page: { file: '/index.html', hash: '' }, highlight: false };
  const times: [number[], number[]] = [[], []];
  for (let run = 0; run < runs; run++) {
    for (const [from, to] of [
      [before, after],
      [after, before],
    ] as const) {
      const old = parse(from);
      times[0].push(
        time(() => {
          if (mergeDocuments(old, parse(to), host).kind !== 'merged') throw new Error('not merged');
        }),
      );
    }
    for (const to of [after, before]) times[1].push(time(() => Idiomorph.morph(document.body, bodyOf(to), { morphStyle: 'innerHTML' })));
  }
  return times;
};
