/**
 * What importing a file means, by its query and extension, and the module source for everything that is not code: JSON, text, URLs. One
 * table: whoever asks whether `./logo.svg?inline` is a module looks here. The source is an ES module like the author's and is linked like
 * one, so that nothing behind this step knows that there are other kinds.
 */
import path from 'node:path';
import { INLINE_QUERY } from '../../protocol.ts';
import { HmrError } from '../errors.ts';
import { absoluteCssUrls } from './css.ts';
import type { Loader } from './esbuild.ts';
import { jsonSyntaxError } from './json-syntax.ts';
import { wasmInitModule, wasmModule, workerModule } from './program-modules.ts';

export type ModuleKind =
  | 'script'
  | 'inline-module' // a module script of an HTML page
  | 'css'
  | 'css-module'
  | 'css-sheet' // with { type: 'css' }
  | GeneratedKind;

/** Kinds whose module is written by {@link moduleSourceFor}. */
export type GeneratedKind =
  | 'json'
  | 'json-module' // with { type: 'json' }: the default export only
  | 'raw' // the text
  | 'url' // the URL, because of the query or the extension
  | 'inline' // a data: URL; of a stylesheet, its text
  | 'base64'
  | 'worker' // a class that starts one
  | 'shared-worker'
  | 'wasm' // what an instance of it exports
  | 'wasm-init' // a function that makes instances
  | 'binary' // a Uint8Array
  | 'unknown';

export interface GeneratedModule {
  readonly filePath: string;
  readonly content: Buffer;
  /** What a page fetches the file by, with its version where that matters. */
  readonly url: string;
  /** Without parameters; for data URLs. */
  readonly mediaType: string;
}

const BY_QUERY = new Map<string, ModuleKind>([
  ['raw', 'raw'],
  ['url', 'url'],
  ['inline', 'inline'],
  ['sheet', 'css-sheet'],
  ['json', 'json-module'],
  ['worker', 'worker'],
  ['sharedworker', 'shared-worker'],
  ['init', 'wasm-init'],
  ['instance', 'wasm'],
  [INLINE_QUERY, 'inline-module'],
]);

// Files whose import is their URL. No text formats: importing one by mistake should say so, not yield a string.
const ASSETS = [
  'apng avif bmp cur gif ico jfif jpeg jpg jxl png svg webp',
  'eot otf ttf woff woff2',
  'aac flac m4a mp3 oga ogg opus wav',
  'm4v mov mp4 ogv webm vtt',
  'bin glb gltf hdr ktx2 pdf wasm webmanifest',
];

const BY_EXTENSION = new Map<string, ModuleKind>([
  ...['cjs', 'cts', 'js', 'jsx', 'mjs', 'mts', 'ts', 'tsx'].map((extension) => [extension, 'script'] as const),
  ...ASSETS.flatMap((group) => group.split(' ')).map((extension) => [extension, 'url'] as const),
  ['css', 'css'],
  ['json', 'json'],
]);

/** What esbuild's loaders are here; those of scripts, and `default`, aside. */
export const BY_LOADER: Readonly<Partial<Record<Loader, ModuleKind>>> = {
  css: 'css',
  'local-css': 'css-module',
  json: 'json',
  text: 'raw',
  base64: 'base64',
  dataurl: 'inline',
  binary: 'binary',
  file: 'url',
  copy: 'url',
  empty: 'raw',
};

/** What the query alone says; undefined for any other. */
export function classifyQuery(search: string): ModuleKind | undefined {
  if (search === '') return undefined;
  const query = new URLSearchParams(search);
  // `?worker&url` is the address of a worker's script.
  if (query.has('url')) return 'url';
  for (const name of query.keys()) {
    const kind = BY_QUERY.get(name);
    if (kind) return kind;
  }
  return undefined;
}

/** @param search with its `?`, or empty */
export function classify(filePath: string, search: string): ModuleKind {
  const asked = classifyQuery(search);
  if (asked) return asked;
  if (/\.module\.css$/i.test(filePath)) return 'css-module';
  return BY_EXTENSION.get(extensionOf(filePath)) ?? 'unknown';
}

