/**
 * `npm run bench -- --swap`: what hot-swap costs beside plain code, linked and run in the same way but for it: calls, `new`, whole libraries, before
 * and after everything was replaced, in Node and in Chromium; the first load of 1,000 modules; the commit of an edit.
 */
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { build, transform } from 'esbuild';
import { chromium, type Page } from 'playwright-core';
import { findChromium } from '../scripts/ensure-chromium.ts';
import { link } from '../src/server/compile/link.ts';
import { linkPatch } from '../src/server/compile/swap/link-patch.ts';
import type { ModuleText } from '../test/swap/host.ts';
import { changeEveryFunction, libraryTexts, readLibrary, type LibrarySource } from '../test/swap/library-texts.ts';
import { generateApp } from './generate.ts';
import { quantile } from './measure.ts';
import * as here from './swap-page.ts';
import type { Forms, Times, Work } from './swap-page.ts';
import { editedModule, LOOPS } from './swap-programs.ts';

const ROOT = path.join(import.meta.dirname, '..');
const LEVEL = 'classes';
const ROUNDS = 15;
const LOOP_MS = 3;
const LOAD_ROUNDS = 9;
const EDITS = 300;

type Measuring = typeof here;

export async function benchSwap(): Promise<void> {
  const browser = await chromium.launch({ executablePath: findChromium() ?? '', args: ['--no-sandbox'] });
  try {
    console.log(
      `${os.cpus().length} × ${os.cpus()[0]?.model.trim() ?? 'unknown'}; Node ${process.versions.node}; Chromium ${browser.version()}\n`,
    );
    const bundle = await bundled('bench/swap-page.ts');
    const openPage = async (): Promise<Page> => {
      const page = await browser.newPage();
      await page.addScriptTag({ content: bundle });
      return page;
    };
    await benchRun(openPage);
    await benchSizes();
    await benchLoad(openPage);
    await benchEdits(openPage);
    console.log(`\nThe code of hot-swap has ${await bundleSize()} bytes (brotli).`);
  } finally {
    await browser.close();
  }
}

async function bundled(entry: string, minify = false): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'bench',
    target: 'es2022',
    minify,
  });
  return outputFiles[0]?.text ?? '';
}

/** In a fresh page. */
async function inPage<K extends keyof Measuring>(
  open: () => Promise<Page>,
  name: K,
  ...args: Parameters<Measuring[K]>
): Promise<Awaited<ReturnType<Measuring[K]>>> {
  const page = await open();
  const result = await page.evaluate(
    ([key, given]) => (Reflect.get(Reflect.get(globalThis, 'bench') as object, key) as (...all: readonly unknown[]) => unknown)(...given),
    [name, args] as const,
  );
  await page.close();
  return result as Awaited<ReturnType<Measuring[K]>>;
}

function formsOf(source: LibrarySource): Forms {
  return {
    entry: source.entry,
    plain: libraryTexts(source, 'off'),
    slots: libraryTexts(source, LEVEL),
    changed: libraryTexts(source, LEVEL, (text) => changeEveryFunction(text, LEVEL, 'void 1').source),
  };
}

const moduleOf = (text: string): LibrarySource => ({ entry: '/loop.js', files: new Map([['/loop.js', text]]) });

/** Of the quickest rounds: other work on the machine makes a round slower, never quicker. */
function ratios({ plain, again, slots, swapped }: Times): string {
  return [again, slots, swapped].map((times) => (Math.min(...times) / Math.min(...plain)).toFixed(2)).join(' | ');
}

async function benchRun(open: () => Promise<Page>): Promise<void> {
  console.log(
    `The quickest of ${ROUNDS} rounds as a ratio to that of plain code; "plain again", the same code once more, shows the noise.\n`,
  );
  console.log(
    '| what | where | plain, ms | plain again | with slots | after a swap of everything |\n| --- | --- | --- | --- | --- | --- |',
  );
  const acorn = readLibrary('acorn');
  const input = acorn.files.get(acorn.entry) ?? '';
  const magicString = readLibrary('magic-string');
  const preact = readLibrary('preact', 'preact/hooks');
  const subjects: readonly (readonly [string, Work, LibrarySource, boolean?])[] = [
    ...Object.entries(LOOPS).map(([name, text]) => [name, 'loop', moduleOf(text)] as const),
    ['acorn parses itself', 'acorn', acorn],
    ['magic-string edits acorn', 'magic-string', magicString],
    ['preact renders 1,000 rows', 'preact', preact, true],
  ];
  for (const [name, work, source, isOfPage] of subjects) {
    const args = [work, formsOf(source), input, ROUNDS, LOOP_MS] as const;
    const line = (where: string, times: Times): void =>
      console.log(`| ${name} | ${where} | ${Math.min(...times.plain).toFixed(1)} | ${ratios(times)} |`);
    if (!isOfPage) line('Node', await here.timeWork(...args));
    line('Chromium', await inPage(open, 'timeWork', ...args));
  }
}

const gzip = promisify(zlib.gzip);
const brotli = promisify(zlib.brotliCompress);

/** Each text for itself, as it is sent. */
async function sizes(texts: readonly string[]): Promise<readonly [raw: number, gzip: number, brotli: number]> {
  const sum = async (size: (text: string) => Promise<number>): Promise<number> => {
    let all = 0;
    for (const text of texts) all += await size(text);
    return all;
  };
  return [
    await sum(async (text) => Buffer.byteLength(text)),
    await sum(async (text) => (await gzip(text)).length),
    await sum(async (text) => (await brotli(text)).length),
  ];
}

