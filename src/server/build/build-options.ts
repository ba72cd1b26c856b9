/**
 * The options of `build`: those of the server that say what the sources mean, and a few of its own. Declared once, for `--help`, the checks and the
 * README, as the server's are.
 */
import path from 'node:path';
import {
  CONFIG_OPTION,
  OPTIONS,
  resolveOptions,
  type DevServerOptions,
  type OptionDeclaration,
  type ResolvedOptions,
} from '../config/config.ts';
import { toBoolean } from '../config/option-values.ts';
import { HmrError } from '../errors.ts';

/** What `build` takes: what the server takes and a build can heed, and where to. `mode` is `production` unless it is given. */
export interface BuildOptions extends Omit<
  DevServerOptions,
  'port' | 'strictPort' | 'host' | 'open' | 'proxy' | 'https' | 'cert' | 'key' | 'allowedHosts' | 'run' | 'runReload'
> {
  /** Folder for the site, relative to the current one. Default: `dist`. */
  readonly out?: string | undefined;
  /** Default: true. */
  readonly minify?: boolean | undefined;
  /** Source maps beside scripts and sheets. Default: false. */
  readonly sourcemap?: boolean | undefined;
}

export interface ResolvedBuildOptions {
  readonly server: ResolvedOptions;
  /** Absolute. */
  readonly outDir: string;
  readonly minify: boolean;
  readonly sourcemap: boolean;
}

const OWN: readonly OptionDeclaration<string>[] = [
  {
    key: 'out',
    flag: 'out',
    type: 'folder',
    default: 'dist',
    description: 'Folder for the site; what an earlier build left there is replaced',
  },
  { key: 'minify', flag: 'minify', type: 'boolean', default: true, description: 'Make code and stylesheets small; off: --no-minify' },
  { key: 'sourcemap', flag: 'sourcemap', type: 'boolean', default: false, description: 'Source maps beside scripts and stylesheets' },
];

const SHARED = ['base', 'ignore', 'logLevel'];

/** What the command line of `build` takes. */
export const BUILD_FLAGS: readonly OptionDeclaration<string>[] = [
  ...OWN,
  ...OPTIONS.filter(({ key }) => SHARED.includes(key)),
  ...OPTIONS.filter(({ key }) => key === 'mode').map((option) => ({ ...option, default: 'production' })),
  CONFIG_OPTION,
];

/** @throws HmrError `OPTION`, `ROOT` */
export function resolveBuildOptions({ out = 'dist', minify = true, sourcemap = false, ...options }: BuildOptions): ResolvedBuildOptions {
  const { mode = 'production' } = options;
  if (typeof out !== 'string' || out === '') throw new HmrError('OPTION', '--out takes the path of a folder; it has no value.');
  return {
    server: resolveOptions({ ...options, mode }),
    outDir: path.resolve(out),
    minify: toBoolean(minify, 'minify'),
    sourcemap: toBoolean(sourcemap, 'sourcemap'),
  };
}
