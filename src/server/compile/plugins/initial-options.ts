/**
 * `build.initialOptions`: those of a build that would do what the server does, for plugins that look at them. What they change of define, alias and
 * loader counts.
 */
import type { Loader, PluginBuild } from '../esbuild.ts';

/** What plugins have written into `build.initialOptions`, and a server can heed. */
export interface PluginSettings {
  readonly define: Readonly<Record<string, string>>;
  readonly alias: Readonly<Record<string, string>>;
  /** By extension, with its dot. */
  readonly loader: Readonly<Record<string, Loader>>;
}

export function initialOptions(
  root: string,
  folder: string,
  { define, alias, loader }: Partial<PluginSettings>,
): PluginBuild['initialOptions'] {
  return {
    absWorkingDir: folder,
    entryPoints: [],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'esnext',
    outdir: root,
    outbase: root,
    sourcemap: 'inline',
    metafile: false,
    minify: false,
    logLevel: 'silent',
    conditions: ['module', 'browser', 'development'],
    mainFields: ['module', 'browser', 'main'],
    define: { ...define },
    alias: { ...alias },
    loader: { ...loader },
    plugins: [],
  };
}