async function benchSizes(): Promise<void> {
  console.log('\n| emitted | plain: raw, gzip, brotli | with slots | patch |\n| --- | --- | --- | --- |');
  const subjects: readonly (readonly [string, ReadonlyMap<string, string>])[] = [
    ['1,000 generated modules', await generated()],
    ...(['acorn', 'magic-string', 'preact', 'zod', 'yaml'] as const).map((name) => [name, readLibrary(name).files] as const),
  ];
  for (const [name, files] of subjects) {
    const all = [...files];
    const plain = await sizes(all.map(([file, text]) => link(text, { file }).factory));
    const slots = await sizes(all.map(([file, text]) => link(text, { file, hotswap: LEVEL }).factory));
    const patch = await sizes(all.map(([file, text]) => linkPatch(text, { file, hotswap: LEVEL }).text));
    const cell = (bytes: readonly number[]): string =>
      bytes.map((size, index) => `${(size / (plain[index] ?? 1)).toFixed(2)} ×`).join(', ');
    console.log(`| ${name} | ${plain.map((size) => size.toLocaleString('en')).join(', ')} | ${cell(slots)} | ${cell(patch)} |`);
  }
}

let app: ReadonlyMap<string, string> | undefined;

/** Those of the bench of servers, as JavaScript. */
async function generated(): Promise<ReadonlyMap<string, string>> {
  if (app) return app;
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'hmr-dev-bench-'));
  try {
    await generateApp(folder, 1000);
    const names = (await fs.readdir(path.join(folder, 'src'))).filter((name) => /^module-\d+\.ts$/.test(name));
    const files = new Map<string, string>();
    for (const name of names) {
      const { code } = await transform(await fs.readFile(path.join(folder, 'src', name), 'utf8'), { loader: 'ts', target: 'esnext' });
      files.set(`/${name.replace(/\.ts$/, '')}`, code);
    }
    return (app = files);
  } finally {
    await fs.rm(folder, { recursive: true });
  }
}

async function benchLoad(open: () => Promise<Page>): Promise<void> {
  const files = await generated();
  const levels = ['off', LEVEL] as const;
  const linking: Record<string, number[]> = { off: [], [LEVEL]: [] };
  const starting: Record<string, number[]> = { off: [], [LEVEL]: [] };
  const scripts: Record<string, string> = {};
  for (let round = 0; round < LOAD_ROUNDS; round++) {
    for (const level of levels) {
      const begun = performance.now();
      const linked = [...files].map(([file, text]) => [file, link(text, { file, hotswap: level })] as const);
      linking[level]?.push(performance.now() - begun);
      scripts[level] ??= scriptOf(linked);
      starting[level]?.push(await inPage(open, 'timeStart', '/module-0', scripts[level]));
    }
  }
  console.log('\n| 1,000 modules | plain, ms | with slots, ms | ratio |\n| --- | --- | --- | --- |');
  const line = (name: string, of: (round: number, level: string) => number): void => {
    const [plain = [], slots = []] = levels.map((level) => Array.from({ length: LOAD_ROUNDS }, (_, round) => of(round, level)));
    const all = slots.map((time, round) => time / (plain[round] ?? 1));
    const ratio = `${quantile(all, 0.5).toFixed(2)} (${quantile(all, 0.25).toFixed(2)}–${quantile(all, 0.75).toFixed(2)})`;
    console.log(`| ${name} | ${quantile(plain, 0.5).toFixed(0)} | ${quantile(slots, 0.5).toFixed(0)} | ${ratio} |`);
  };
  const at = (times: Record<string, number[]>, round: number, level: string): number => times[level]?.[round] ?? Number.NaN;
  line('linked', (round, level) => at(linking, round, level));
  line('compiled and run in Chromium', (round, level) => at(starting, round, level));
  line('both', (round, level) => at(linking, round, level) + at(starting, round, level));
}

function scriptOf(linked: readonly (readonly [string, ReturnType<typeof link>])[]): string {
  const calls = linked.map(([id, { factory, requests, imports, exports }]) => {
    const deps = requests.map(({ specifier }) => new URL(specifier, `http://x${id}`).pathname);
    const meta = {
      id,
      hash: id,
      deps,
      imports: imports.map(({ dep, name }) => [dep, name]),
      exports,
      reexports: [],
      stars: [],
      async: false,
      specifiers: {},
    };
    return `define(${JSON.stringify(meta)},\n${factory});`;
  });
  return `(define)=>{'use strict';${calls.join('\n')}}`;
}

async function benchEdits(open: () => Promise<Page>): Promise<void> {
  const texts = (version: number): readonly ModuleText[] => libraryTexts(moduleOf(editedModule(version)), LEVEL);
  const edits = Array.from({ length: EDITS }, (_, index) => texts(index + 1));
  console.log('\n| an edit of one function of 30, and 3 classes | p50, ms | p95, ms |\n| --- | --- | --- |');
  const line = (name: string, times: readonly number[]): void =>
    console.log(`| ${name} | ${quantile(times, 0.5).toFixed(3)} | ${quantile(times, 0.95).toFixed(3)} |`);
  const inNode = await here.timeEdits(texts(0), edits);
  const inChromium = await inPage(open, 'timeEdits', texts(0), edits);
  for (const [where, { commit, prepare }] of Object.entries({ Node: inNode, Chromium: inChromium })) {
    line(`commit, ${where}`, commit);
    line(`evaluated and prepared, ${where}`, prepare);
  }
}

async function bundleSize(): Promise<number> {
  return (await brotli(await bundled('src/runtime/swap/hot-swap.ts', true))).length;
}
