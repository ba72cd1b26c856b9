/**
 * Entries to files: one run of esbuild for all pages, so that they share what they have in common, and one for each program of its own (a worker,
 * a sheet that is asked for as text). These come first, because their names hold hashes that are part of what names them.
 */
import { statSync } from 'node:fs';
import path from 'node:path';
import { hashOf } from '../../content-hash.ts';
import { HmrError } from '../../errors.ts';
import { encodeSegments } from '../../url-path.ts';
import { classify, textOf } from '../assets.ts';
import { withEsbuild, type BuildOptions } from '../esbuild.ts';
import { hasModuleSyntax } from '../link.ts';
import type { Plugin } from '../plugins/plugin.ts';
import { lowerSource, type Define } from '../transform.ts';
import { createBundleMessages } from './bundle-errors.ts';
import { createBundlePlugin, type BundleFiles, type BundlePluginOptions, type VirtualEntry } from './bundle-plugin.ts';
import type { BundleScripts } from './bundle-scripts.ts';
import { readMetafile, type MadeFiles } from './metafile.ts';
import { createPrograms } from './programs.ts';
import { projectPlugins } from './project-plugins.ts';

export interface BundlerOptions extends Pick<
  BundlePluginOptions,
  'root' | 'resolver' | 'formats' | 'importMap' | 'authorApi' | 'fileFor' | 'onAlias' | 'warn'
> {
  /** Of the project: what esbuild names files from. */
  readonly folder: string;
  /** Absolute; nothing is written. */
  readonly outDir: string;
  /** With a slash at both ends. */
  readonly base: string;
  readonly plugins: readonly Plugin[];
  readonly scripts: BundleScripts;
  readonly define: Define;
  readonly minify: boolean;
  readonly sourcemap: boolean;
  readonly read: (filePath: string) => Buffer;
  readonly mediaType: (filePath: string) => string;
  /** The address of a file that keeps its name; undefined for all others. */
  readonly keptUrl: (filePath: string) => string | undefined;
}

export interface Entry {
  /** Absolute path, or a name of `virtual`. */
  readonly in: string;
  /** What its file is called, without extension. */
  readonly name: string;
}

/** Root-relative addresses, with the base. */
export interface BuiltEntry {
  readonly url: string;
  /** The sheets that its modules import, as one. */
  readonly cssUrl: string | undefined;
}

export interface Bundler {
  /** By `in`. @throws HmrError */
  bundle(entries: readonly Entry[], virtual: ReadonlyMap<string, VirtualEntry>): Promise<Map<string, BuiltEntry>>;
  assetUrl(filePath: string): string | undefined;
  /** Of a script that is no module: its types are removed, and nothing else. @throws HmrError */
  classicUrl(filePath: string): Promise<string>;
  /** By name in the folder of the build. */
  readonly outputs: ReadonlyMap<string, Uint8Array>;
  /** Absolute paths of what is in them. */
  readonly inputs: ReadonlySet<string>;
}

/** The folder of everything whose name has a hash. */
export const ASSETS = 'assets';

