import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createImportMaps, type ImportMaps } from '../../src/server/import-maps.ts';
import { createPages, type Pages, type PagesOptions } from '../../src/server/pages.ts';
import { createVersions, type Versions } from '../../src/server/versions.ts';

interface Site {
  readonly pages: Pages;
  readonly importMaps: ImportMaps;
  readonly versions: Versions;
  /** How often specifiers were resolved again. */
  remapped(): number;
  serve(html: string, urlPath?: string): Promise<string>;
}

function site(options: Partial<PagesOptions> = {}): Site {
  const importMaps = createImportMaps();
  const versions = createVersions();
  let count = 0;
  const onNewImportMap = async (): Promise<void> => void count++;
  const pages = createPages({
    isAlias: () => false,
    versions,
    importMaps,
    lastEventId: () => 'e-1',
    onNewImportMap,
    fileOf: (urlPath) => `/site${urlPath}`,
    onFile: () => undefined,
    ...options,
  });
  return {
    pages,
    importMaps,
    versions,
    remapped: () => count,
    async serve(html, urlPath = '/index.html') {
      const page = await pages.transform({ filePath: `/site${urlPath}`, urlPath, source: Buffer.from(html), isGenerated: false });
      return page.toString('utf8');
    },
  };
}

const mapTo = (target: string): string => `<script type="importmap">{"imports":{"lib":"${target}"}}</script>`;

test('a script is classic for as long as a page says so', async () => {
  const { pages, serve } = site();
  await serve('<script crossorigin src="app.js"></script>');
  assert.equal(pages.isClassic('/app.js'), true);
  await serve('<script type="module" crossorigin src="app.js"></script>');
  assert.equal(pages.isClassic('/app.js'), false);
  await serve('<script crossorigin src="/app.js"></script>', '/other.html');
  await serve('<script type="module" src="app.js"></script>');
  assert.equal(pages.isClassic('/app.js'), true);
  await pages.relearn(Buffer.alloc(0), '/other.html');
  assert.equal(pages.isClassic('/app.js'), false);
});

test('a page that the server made is no version of a file', async () => {
  const { pages, versions } = site();
  const source = Buffer.from('<!doctype html><title>Not found</title>');
  await pages.transform({ filePath: '/site/404.html', urlPath: '/404.html', source, isGenerated: true });
  assert.deepEqual(versions.untold(), []);
});

test('a page is told what happens while it is being made', async () => {
  let last = 'e-1';
  const made = site({
    lastEventId: () => last,
    html: async (html) => {
      last = 'e-2';
      return { html, watchFiles: [] };
    },
  });
  assert.match(await made.serve('<p>'), /data-since="e-1"/);
  assert.match(await made.serve('<p>'), /data-since="e-2"/);
});

test('a page with a new import map is sent after its modules are resolved by that', async () => {
  const { importMaps, remapped, serve } = site();
  await serve('<p>');
  assert.equal(remapped(), 0);
  await serve(mapTo('./1.js'));
  await serve(mapTo('./1.js'));
  assert.deepEqual([remapped(), importMaps.resolve('lib', '/')], [1, '/1.js']);
});

test('a saved page tells whether its import map is another one', async () => {
  const { pages, importMaps, serve } = site();
  assert.equal(pages.isKnown('/index.html'), false);
  await serve(mapTo('./1.js'));
  assert.equal(pages.isKnown('/index.html'), true);
  assert.equal(await pages.relearn(Buffer.from(`<p>${mapTo('./1.js')}`), '/index.html'), false);
  assert.equal(await pages.relearn(Buffer.from(mapTo('./2.js')), '/index.html'), true);
  assert.equal(importMaps.resolve('lib', '/'), '/2.js');
});

test('a page that is open already is met: its import map counts', async () => {
  const { pages, importMaps, remapped } = site();
  const html = Buffer.from(mapTo('/lib.js'));
  await pages.meet(html, '/index.html');
  assert.equal(importMaps.resolve('lib', '/main.js'), '/lib.js');
  assert.deepEqual([pages.isKnown('/index.html'), remapped()], [true, 1]);
  await pages.meet(html, '/index.html');
  assert.equal(remapped(), 1);
});
