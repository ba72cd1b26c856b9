/**
 * What a file and its query mean when a module imports it. One table: whoever asks whether `./logo.svg?inline` is a module looks here.
 */
import path from 'node:path';
import { INLINE_QUERY } from '../../protocol.ts';
import { codeFrame, HmrError, placeAt } from '../errors.ts';

export type ModuleKind =
  | 'script'
  | 'inline-module'
  | 'json'
  /** `with { type: 'json' }`: the default export only. */
  | 'json-module'
  | 'css'
  | 'css-module'
  /** `with { type: 'css' }`. */
  | 'css-sheet'
  /** `?raw`: the text. */
  | 'raw'
  /** `?url`, and anything that is no source: its address. */
  | 'url'
  /** `?inline`: a data URL; for CSS the text. */
  | 'inline';

const BY_EXTENSION = new Map<string, ModuleKind>([
  ...['.js', '.mjs', '.cjs', '.jsx', '.ts', '.mts', '.cts', '.tsx'].map((extension) => [extension, 'script'] as const),
  ['.json', 'json'],
  ['.css', 'css'],
]);

const BY_QUERY = new Map<string, ModuleKind>([
  ['raw', 'raw'],
  ['url', 'url'],
  ['inline', 'inline'],
  ['sheet', 'css-sheet'],
  ['json', 'json-module'],
  [INLINE_QUERY, 'inline-module'],
]);

/** @param search a query with its `?`, or empty */
export function classify(filePath: string, search: string): ModuleKind {
  for (const name of new URLSearchParams(search).keys()) {
    const kind = BY_QUERY.get(name);
    if (kind) return kind;
  }
  if (/\.module\.css$/i.test(filePath)) return 'css-module';
  return BY_EXTENSION.get(path.extname(filePath).toLowerCase()) ?? 'url';
}

export interface AssetSource {
  readonly filePath: string;
  readonly content: Buffer;
  /** Address of the file, with its version where that matters. */
  readonly url: string;
  /** Media type without parameters, for data URLs. */
  readonly mediaType: string;
}

/** The file as an ES module. @throws HmrError `SYNTAX` for JSON that is none */
export function moduleSourceFor(kind: 'json' | 'json-module' | 'raw' | 'url' | 'inline', asset: AssetSource): string {
  switch (kind) {
    case 'json':
      return [...jsonLines(asset), ...namedExports(asset)].join('\n');
    case 'json-module':
      return jsonLines(asset).join('\n');
    case 'raw':
      return `export default ${JSON.stringify(asset.content.toString('utf8'))};`;
    case 'url':
      return `export default ${JSON.stringify(asset.url)};`;
    case 'inline':
      return `export default ${JSON.stringify(inlineText(asset))};`;
    default:
      return kind satisfies never;
  }
}

function inlineText({ filePath, content, mediaType }: AssetSource): string {
  if (/\.css$/i.test(filePath)) return content.toString('utf8');
  return `data:${mediaType};base64,${content.toString('base64')}`;
}

/** JavaScript engines parse JSON twice as fast as the same object literal once it is large. */
const LITERAL_LIMIT = 4096;

function jsonLines({ filePath, content }: AssetSource): string[] {
  const text = decode(content);
  parseJson(text, filePath);
  return [`const json = ${expressionFor(text)};`, 'export default json;'];
}

/** Bundlers export the keys of a JSON file by name, and projects rely on it. */
function namedExports({ filePath, content }: AssetSource): string[] {
  const value = parseJson(decode(content), filePath);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  const names = Object.keys(value).filter((key) => key !== 'default' && /^[A-Za-z_$][\w$]*$/.test(key));
  return names.map((name) => `const $${name} = json[${JSON.stringify(name)}]; export { $${name} as ${name} };`);
}

function decode(content: Buffer): string {
  return content.toString('utf8').replace(/^\ufeff/, '');
}

function expressionFor(text: string): string {
  const isLiteral = text.length < LITERAL_LIMIT && !text.includes('__proto__');
  return isLiteral ? text.trim() : `JSON.parse(${JSON.stringify(text)})`;
}

function parseJson(text: string, filePath: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const offset = Number(/at position (\d+)/.exec(message)?.[1] ?? text.length);
    const place = placeAt(text, offset);
    throw new HmrError('SYNTAX', `Invalid JSON: ${message.replace(/ at position .*| in JSON.*/s, '')}`, {
      location: { file: filePath, ...place },
      frame: codeFrame(text, place.line, place.column),
      cause,
    });
  }
}
