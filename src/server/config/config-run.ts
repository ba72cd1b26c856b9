/**
 * A configuration file, compiled with what it imports of the project, and run. Compiled by esbuild, because Node 20 runs no TypeScript, and
 * because Node would never run a changed import anew. Packages are left to Node.
 */
import { readFileSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { toHmrError } from '../compile/esbuild-errors.ts';
import { withEsbuild, type Plugin } from '../compile/esbuild.ts';
import { originalPosition, type RawSourceMap } from '../compile/source-map.ts';
import { ConfigError, type FilesSnapshot, type SourceNotes } from './config-sources.ts';
import { codeFrame, HmrError, type HmrErrorOptions } from '../errors.ts';

export interface ConfigRun {
  /** What the file exports as default; undefined: nothing. */
  readonly exported: unknown;
  /** For what the export throws when it is called or awaited. */
  explain(thrown: unknown): ConfigError;
}

/** @throws ConfigError with place and frame */
export async function runConfig(filePath: string, notes: SourceNotes): Promise<ConfigRun> {
  const { code, map } = await compile(filePath, notes);
  const name = path.basename(filePath);
  // Beside the original, so that packages are found from there, and of a name of its own, so that Node runs it anew.
  const temporary = path.join(path.dirname(filePath), `.${name}.${process.pid}.${Date.now()}.${++runs}.mjs`);
  const packages = notes.snapshot(foldersAbove(filePath).map((folder) => path.join(folder, 'package.json')));
  const explain = (thrown: unknown): ConfigError => runError(thrown, { filePath, temporary, map, notes, packages });
  try {
    await writeFile(temporary, code);
    const { default: exported } = (await import(pathToFileURL(temporary).href)) as { default?: unknown };
    // It may be rejected already, and is not looked at before the file is gone.
    if (exported instanceof Promise) exported.catch(() => undefined);
    return { exported, explain };
  } catch (thrown) {
    throw explain(thrown);
  } finally {
    await rm(temporary, { force: true });
  }
}

let runs = 0;

/** Before each script: where it lies. The bundle has one `import.meta`, and that of the temporary file. */
const LINES_BEFORE = 1;
const PLACES = {
  'import.meta.url': '__hmr_url',
  'import.meta.filename': '__hmr_filename',
  'import.meta.dirname': '__hmr_dirname',
  __filename: '__hmr_filename',
  __dirname: '__hmr_dirname',
};

function placesOf(filePath: string): string {
  const [url, file, folder] = [pathToFileURL(filePath).href, filePath, path.dirname(filePath)].map((text) => JSON.stringify(text));
  return `const __hmr_url = ${url}, __hmr_filename = ${file}, __hmr_dirname = ${folder};\n`;
}

/** An import that finds nothing may mean one of these when it comes. */
const EXTENSIONS = ['', '.ts', '.mts', '.js', '.mjs', '.json'];

/** This program, wherever it was started from: `npx hmr-dev` installs nothing in the project. */
function ownEntry(name: string): string {
  // As built, all of the server lies in one folder.
  return new URL(import.meta.url.endsWith('.ts') ? `../${name}.ts` : `./${name}.js`, import.meta.url).href;
}

function readNoted(notes: SourceNotes): Plugin {
  return {
    name: 'configuration',
    setup(build) {
      build.onResolve({ filter: /^hmr-dev(?:\/(?:react|preact))?$/ }, ({ path: specifier }) => ({
        path: ownEntry(specifier.split('/')[1] ?? 'index'),
        external: true,
      }));
      build.onResolve({ filter: /^\.{1,2}\// }, ({ path: specifier, resolveDir }) => {
        const target = path.resolve(resolveDir, specifier);
        for (const extension of EXTENSIONS) notes.missed(target + extension);
        notes.missed(target.replace(/\.(m?)js$/, '.$1ts'));
        return undefined;
      });
      build.onLoad({ filter: /.*/ }, async ({ path: filePath }) => {
        const content = await readFile(filePath);
        notes.read(filePath, content);
        const isScript = /\.[cm]?[jt]sx?$/i.test(filePath);
        return { contents: isScript ? placesOf(filePath) + content.toString() : content, loader: 'default' };
      });
    },
  };
}

interface CompiledConfig {
  readonly code: string;
  readonly map: RawSourceMap;
}

async function compile(filePath: string, notes: SourceNotes): Promise<CompiledConfig> {
  const folder = path.dirname(filePath);
  try {
    const { outputFiles } = await withEsbuild((esbuild) =>
      esbuild.build({
        entryPoints: [filePath],
        absWorkingDir: folder,
        outdir: folder,
        bundle: true,
        write: false,
        format: 'esm',
        platform: 'node',
        target: 'node20.19',
        packages: 'external',
        sourcemap: 'external',
        logLevel: 'silent',
        define: PLACES,
        plugins: [readNoted(notes)],
      }),
    );
    const textOf = (isMap: boolean): string => outputFiles.find((file) => file.path.endsWith('.map') === isMap)?.text ?? '';
    return { code: textOf(false), map: JSON.parse(textOf(true)) as RawSourceMap };
  } catch (failure) {
    const error = toHmrError(failure, (file) => ({ filePath: path.resolve(folder, file), source: undefined }));
    if (!(error instanceof HmrError)) throw error;
    const { location, hint, cause, message } = error;
    const place = location && { ...location, line: location.line - LINES_BEFORE };
    throw new ConfigError(message, notes, { ...(place && framed(place)), hint, cause });
  }
}

interface Running {
  readonly filePath: string;
  readonly temporary: string;
  readonly map: RawSourceMap;
  readonly notes: SourceNotes;
  /** Before it ran. */
  readonly packages: FilesSnapshot;
}

function runError(cause: unknown, { filePath, temporary, map, notes, packages }: Running): ConfigError {
  const name = path.basename(filePath);
  const message = (cause instanceof Error ? cause.message : String(cause))
    .replaceAll(pathToFileURL(temporary).href, name)
    .replaceAll(temporary, name)
    .replaceAll(path.basename(temporary), name);
  const missing = /Cannot find package '([^']+)'/.exec(message)?.[1];
  // Installing it changes that file, and nothing else that is watched.
  if (missing !== undefined) packages.note();
  return new ConfigError(`${name} failed: ${message}`, notes, {
    ...placeOf(cause, path.dirname(filePath), temporary, map),
    hint: missing === undefined ? undefined : `npm install -D ${missing}`,
    cause,
  });
}

function foldersAbove(filePath: string): string[] {
  const folder = path.dirname(filePath);
  return folder === filePath ? [] : [folder, ...foldersAbove(folder)];
}

/** The innermost line of the stack that the project's author wrote. */
function placeOf(thrown: unknown, folder: string, temporary: string, map: RawSourceMap): HmrErrorOptions {
  const stack = thrown instanceof Error ? (thrown.stack ?? '') : '';
  const at = stack.indexOf(`${pathToFileURL(temporary).href}:`);
  const [, line, column] = /:(\d+):(\d+)/.exec(stack.slice(at)) ?? [];
  const found = at !== -1 && line !== undefined ? originalPosition(map, Number(line), Number(column)) : undefined;
  if (!found) return {};
  return framed({ file: path.resolve(folder, found.source), line: found.line - LINES_BEFORE, column: found.column });
}

function framed(location: { readonly file: string; readonly line: number; readonly column: number }): HmrErrorOptions {
  try {
    return { location, frame: codeFrame(readFileSync(location.file, 'utf8'), location.line, location.column) };
  } catch {
    return { location }; // It was deleted meanwhile.
  }
}
