/**
 * CSS modules (`*.module.css`) through esbuild's `local-css`. Local names have to be unique over the folder and the same after a
 * restart; esbuild makes them from the name of the file, so it is given a name that holds the path.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { withEsbuild, type Plugin } from './esbuild.ts';
import { toHmrError } from './esbuild-errors.ts';

export interface CssModule {
  readonly css: string;
  /** Class name in the source → names to put on an element. */
  readonly exports: Readonly<Record<string, string>>;
  /** Other files that `composes` reached. */
  readonly dependencies: readonly string[];
}

const NAMESPACE = 'hmr-dev-css';

/** @throws HmrError `SYNTAX` */
export async function compileCssModule(source: string, { filePath, root }: { filePath: string; root: string }): Promise<CssModule> {
  const dependencies = new Set<string>();
  const plugin: Plugin = {
    name: 'hmr-dev-css-modules',
    setup({ onResolve, onLoad }) {
      const realPaths = new Map<string, string>();
      const name = (file: string): string => {
        const virtual = virtualName(root, file);
        realPaths.set(virtual, file);
        return virtual;
      };
      onResolve({ filter: /.*/ }, ({ path: specifier, kind, importer }) => {
        if (kind === 'entry-point') return { path: name(filePath), namespace: NAMESPACE };
        // Addresses are the browser's to fetch; they are root-absolute already.
        if (kind !== 'composes-from') return { path: specifier, external: true };
        const file = path.resolve(path.dirname(realPaths.get(importer) ?? filePath), specifier);
        dependencies.add(file);
        return { path: name(file), namespace: NAMESPACE };
      });
      onLoad({ filter: /.*/, namespace: NAMESPACE }, async ({ path: virtual }) => {
        const file = realPaths.get(virtual) ?? filePath;
        return { contents: file === filePath ? source : await readFile(file, 'utf8'), loader: 'local-css' };
      });
    },
  };
  try {
    const result = await withEsbuild(({ build }) => build({
      entryPoints: { module: 'entry' },
      bundle: true,
      write: false,
      outdir: '/',
      format: 'esm',
      charset: 'utf8',
      logLevel: 'silent',
      plugins: [entryPlugin(filePath, root), plugin],
    }));
    const text = (extension: string): string => result.outputFiles?.find((file) => file.path.endsWith(extension))?.text ?? '';
    return { css: text('.css'), exports: readNames(text('.js')), dependencies: [...dependencies] };
  } catch (failure) {
    throw toHmrError(failure, () => ({ filePath, source }));
  }
}

/** esbuild gives names to JavaScript only: a module that prints them as JSON. */
function entryPlugin(filePath: string, root: string): Plugin {
  return {
    name: 'hmr-dev-css-names',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^entry$/ }, () => ({ path: 'entry', namespace: 'hmr-dev-entry' }));
      onLoad({ filter: /.*/, namespace: 'hmr-dev-entry' }, () => ({
        contents: `import names from ${JSON.stringify(virtualName(root, filePath))}; export default names;`,
        loader: 'js',
      }));
      onResolve({ filter: /.*/, namespace: 'hmr-dev-entry' }, () => undefined);
    },
  };
}

function virtualName(root: string, filePath: string): string {
  const relative = path.relative(root, filePath).split(path.sep).join('/');
  const hash = createHash('sha1').update(relative).digest('hex').slice(0, 5);
  return `${path.basename(filePath).replace(/(\.module)?\.css$/i, '')}_${hash}.css`;
}

/** esbuild prints `var x_default = { a: "b_a", … };`: keys may be unquoted, values are string literals. */
function readNames(code: string): Record<string, string> {
  const names: Record<string, string> = {};
  const body = /_default = \{([\s\S]*?)\n?\};/.exec(code)?.[1] ?? '';
  for (const [, key = '', value = ''] of body.matchAll(/^\s*("(?:[^"\\]|\\.)*"|[\p{ID_Start}$_][\p{ID_Continue}$]*): ("(?:[^"\\]|\\.)*"),?$/gmu)) {
    names[key.startsWith('"') ? (JSON.parse(key) as string) : key] = JSON.parse(value) as string;
  }
  return names;
}
