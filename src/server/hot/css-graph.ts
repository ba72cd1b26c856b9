/**
 * Which stylesheets reach which files through `@import` and `url()`. A browser swaps whole `<link>`s, so a change deep down is told
 * as a change of every sheet above it; and because a browser caches what a sheet points at by URL, the sheets are served
 * with a version on the URLs of what changed since the start. Unchanged URLs stay as the author wrote them.
 */
import { createHash } from 'node:crypto';

export interface CssReferenceText {
  readonly start: number;
  readonly end: number;
  readonly kind: 'import' | 'url';
  readonly specifier: string;
}

export interface CssGraphOptions {
  /** Rejects when the file cannot be read. */
  readonly read: (filePath: string) => Promise<Buffer>;
  readonly rewrite: (source: string, replace: (reference: CssReferenceText) => string | undefined) => string;
  /** The file that a reference names, if it is one of the served folder's. */
  readonly fileOf: (specifier: string, fromFile: string) => string | undefined;
}

export interface CssGraph {
  /** The sheet with versions on the URLs of what changed. */
  render(filePath: string): Promise<string>;
  /** The same for text that was made from a sheet. */
  versioned(text: string, filePath: string): Promise<string>;
  /** Version of a file together with all that it reaches; undefined when it cannot be read. */
  hash(filePath: string): Promise<string | undefined>;
  /** All files that a sheet reaches, itself first. */
  files(filePath: string): Promise<string[]>;
  /** The query to put on the URL of a file, `?v=…`, or empty for a file that did not change since the start. */
  stamp(filePath: string): Promise<string>;
  /**
   * From now on every file has a version: a page that is older than this server may hold any earlier content under the plain URLs.
   * Returns false when that is so already.
   */
  stampAll(): boolean;
  /** A file changed. Resolves with the known sheets that reach it, itself included. */
  changed(filePath: string): Set<string>;
}

interface Sheet {
  readonly content: Buffer;
  readonly references: readonly string[];
}

const isCss = (filePath: string): boolean => /\.css$/i.test(filePath);

export function createCssGraph({ read, rewrite, fileOf }: CssGraphOptions): CssGraph {
  const sheets = new Map<string, Promise<Sheet>>();
  const known = new Map<string, readonly string[]>();
  const changedFiles = new Set<string>();
  let isEveryFileStamped = false;

  const load = (filePath: string): Promise<Sheet> => {
    let sheet = sheets.get(filePath);
    if (!sheet) {
      sheet = parse(filePath);
      sheets.set(filePath, sheet);
      sheet.catch(() => sheets.delete(filePath));
    }
    return sheet;
  };

  const parse = async (filePath: string): Promise<Sheet> => {
    const content = await read(filePath);
    const references = isCss(filePath) ? referencesIn(content.toString('utf8'), filePath) : [];
    known.set(filePath, references);
    return { content, references };
  };

  const files = async (filePath: string): Promise<string[]> => {
    const seen = new Set<string>();
    const visit = async (file: string): Promise<void> => {
      if (seen.has(file)) return;
      seen.add(file);
      const sheet = await load(file).catch(() => undefined);
      // One after the other: the order is part of the hash.
      for (const reference of sheet?.references ?? []) await visit(reference);
    };
    await visit(filePath);
    return [...seen];
  };

  const hash = async (filePath: string): Promise<string | undefined> => {
    if (!(await load(filePath).catch(() => undefined))) return undefined;
    const digest = createHash('sha1');
    for (const file of await files(filePath)) {
      const sheet = await load(file).catch(() => undefined);
      digest.update(sheet ? sheet.content : 'missing').update('\0');
    }
    return digest.digest('base64url').slice(0, 10);
  };

  const stamp = async (filePath: string): Promise<string> => {
    const reached = await files(filePath);
    if (!isEveryFileStamped && !reached.some((file) => changedFiles.has(file))) return '';
    return `?v=${(await hash(filePath)) ?? 'missing'}`;
  };

  const referencesIn = (source: string, filePath: string): string[] => {
    const references = new Set<string>();
    rewrite(source, ({ specifier }) => {
      const file = fileOf(specifier, filePath);
      if (file !== undefined) references.add(file);
      return undefined;
    });
    return [...references];
  };

  const render = async (filePath: string): Promise<string> => {
    const { content, references } = await load(filePath);
    return write(content.toString('utf8'), filePath, references);
  };

  const write = async (source: string, filePath: string, references: readonly string[]): Promise<string> => {
    const stamps = new Map(await Promise.all(references.map(async (file) => [file, await stamp(file)] as const)));
    if (![...stamps.values()].some((value) => value !== '')) return source;
    return rewrite(source, (reference) => {
      const file = fileOf(reference.specifier, filePath);
      const value = file === undefined ? '' : (stamps.get(file) ?? '');
      return value === '' ? undefined : withVersion(reference.specifier, value);
    });
  };

  const changed = (filePath: string): Set<string> => {
    sheets.delete(filePath);
    changedFiles.add(filePath);
    const above = new Set<string>(known.has(filePath) && isCss(filePath) ? [filePath] : []);
    const queue = [filePath];
    for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
      for (const [sheet, references] of known) {
        if (!references.includes(file) || above.has(sheet)) continue;
        above.add(sheet);
        queue.push(sheet);
      }
    }
    return above;
  };

  const stampAll = (): boolean => {
    const isNew = !isEveryFileStamped;
    isEveryFileStamped = true;
    return isNew;
  };

  const versioned = (text: string, filePath: string): Promise<string> => write(text, filePath, referencesIn(text, filePath));

  return { render, versioned, hash, files, stamp, stampAll, changed };
}

/** Keeps the author's query and fragment. */
export function withVersion(url: string, stamp: string): string {
  const [, before = '', query = '', fragment = ''] = /^([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(url) ?? [];
  return before + (query === '' ? stamp : `${query}&${stamp.slice(1)}`) + fragment;
}
