/**
 * The plugin that gives esbuild what the server means: by a specifier, by a query, by a kind of file. Last of all plugins, so that those of the
 * project are asked first, as they are in development. What esbuild does alike (JSON, CSS, CSS modules, CommonJS) is left to it.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { isLinked } from '../../../runtime/record.ts';
import { HmrError } from '../../errors.ts';
import { BY_LOADER, classify, classifyQuery, moduleSourceFor, type ModuleKind } from '../assets.ts';
import { isLocalUrl } from '../css.ts';
import type { Loader, OnLoadResult, OnResolveResult, PartialMessage, Plugin, PluginBuild } from '../esbuild.ts';
import type { Formats } from '../formats.ts';
import { fileOfId, idOfFile, type FileReference } from '../module-ids.ts';
import type { Resolver } from '../resolve.ts';
import { nodeModuleSource } from './node-module.ts';
import { AUTHOR_API, ID_PREFIX } from './bundle-source.ts';
import type { BundleScripts } from './bundle-scripts.ts';

type OnResolveArgs = Parameters<Parameters<PluginBuild['onResolve']>[1]>[0];
type OnLoadArgs = Parameters<Parameters<PluginBuild['onLoad']>[1]>[0];

/** Files that are not code, and code that is a program of its own. */
export interface BundleFiles {
  /** @throws HmrError `READ` */
  read(filePath: string): Buffer;
  /** Of a file as it is; undefined when there is none. */
  assetUrl(filePath: string): string | undefined;
  /** Of a file as the page needs it: sheets and programs are bundled. @param importer the program that asks */
  addressOf(filePath: string, importer: string | undefined): Promise<string>;
  workerUrl(filePath: string, importer: string | undefined): Promise<string>;
  /** A sheet with all that it imports. */
  sheetText(filePath: string): Promise<string>;
  mediaType(filePath: string): string;
}

export interface BundlePluginOptions {
  readonly root: string;
  readonly resolver: Resolver;
  readonly formats: Pick<Formats, 'effects'>;
  readonly importMap: (specifier: string, importer: string) => string | undefined;
  readonly scripts: BundleScripts;
  readonly files: BundleFiles;
  /** The file that a path in the folder means: the one there, or the public one. */
  readonly fileFor: (filePath: string) => string;
  /** What plugins have written into `build.initialOptions`. */
  readonly onAlias: (alias: Readonly<Record<string, string>>) => void;
  /** The loader of `hmr-dev/client`, as built. */
  readonly authorApi: string;
  /** By namespace and path of an entry: its text, and the folder that its imports start from. */
  readonly virtual: ReadonlyMap<string, VirtualEntry>;
  /** The worker that this is a build of. */
  readonly program: string | undefined;
  readonly warn: (message: string) => void;
}

export interface VirtualEntry {
  readonly filePath: string;
  readonly contents: string;
  readonly resolveDir: string;
}

export const VIRTUAL = 'hmr-dev-page';
/** Made by {@link moduleSourceFor} from a file that no plugin is asked about. */
const GENERATED = 'hmr-dev-file';
const OF_ANY_FILE: ReadonlySet<ModuleKind> = new Set(['raw', 'url', 'inline', 'worker', 'shared-worker', 'wasm-init']);
const SHEET = 'hmr-dev-sheet';
const NODE = 'hmr-dev-node';
const COMPOSED = '?composed';
/** In `pluginData`: asked by us. */
const NATIVE = Symbol('native');

