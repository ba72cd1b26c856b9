/**
 * Which stylesheets reach which files through `@import` and `url()`. A browser swaps whole `<link>`s, so a change deep down is told
 * as a change of every sheet above it; and because a browser caches what a sheet points at by URL, the sheets are served
 * with a version on the URLs of what changed since the start. Unchanged URLs stay as the author wrote them.
 */
import { hashOf } from '../content-hash.ts';
import { HmrError } from '../errors.ts';

export interface CssReferenceText {
  readonly start: number;
  readonly end: number;
  readonly kind: 'import' | 'url';
  readonly specifier: string;
}

export interface CssGraphOptions<L = unknown> {
  /** Whether a file is a stylesheet, or becomes one. */
  readonly isSheet: (filePath: string) => boolean;
  /** A stylesheet. Rejects when it cannot be read or made. */
  readonly read: (filePath: string) => Promise<SheetSource<L>>;
  /** Of a file that is no stylesheet; undefined when it cannot be read. */
  readonly version: (filePath: string) => string | undefined;
  readonly scan: (source: string) => readonly CssReferenceText[];
  readonly replace: <R extends CssReferenceText>(
    source: string,
    references: readonly R[],
    urlFor: (reference: R) => string | undefined,
  ) => string;
  /** The file that a reference names, if it is one of the served folder's. */
  readonly fileOf: (specifier: string, fromFile: string) => string | undefined;
  /** A sheet was read, or names this file. */
  readonly onFile: (filePath: string) => void;
}

export interface SheetSource<L = unknown> {
  readonly content: Buffer;
  /** What its maker says that it is. */
  readonly loader: L;
  /** Files and folders that it was made of, if it was made of more than itself. */
  readonly watched: readonly string[];
  /** The content is not that of the file. */
  readonly isMade: boolean;
}

type Made<L> = Pick<SheetSource<L>, 'content' | 'loader'>;