export function createBundler(options: BundlerOptions): Bundler {
  const { root, folder, outDir, base, scripts, read, keptUrl, warn } = options;
  const outputs = new Map<string, Uint8Array>();
  const inputs = new Set<string>();
  const messages = createBundleMessages(folder, root, scripts);
  const urlOf = (name: string): string => base + encodeSegments(name.split(path.sep)).slice(1);

  const emit = (filePath: string, content: Buffer, extension = path.extname(filePath)): string => {
    const stem = path.basename(filePath, path.extname(filePath));
    const name = path.join(ASSETS, `${stem}-${hashOf(content)}${extension}`);
    outputs.set(name, content);
    inputs.add(filePath);
    return urlOf(name);
  };

  const run = async (
    entries: readonly Entry[],
    more: Variant,
    virtual: ReadonlyMap<string, VirtualEntry> = new Map(),
    program?: string,
  ): Promise<MadeFiles> => {
    const own = createBundlePlugin({ ...options, files, virtual, program });
    const settings = {
      ...settingsOf(options),
      ...more,
      entryPoints: entries.map(({ in: entry, name }) => ({ in: entry, out: name })),
      plugins: [...projectPlugins(options.plugins, scripts), own],
    } satisfies BuildOptions;
    try {
      const { outputFiles, metafile, warnings } = await withEsbuild((esbuild) => esbuild.build(settings));
      for (const warning of warnings) warn(messages.warning(warning));
      const contents = new Map(outputFiles.map((file) => [file.path, file.contents]));
      const made = readMetafile(metafile, folder, contents, new Set(entries.map((entry) => entry.in)));
      for (const input of made.inputs) inputs.add(input);
      return made;
    } catch (failure) {
      throw messages.error(failure);
    }
  };

  const keep = (made: MadeFiles['files']): void => {
    for (const [filePath, content] of made) outputs.set(path.relative(outDir, filePath), content);
  };
  const toUrl = (filePath: string): string => urlOf(path.relative(outDir, filePath));

  /** Of a program or a sheet. */
  const runOne = async (filePath: string, more: Variant, program?: string): Promise<OneFile> => {
    const made = await run([{ in: filePath, name: path.basename(filePath, path.extname(filePath)) }], more, undefined, program);
    const [first] = made.entries;
    if (!first) throw new HmrError('UNSUPPORTED', `Nothing came of ${path.relative(root, filePath)}.`);
    return { file: first.file, files: made.files };
  };
  const urlOfOne = async (filePath: string, more: Variant, program?: string): Promise<string> => {
    const { file, files: made } = await runOne(filePath, more, program);
    keep(made);
    return toUrl(file);
  };

  const programs = createPrograms(
    (filePath) => urlOfOne(filePath, { splitting: false }, filePath),
    (filePath) => path.relative(root, filePath),
  );
  const sheets = new Map<string, Promise<string>>();
  const sheetUrl = (filePath: string): Promise<string> => {
    const url = sheets.get(filePath) ?? urlOfOne(filePath, {});
    sheets.set(filePath, url);
    return url;
  };

  const assets = new Map<string, string>();
  const emitOnce = (filePath: string): string => {
    const url = assets.get(filePath) ?? emit(filePath, read(filePath));
    assets.set(filePath, url);
    return url;
  };

  const classicUrl = async (filePath: string): Promise<string> => {
    if (!/\.[cm]?tsx?$/i.test(filePath)) return emitOnce(filePath);
    const { code } = await lowerSource(textOf(read(filePath)), {
      filePath,
      loader: 'ts',
      tsconfigRaw: scripts.tsconfigRaw,
      define: options.define,
    });
    return emit(filePath, Buffer.from(code), '.js');
  };

  const assetUrl = (filePath: string): string | undefined =>
    keptUrl(filePath) ?? (statSync(filePath, { throwIfNoEntry: false })?.isFile() ? emitOnce(filePath) : undefined);

  const files: BundleFiles = {
    read,
    assetUrl,
    mediaType: options.mediaType,
    workerUrl: programs.urlOf,
    async addressOf(filePath, importer) {
      const kept = keptUrl(filePath);
      if (kept !== undefined) return kept;
      const kind = classify(filePath, '');
      if (kind === 'css' || kind === 'css-module') return sheetUrl(filePath);
      if (kind !== 'script') return emitOnce(filePath);
      const isProgram = /\.[cm]?tsx?$|\.mjs$/i.test(filePath) || hasModuleSyntax(textOf(read(filePath)));
      return isProgram ? programs.urlOf(filePath, importer) : classicUrl(filePath);
    },
    async sheetText(filePath) {
      const { file, files: made } = await runOne(filePath, { sourcemap: false });
      keep(made.filter(([name]) => name !== file));
      return Buffer.from(new Map(made).get(file) ?? [])
        .toString()
        .trim();
    },
  };

  return {
    outputs,
    inputs,
    async bundle(entries, virtual) {
      if (entries.length === 0) return new Map();
      const made = await run(withOwnNames(entries), { splitting: true }, virtual);
      keep(made.files);
      return new Map(
        made.entries.map(({ entry, file, css }) => [entry, { url: toUrl(file), cssUrl: css === undefined ? undefined : toUrl(css) }]),
      );
    },
    assetUrl,
    classicUrl,
  };
}

/** Two files of one name and content would be one to esbuild: a script's sheet, and the sheet of that name itself. */
function withOwnNames(entries: readonly Entry[]): Entry[] {
  const counts = new Map<string, number>();
  return entries.map(({ in: entry, name }) => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return { in: entry, name: count === 1 ? name : `${name}-${count}` };
  });
}

function settingsOf({ folder, outDir, base, scripts, define, minify, sourcemap }: BundlerOptions) {
  return {
    absWorkingDir: folder,
    outdir: outDir,
    publicPath: base,
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'browser',
    target: 'esnext',
    supported: { decorators: false, using: false },
    entryNames: `${ASSETS}/[name]-[hash]`,
    chunkNames: `${ASSETS}/[name]-[hash]`,
    assetNames: `${ASSETS}/[name]-[hash]`,
    conditions: ['module', 'browser', 'production'],
    mainFields: ['module', 'browser', 'main'],
    define: { ...define },
    tsconfigRaw: scripts.tsconfigRaw,
    minifyWhitespace: minify,
    minifyIdentifiers: minify,
    // Code for development is gone, also where the rest stays readable.
    minifySyntax: true,
    sourcemap: sourcemap ? 'linked' : false,
    charset: 'utf8',
    logLevel: 'silent',
  } as const satisfies BuildOptions;
}

/** Where one run differs from another. */
type Variant = Pick<BuildOptions, 'splitting' | 'sourcemap'>;

interface OneFile {
  readonly file: string;
  readonly files: MadeFiles['files'];
}