export function createBundlePlugin(options: BundlePluginOptions): Plugin {
  const { root, resolver, formats, importMap, scripts, files, authorApi, virtual, program, fileFor, warn } = options;

  const setup = (build: PluginBuild): void => {
    options.onAlias(build.initialOptions.alias ?? {});
    const hasEffects = createSideEffects(build, formats);
    const loaderOf = (filePath: string): Loader | undefined => build.initialOptions.loader?.[path.extname(filePath)];

    const toModule = async ({ filePath, search }: FileReference, type: string | undefined): Promise<OnResolveResult> => {
      const asked = classifyQuery(search);
      if (type === 'css' || asked === 'css-sheet') return { path: filePath, namespace: SHEET };
      if (asked && OF_ANY_FILE.has(asked)) return { path: filePath, suffix: search, namespace: GENERATED };
      const isPure = classify(filePath, '') === 'script' && !(await hasEffects(filePath));
      return { path: filePath, suffix: search, ...(isPure && { sideEffects: false }) };
    };

    const resolveCode = async ({ path: specifier, kind, with: attributes, importerPath }: Asked): Promise<OnResolveResult | undefined> => {
      const type = attributes['type'];
      if (specifier === AUTHOR_API) return { path: authorApi, sideEffects: false };
      if (specifier.startsWith(ID_PREFIX)) return toModule(fileOfId(root, specifier.slice(ID_PREFIX.length)), type);
      const mapped = importMap(specifier, idOfFile(root, { filePath: importerPath, search: '' }));
      if (mapped !== undefined && !isLinked(mapped)) return { path: mapped, external: true };
      const isRequired = kind === 'require-call' || kind === 'require-resolve';
      const found = resolver.resolve(mapped ?? specifier, importerPath, { kind: isRequired ? 'require' : 'import' });
      switch (found.kind) {
        case 'file':
          return toModule(found, type);
        case 'external':
          return { path: found.url, external: true };
        case 'disabled':
          return { path: specifier, namespace: NODE, pluginData: 'disabled' };
        case 'node':
          return { path: found.name, namespace: NODE };
        case 'error':
          // What is asked for later may be guarded; esbuild knows.
          if (isRequired || kind === 'dynamic-import') return undefined;
          return { errors: [toMessage(scripts.placed(found.error, specifier, importerPath))] };
      }
    };

    const resolveUrl = ({ path: specifier, importerPath }: Asked): OnResolveResult => {
      const [, address = '', rest = ''] = /^([^?#]*)(.*)$/s.exec(specifier) ?? [];
      const found = isLocalUrl(specifier) ? resolver.resolve(address, importerPath, { kind: 'url' }) : undefined;
      if (found?.kind !== 'file') return { path: specifier, external: true };
      const url = files.assetUrl(fileFor(found.filePath));
      if (url === undefined) warn(`${path.relative(root, importerPath)}: url(${specifier}) names no file.`);
      return { path: url === undefined ? specifier : url + rest, external: true };
    };

    const resolveSheet = ({ path: specifier, importerPath, kind }: Asked): OnResolveResult | undefined => {
      if (!isLocalUrl(specifier)) return { path: specifier, external: true };
      const found = resolver.resolve(specifier.replace(/[?#].*$/s, ''), importerPath, { kind: 'url' });
      const filePath = found.kind === 'file' ? fileFor(found.filePath) : undefined;
      if (filePath === undefined || !existsSync(filePath)) return undefined;
      // Who composes from a sheet means its class names.
      const isComposed = kind === 'composes-from' && classify(filePath, '') === 'css';
      return { path: filePath, ...(isComposed && { suffix: COMPOSED }) };
    };

    build.onResolve({ filter: /./ }, (args) => {
      const { path: specifier, kind, importer, namespace, resolveDir, pluginData } = args;
      if (pluginData === NATIVE) return undefined;
      if (kind === 'entry-point') return virtual.has(specifier) ? { path: specifier, namespace: VIRTUAL } : { path: specifier };
      const page = namespace === VIRTUAL ? path.basename(importer.replace(/\?.*$/, '')) : 'module.js';
      const asked = { ...args, importerPath: namespace === 'file' ? importer : path.join(resolveDir || root, page) };
      if (specifier.startsWith('data:')) return { path: specifier, external: true };
      if (kind === 'url-token') return resolveUrl(asked);
      return kind === 'import-rule' || kind === 'composes-from' ? resolveSheet(asked) : resolveCode(asked);
    });

    build.onLoad({ filter: /./, namespace: VIRTUAL }, ({ path: name }) => {
      const entry = virtual.get(name);
      return (
        entry && {
          ...scripts.rewrite(entry.contents, entry.filePath, path.join(entry.resolveDir, 'page.html')),
          resolveDir: entry.resolveDir,
        }
      );
    });
    build.onLoad({ filter: /./, namespace: NODE }, ({ path: name, pluginData }) => ({
      contents: pluginData === 'disabled' ? 'module.exports = {};' : nodeModuleSource(name),
    }));
    build.onLoad({ filter: /./, namespace: SHEET }, async ({ path: filePath }) => ({
      contents: `const sheet = new CSSStyleSheet();\nsheet.replaceSync(${JSON.stringify(await files.sheetText(filePath))});\nexport default sheet;\n`,
    }));
    build.onLoad(
      { filter: /./, namespace: GENERATED },
      reported((args) => loadGenerated(args, classify(args.path, args.suffix))),
    );
    build.onLoad(
      { filter: /./, namespace: 'file' },
      reported(async (args) => {
        const { path: filePath, suffix } = args;
        if (suffix === COMPOSED) return { contents: files.read(filePath), loader: 'local-css' };
        const given = loaderOf(filePath);
        // A loader that a plugin has set.
        if (given !== undefined && given !== 'default' && BY_LOADER[given]) return undefined;
        const kind = classify(filePath, suffix);
        if (kind === 'script' || kind === 'inline-module') return scripts.load(filePath, given);
        if (kind === 'json' || kind === 'json-module' || kind === 'css' || kind === 'css-module') return undefined;
        return loadGenerated(args, kind);
      }),
    );
  };

  const loadGenerated = async ({ path: filePath }: OnLoadArgs, kind: ModuleKind): Promise<OnLoadResult> => {
    const isCss = classify(filePath, '') === 'css' || classify(filePath, '') === 'css-module';
    if (kind === 'inline' && isCss) return { contents: `export default ${JSON.stringify(await files.sheetText(filePath))};` };
    const isWorker = kind === 'worker' || kind === 'shared-worker';
    const url = await (isWorker ? files.workerUrl(filePath, program) : files.addressOf(filePath, program));
    // A worker that starts others like itself.
    if (url === SELF) return { contents: 'export default import.meta.url;' };
    const content = kind === 'url' || isWorker || kind === 'wasm-init' ? Buffer.alloc(0) : files.read(filePath);
    if (kind === 'script' || kind === 'inline-module' || kind === 'css' || kind === 'css-module' || kind === 'css-sheet') return {};
    const contents = moduleSourceFor(kind, { filePath, content, url, mediaType: files.mediaType(filePath) });
    return { contents, loader: 'js', resolveDir: path.dirname(filePath) };
  };

  return { name: OWN_NAME, setup };
}

export const OWN_NAME = 'hmr-dev';
/** The address of the program that asks. */
export const SELF = 'hmr-dev:self';

interface Asked extends OnResolveArgs {
  /** Whose folder relative specifiers start from. */
  readonly importerPath: string;
}

/** Whether a file may do something when it is only imported. Lists in a package.json are esbuild's to read, which takes a millisecond a file. */
function createSideEffects(build: PluginBuild, formats: Pick<Formats, 'effects'>): (filePath: string) => boolean | Promise<boolean> {
  const known = new Map<string, Promise<boolean>>();
  const ask = async (filePath: string): Promise<boolean> => {
    const options = { resolveDir: path.dirname(filePath), kind: 'import-statement', pluginData: NATIVE } as const;
    return (await build.resolve(filePath, options)).sideEffects;
  };
  return (filePath) => {
    const said = formats.effects(filePath);
    if (said !== 'listed') return said !== 'none';
    const answer = known.get(filePath) ?? ask(filePath);
    known.set(filePath, answer);
    return answer;
  };
}

function reported(load: (args: OnLoadArgs) => Promise<OnLoadResult | undefined>): (args: OnLoadArgs) => Promise<OnLoadResult | undefined> {
  return async (args) => {
    try {
      return await load(args);
    } catch (error) {
      if (error instanceof HmrError) return { errors: [toMessage(error)] };
      throw error;
    }
  };
}

function toMessage(error: HmrError): PartialMessage {
  return { text: error.message, detail: error };
}
