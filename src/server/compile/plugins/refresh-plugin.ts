/**
 * What `hmr-dev/react` and `hmr-dev/preact` have in common: modules with components register themselves with a module of ours, which has the
 * framework's refresh library from the project. Only for this server: in a build nothing of it may be left.
 */
import { readFile } from 'node:fs/promises';
import { createClientFiles, type ClientFileName } from '../../client-files.ts';
import { HmrError } from '../../errors.ts';
import type { OnResolveResult, PluginBuild } from '../esbuild.ts';
import { REFRESH_MODULE, type Plugin, type Refresh } from './plugin.ts';

export interface RefreshPluginOptions {
  /** `react` */
  readonly name: string;
  /** Where JSX comes from, unless tsconfig.json or the module says it. */
  readonly importSource: string;
  readonly development: boolean;
  /** Refresh libraries that the project has to have. */
  readonly packages: readonly string[];
  /** What runs in the page, as built, and the end of that module's text, which exports `connect`. */
  readonly file: ClientFileName;
  readonly glue: string;
  /** Files of packages that may only run after it. */
  readonly first?: RegExp;
}

const NAMESPACE = 'hmr-dev-refresh';
const OF_PROJECT = 'hmr-dev:project/';

/** For the glue: what the project's folder knows by this specifier. */
export const ofProject = (specifier: string): string => JSON.stringify(OF_PROJECT + specifier);

export function createRefreshPlugin(options: RefreshPluginOptions): Plugin {
  const { name, file, glue, first, importSource, development } = options;

  const setup = (build: PluginBuild): void => {
    const { absWorkingDir: folder = '' } = build.initialOptions;
    build.onResolve({ filter: /^hmr-dev:refresh$/ }, () => ({ path: name, namespace: NAMESPACE }));
    build.onResolve({ filter: /^hmr-dev:project\// }, ({ path: specifier }) =>
      resolveInProject(build, specifier.slice(OF_PROJECT.length), folder, options),
    );
    build.onLoad({ filter: /./, namespace: NAMESPACE }, () => ({
      contents: `${createClientFiles().get(file).content.toString()}\n${glue}`,
      loader: 'js',
      resolveDir: folder,
    }));
    if (first) build.onLoad({ filter: first, namespace: 'file' }, async (args) => ({ contents: after(await readFile(args.path, 'utf8')) }));
  };

  return { name: `hmr-dev/${name}`, refresh: { key: `${name} ${BEFORE}${AFTER}`, importSource, development, wrap, setup } };
}

const BEFORE = [
  `import { connect as $RefreshConnect$ } from ${JSON.stringify(REFRESH_MODULE)};`,
  'const $RefreshModule$ = $RefreshConnect$(import.meta), $RefreshReg$ = $RefreshModule$.register, $RefreshSig$ = $RefreshModule$.sign;',
].join(' ');

const AFTER = '$RefreshModule$.end();';

/** Marks, or what may make an export a component without one: JSX in an anonymous function, a class. */
const MAY_HAVE_COMPONENTS =
  /\$Refresh(?:Reg|Sig)\$\(|\/jsx-(?:dev-)?runtime["']|\bcreateElement\b|\bextends\s+(?:[\w$]+\.)?(?:Pure)?Component\b/;

const wrap: Refresh['wrap'] = (code) => (MAY_HAVE_COMPONENTS.test(code) ? { before: BEFORE, after: AFTER } : undefined);

/** On the first line, so that all others keep their numbers. */
function after(source: string): string {
  const runtime = JSON.stringify(REFRESH_MODULE);
  return /\b(?:module\.exports|exports\.|require\()/.test(source) ? `require(${runtime}); ${source}` : `import ${runtime}; ${source}`;
}

/** @throws HmrError `PLUGIN` with the line that installs it */
async function resolveInProject(
  build: PluginBuild,
  specifier: string,
  folder: string,
  { name, packages }: RefreshPluginOptions,
): Promise<OnResolveResult> {
  const { errors, path, namespace, suffix } = await build.resolve(specifier, { resolveDir: folder, kind: 'import-statement' });
  if (errors.length === 0) return { path, namespace, suffix };
  const missing = /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0];
  throw new HmrError('PLUGIN', `hmr-dev/${name} keeps state with the package "${missing}", which is not installed.`, {
    hint: `npm install -D ${packages.join(' ')}, and start hmr-dev again`,
  });
}
