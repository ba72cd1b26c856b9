/**
 * What a build has made, for the terminal: name, size and size over the wire of each file. Many copies are one line, because a site may have
 * a thousand pictures.
 */
import { gzipSync } from 'node:zlib';
import type { SiteFile } from './build.ts';
import type { Paint } from '../colors.ts';
import { formatMs } from '../logger.ts';

export interface BuiltFile {
  /** Relative to the folder of the build, with slashes. */
  readonly name: string;
  readonly sizeBytes: number;
  /** Undefined for what is compressed already, and for copies. */
  readonly gzipBytes: number | undefined;
  /** Taken as it is in the folder. */
  readonly isCopied: boolean;
}

const COMPRESSIBLE = /\.(?:html?|css|[cm]?js|json|svg|xml|txt|webmanifest|wasm)$/i;

/** Pages first, then by name. */
export function sizesOf(files: ReadonlyMap<string, SiteFile>): BuiltFile[] {
  const sizes = [...files].map(([name, { content, isCopied }]): BuiltFile => {
    const gzipBytes = !isCopied && COMPRESSIBLE.test(name) ? gzipSync(content).length : undefined;
    return { name, sizeBytes: content.length, gzipBytes, isCopied };
  });
  const rank = ({ name }: BuiltFile): number => (/\.html?$/.test(name) ? 0 : 1);
  return sizes.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}

/** @param out as the user named it */
export function renderReport(files: readonly BuiltFile[], out: string, durationMs: number, paint: Paint): string {
  const made = files.filter(({ isCopied }) => !isCopied);
  const copied = files.filter(({ isCopied }) => isCopied);
  const rows = made.map(({ name, sizeBytes, gzipBytes }) => [
    name,
    sizeText(sizeBytes),
    gzipBytes === undefined ? '' : sizeText(gzipBytes),
  ]);
  if (copied.length <= LISTED_COPIES) rows.push(...copied.map(({ name, sizeBytes }) => [`${name} (copied)`, sizeText(sizeBytes), '']));
  else rows.push([`${copied.length} copied files`, sizeText(sum(copied)), '']);
  rows.push(['total', sizeText(sum(files)), '']);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0), HEADS[column]?.length ?? 0));
  const line = ([name = '', size = '', gzip = '']: readonly string[]): string =>
    `  ${name.padEnd(widths[0] ?? 0)}  ${size.padStart(widths[1] ?? 0)}  ${gzip.padStart(widths[2] ?? 0)}`.trimEnd();
  const table = rows.map((row, index) => (index === rows.length - 1 ? paint('bold', line(row)) : line(row)));
  return [
    '',
    paint('dim', line(HEADS)),
    ...table,
    '',
    `  ${paint('green', out)} ${paint('dim', 'built in')} ${formatMs(durationMs)}`,
    '',
  ].join('\n');
}

/** So many are told by name, since each of them is about to be public. */
const LISTED_COPIES = 20;
const HEADS = ['name', 'size', 'gzip'];

function sum(files: readonly BuiltFile[]): number {
  return files.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
}

/** In kB of 1,000 bytes, as hosts count. */
function sizeText(bytes: number): string {
  return bytes < 1000 ? `${bytes} B` : bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(2)} MB`;
}