export interface CssGraph<L = unknown> {
  isSheet(filePath: string): boolean;
  /** The text of a sheet that is made; undefined for one that is served as it is. Rejects when it cannot be made. */
  made(filePath: string): Promise<Made<L> | undefined>;
  /** A page links this sheet: what is wrong with it concerns somebody. */
  link(filePath: string): void;
  /** Makes these again, and what could not be made before: to know what is wrong. */
  remake(filePaths: Iterable<string>): Promise<unknown>;
  /** What is wrong with sheets that pages link. */
  errors(): HmrError[];
  /** A sheet that was just read, with versions on the URLs of what changed. */
  serve(filePath: string, content: Buffer): Promise<string>;
  /** The same for text that was made from a sheet. @param toUrl takes the place of a URL; undefined leaves it as it is */
  render(filePath: string, text: string, toUrl?: (url: string) => string | undefined): Promise<RenderedCss>;
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

export interface RenderedCss {
  readonly versioned: string;
  /** The same whatever changed since the start. */
  readonly unversioned: string;
}

interface Reference extends CssReferenceText {
  readonly file: string | undefined;
}

interface Sheet<L> {
  readonly digest: string;
  readonly references: readonly Reference[];
  readonly made: Made<L> | undefined;
}

export function createCssGraph<L>({ isSheet, read, version, scan, replace, fileOf, onFile }: CssGraphOptions<L>): CssGraph<L> {
  const sheets = new Map<string, Promise<Sheet<L>>>();
  /** Of each sheet, when it was last read: what it named, and what it was made of besides itself. */
  const known = new Map<string, { readonly named: ReadonlySet<string>; readonly watched: ReadonlySet<string> }>();
  /** Sheets that could not be made, and those that pages link. */
  const broken = new Map<string, HmrError>();
  const linked = new Set<string>();
  const changedFiles = new Set<string>();
  let isEveryFileStamped = false;

  const load = (filePath: string): Promise<Sheet<L>> => {
    let sheet = sheets.get(filePath);
    if (!sheet) {
      sheet = read(filePath).then(
        ({ content, loader, watched, isMade }) => {
          broken.delete(filePath);
          return parse(filePath, content, watched, isMade ? { content, loader } : undefined);
        },
        (error: unknown) => {
          sheets.delete(filePath);
          if (error instanceof HmrError && error.code !== 'READ') fail(filePath, error);
          else broken.delete(filePath);
          throw error;
        },
      );
      sheets.set(filePath, sheet);
    }
    return sheet;
  };

  /** It is known from now on, and so is where it has to be mended. */
  const fail = (filePath: string, error: HmrError): void => {
    broken.set(filePath, error);
    const files = [...(error.location ? [error.location.file] : []), ...error.watched];
    const { named = [], watched = [] } = known.get(filePath) ?? {};
    learn(filePath, named, [...watched, ...files]);
  };

  const parse = (filePath: string, content: Buffer, watched: readonly string[] = [], made?: Made<L>): Sheet<L> => {
    const references = referencesIn(filePath, content.toString('utf8'));
    learn(filePath, filesIn(references), watched);
    return { digest: hashOf(content), references, made };
  };

  const learn = (filePath: string, named: Iterable<string>, watched: Iterable<string>): void => {
    const sheet = { named: new Set(named), watched: new Set(watched) };
    known.set(filePath, sheet);
    for (const file of [filePath, ...sheet.named, ...sheet.watched]) onFile(file);
  };

  const referencesIn = (filePath: string, source: string): Reference[] =>
    scan(source).map((reference) => ({ ...reference, file: fileOf(reference.specifier, filePath) }));

  const files = async (filePath: string): Promise<string[]> => {
    const seen = new Set<string>();
    const visit = async (file: string): Promise<void> => {
      if (seen.has(file)) return;
      seen.add(file);
      if (!isSheet(file)) return;
      const sheet = await load(file).catch(() => undefined);
      // One after the other: the order is part of the hash.
      for (const named of filesIn(sheet?.references ?? [])) await visit(named);
    };
    await visit(filePath);
    return [...seen];
  };

  const digestOf = async (filePath: string): Promise<string | undefined> =>
    isSheet(filePath) ? (await load(filePath).catch(() => undefined))?.digest : version(filePath);

  const hash = async (filePath: string): Promise<string | undefined> => {
    const own = await digestOf(filePath);
    if (own === undefined) return undefined;
    const [, ...reached] = await files(filePath);
    if (reached.length === 0) return own;
    const digests = await Promise.all(reached.map(digestOf));
    return hashOf([own, ...digests.map((digest) => digest ?? 'missing')].join('\0'));
  };

  const stamp = async (filePath: string): Promise<string> => {
    // Asked for every URL of every sheet, so what it reaches is not read while nothing has changed.
    const isChanged = changedFiles.size > 0 && (await files(filePath)).some((file) => changedFiles.has(file));
    return isChanged || isEveryFileStamped ? `?v=${(await hash(filePath)) ?? 'missing'}` : '';
  };

  const serve = async (filePath: string, content: Buffer): Promise<string> => {
    const { digest, made } = await load(filePath);
    // Where nobody watches (`--ignore`, a failed watcher) it changed without a word.
    if (digest !== hashOf(content) && !made) {
      sheets.set(filePath, Promise.resolve(parse(filePath, content)));
      changedFiles.add(filePath);
    }
    return (await render(filePath, content.toString('utf8'))).versioned;
  };

  const render: CssGraph['render'] = async (filePath, text, toUrl = () => undefined) => {
    const sheet = await load(filePath).catch(() => undefined);
    const references = sheet?.digest === hashOf(text) ? sheet.references : referencesIn(filePath, text);
    const stamped = await Promise.all([...filesIn(references)].map(async (file) => [file, await stamp(file)] as const));
    const stamps = new Map(stamped.filter(([, value]) => value !== ''));
    const unversioned = replace(text, references, ({ specifier }) => toUrl(specifier));
    if (stamps.size === 0) return { versioned: unversioned, unversioned };
    const versioned = replace(text, references, ({ specifier, file }) => {
      const url = toUrl(specifier);
      const value = file === undefined ? undefined : stamps.get(file);
      return value === undefined ? url : withVersion(url ?? specifier, value);
    });
    return { versioned, unversioned };
  };

  const changed = (filePath: string): Set<string> => {
    sheets.delete(filePath);
    for (const [sheet, { watched }] of known) if (watched.has(filePath)) sheets.delete(sheet);
    changedFiles.add(filePath);
    const above = new Set<string>(known.has(filePath) ? [filePath] : []);
    const queue = [filePath];
    for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
      for (const [sheet, { named, watched }] of known) {
        if (above.has(sheet) || (!named.has(file) && !watched.has(file))) continue;
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

  return {
    isSheet,
    made: async (filePath) => (await load(filePath)).made,
    remake: (filePaths) => Promise.all([...broken.keys(), ...filePaths].map((filePath) => load(filePath).catch(() => undefined))),
    errors: () => [...broken].flatMap(([filePath, error]) => (linked.has(filePath) ? error : [])),
    link: (filePath) => void linked.add(filePath),
    serve,
    render,
    hash,
    files,
    stamp,
    stampAll,
    changed,
  };
}

function filesIn(references: readonly Reference[]): Set<string> {
  return new Set(references.flatMap(({ file }) => file ?? []));
}

/** Keeps the author's query and fragment. */
export function withVersion(url: string, stamp: string): string {
  const [, before = '', query = '', fragment = ''] = /^([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(url) ?? [];
  return before + (query === '' ? stamp : `${query}&${stamp.slice(1)}`) + fragment;
}
