/**
 * CSS modules through esbuild's `local-css`: class names of a file's own, and what `composes` makes of them. esbuild makes names unique
 * within one bundle only, by the name of the file, and here every module is a bundle of its own; so files get a made-up name with a hash
 * of their path in it. URLs come out relative to the served root, since the style text ends up in the page's document.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { HmrError } from '../errors.ts';
import { absoluteUrl } from './css.ts';
import { describeMessage, toHmrError, type MessageSource } from './esbuild-errors.ts';
import { withEsbuild, type BuildOptions, type Message, type Plugin } from './esbuild.ts';
import { idOfFile } from './module-ids.ts';
import { literalText, tryParse, type AnyNode } from './parse.ts';

export interface CssModuleOptions {
  readonly filePath: string;
  /** Served folder: names are made from paths relative to it, URLs become absolute in it. */
  readonly root: string;
  /** The address of a root-relative path; default: that path. */
  readonly toUrl?: (urlPath: string) => string;
}

export interface CssModule {
  readonly css: string;
  /** From the names the author wrote to those in the CSS; several, separated by spaces, where a class composes others. */
  readonly exports: Record<string, string>;
  /** Files that `composes` pulled in. */
  readonly dependencies: readonly string[];
}

const NAMESPACE = 'css-module';

/** @param source text of the file, which may differ from what is on disk @throws HmrError `SYNTAX`, `RESOLVE` */
export async function compileCssModule(
  source: string,
  { filePath, root, toUrl = (urlPath) => urlPath }: CssModuleOptions,
): Promise<CssModule> {
  const sheets = createSheets(source, { filePath, root, toUrl });
  const sourceOf = (file: string): MessageSource => sheets.at(file.replace(`${NAMESPACE}:`, '')) ?? { filePath, source };
  try {
    const { outputFiles, warnings } = await withEsbuild((esbuild) => esbuild.build({ ...BUILD, plugins: [sheets.plugin] }));
    rejectLost(warnings, sourceOf);
    const textOf = (extension: string): string => outputFiles.find((file) => file.path.endsWith(extension))?.text ?? '';
    return { css: textOf('.css'), exports: readExports(textOf('.js')), dependencies: sheets.dependencies() };
  } catch (failure) {
    throw withRealNames(toHmrError(failure, sourceOf), sheets.at);
  }
}

const ENTRY = 'hmr-dev-entry';

const BUILD = {
  stdin: { contents: `export { default } from '${ENTRY}'` },
  bundle: true,
  write: false,
  // Never written; esbuild wants a folder to name the two outputs in.
  outfile: '/names.js',
  format: 'esm',
  target: 'esnext',
  charset: 'utf8',
  legalComments: 'inline',
  logLevel: 'silent',
  tsconfigRaw: {},
} as const satisfies BuildOptions;

interface Sheet extends MessageSource {
  readonly source: string;
}

interface Sheets {
  readonly plugin: Plugin;
  /** By the made-up name. */
  at(name: string): Sheet | undefined;
  dependencies(): string[];
}

function createSheets(source: string, { filePath, root, toUrl }: Required<CssModuleOptions>): Sheets {
  const entry = nameFor(filePath, root);
  const files = new Map([[entry, filePath]]);
  const sheets = new Map<string, Sheet>([[entry, { filePath, source }]]);

  const plugin: Plugin = {
    name: NAMESPACE,
    setup(build) {
      build.onResolve({ filter: /.*/ }, ({ path: specifier, kind, importer }) => {
        if (kind === 'import-statement') return { path: entry, namespace: NAMESPACE };
        const from = files.get(importer) ?? filePath;
        const url = toUrl(idOfFile(root, { filePath: from, search: '' }));
        if (kind !== 'composes-from') return { path: absoluteUrl(specifier, url) ?? specifier, external: true };
        const target = specifier.startsWith('/') ? path.join(root, specifier) : path.resolve(path.dirname(from), specifier);
        if (!existsSync(target)) return { errors: [{ detail: missing(specifier, path.relative(root, from)) }] };
        const name = nameFor(target, root);
        files.set(name, target);
        return { path: name, namespace: NAMESPACE };
      });
      build.onLoad({ filter: /.*/, namespace: NAMESPACE }, async ({ path: name }) => {
        const file = files.get(name) ?? filePath;
        const contents = sheets.get(name)?.source ?? (await readFile(file, 'utf8'));
        sheets.set(name, { filePath: file, source: contents });
        return { contents, loader: 'local-css' };
      });
    },
  };
  return {
    plugin,
    at: (name) => sheets.get(name),
    dependencies: () => [...files.values()].filter((file) => file !== filePath),
  };
}

/** `src/ui/button.module.css` → `button_3f0a1.css`, of which esbuild makes `button_3f0a1_primary`. */
function nameFor(filePath: string, root: string): string {
  const relative = path.relative(root, filePath).split(path.sep).join('/');
  const stem = path.basename(filePath).replace(/(?:\.module)?\.css$/i, '');
  return `${stem}_${createHash('sha1').update(relative).digest('hex').slice(0, 5)}.css`;
}

function missing(specifier: string, importer: string): HmrError {
  return new HmrError('RESOLVE', `'${specifier}' was not found, which ${importer} composes from`);
}

/** CSS is forgiving and so is esbuild; but a `composes` that it dropped would be missing from the page without a word. */
function rejectLost(warnings: readonly Message[], sourceOf: (file: string) => MessageSource): void {
  const lost = warnings.find(({ text }) => text.startsWith('"composes"'));
  if (!lost) return;
  const { message, location, frame } = describeMessage(lost, sourceOf);
  throw new HmrError('SYNTAX', message, { location, frame });
}

function withRealNames(error: unknown, at: Sheets['at']): unknown {
  if (!(error instanceof HmrError)) return error;
  const message = error.message.replace(/css-module:([^"\s]+)/g, (text, name: string) => path.basename(at(name)?.filePath ?? text));
  const { location, frame, hint, cause } = error;
  return message === error.message ? error : new HmrError(error.code, message, { location, frame, hint, cause });
}

/** The only object in the JavaScript that esbuild wrote. */
function readExports(code: string): Record<string, string> {
  const statements: readonly AnyNode[] = tryParse(code, 'module')?.body ?? [];
  for (const statement of statements) {
    const init = statement.type === 'VariableDeclaration' ? statement.declarations[0]?.init : undefined;
    if (init?.type !== 'ObjectExpression') continue;
    return Object.fromEntries(
      init.properties.flatMap((property) => (property.type === 'Property' ? [entryOf(property.key, property.value)] : [])),
    );
  }
  return {};
}

function entryOf(key: AnyNode, value: AnyNode): [string, string] {
  const name = key.type === 'Identifier' ? key.name : literalText(key);
  return [name ?? '', literalText(value) ?? ''];
}