/** @throws HmrError `SYNTAX` for broken JSON, `UNSUPPORTED` for a file that nothing here can import */
export function moduleSourceFor(kind: GeneratedKind, { filePath, content, url, mediaType }: GeneratedModule): string {
  switch (kind) {
    case 'json':
      return jsonModule(textOf(content), filePath, importableNames);
    case 'json-module':
      return jsonModule(textOf(content), filePath, () => []);
    case 'raw':
      return exportDefault(textOf(content));
    case 'url':
      return exportDefault(url);
    case 'inline':
      if (extensionOf(filePath) === 'css') return exportDefault(absoluteCssUrls(textOf(content), url));
      return exportDefault(dataUrl(content, mediaType));
    case 'base64':
      return exportDefault(content.toString('base64'));
    case 'binary':
      return `export default Uint8Array.from(atob(${JSON.stringify(content.toString('base64'))}), (char) => char.charCodeAt(0));\n`;
    case 'worker':
    case 'shared-worker':
      return workerModule(kind === 'worker' ? 'Worker' : 'SharedWorker', url);
    case 'wasm':
      return wasmModule(content, filePath, url);
    case 'wasm-init':
      return wasmInitModule(url);
    case 'unknown':
      throw notImportable(filePath);
    default:
      return kind satisfies never;
  }
}

/** What is known to work, by extension. */
const PLUGINS: Readonly<Record<string, string>> = {
  mdx: '@mdx-js/esbuild',
  sass: 'esbuild-sass-plugin sass',
  scss: 'esbuild-sass-plugin sass',
  svelte: 'esbuild-svelte svelte',
  vue: 'unplugin-vue vue',
};

function notImportable(filePath: string): HmrError {
  const name = path.basename(filePath);
  const plugin = PLUGINS[extensionOf(filePath)];
  return new HmrError('UNSUPPORTED', `${name} is a kind of file that cannot be imported`, {
    location: { file: filePath, line: 1, column: 1 },
    hint: plugin
      ? `A plugin makes it a module: npm install -D ${plugin}, and name it under "plugins" in hmr.config.ts.`
      : `Import '${name}?raw' for its text, or '${name}?url' for its URL; or name a plugin for it in hmr.config.ts.`,
  });
}

/** An SVG is shorter as text than as base64; whoever wants its markup asks for `?raw`. */
function dataUrl(content: Buffer, mediaType: string): string {
  if (mediaType === 'image/svg+xml') return `data:${mediaType},${encodeURIComponent(textOf(content))}`;
  return `data:${mediaType};base64,${content.toString('base64')}`;
}

function exportDefault(value: string): string {
  return `export default ${JSON.stringify(value)};\n`;
}

// From here on JSON.parse of a string is faster than the same as an object literal.
const LARGE_JSON_CHARACTERS = 10_000;

/** The value as default, and members as exports of their own, as bundlers have taught projects to expect. */
function jsonModule(text: string, filePath: string, namesOf: (value: unknown) => string[]): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw jsonSyntaxError(text, filePath, { relaxed: false }) ?? cause;
  }
  const compact = JSON.stringify(value);
  // In a literal, `__proto__` would set the prototype.
  const isLiteral = compact.length <= LARGE_JSON_CHARACTERS && !compact.includes('__proto__');
  const expression = isLiteral ? compact : `JSON.parse(${JSON.stringify(compact)})`;
  const lines = [`const json = ${expression};`, 'export default json;'];
  const names = namesOf(value);
  if (names.length > 0) {
    lines.push(`const ${names.map((name, index) => `v${index} = json[${JSON.stringify(name)}]`).join(', ')};`);
    lines.push(`export { ${names.map((name, index) => `v${index} as ${name}`).join(', ')} };`);
  }
  return lines.join('\n');
}

/** `import { class as c }` is allowed, so reserved words are too; `default` is the whole value. */
function importableNames(value: unknown): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.keys(value).filter((name) => name !== 'default' && /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u.test(name));
}

function extensionOf(filePath: string): string {
  return path.extname(filePath).slice(1).toLowerCase();
}

/** Without its byte order mark. */
export function textOf(content: Buffer): string {
  const text = content.toString('utf8');
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}
