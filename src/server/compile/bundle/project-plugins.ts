/**
 * The plugins of the project as esbuild takes them: without what only this server knows of them, and with what they load looked through for
 * what no bundler knows.
 */
import type { Loader, Plugin as EsbuildPlugin, PluginBuild } from '../esbuild.ts';
import type { Plugin } from '../plugins/plugin.ts';
import type { BundleScripts } from './bundle-scripts.ts';

export function projectPlugins(plugins: readonly Plugin[], scripts: Pick<BundleScripts, 'rewriteLoaded'>): EsbuildPlugin[] {
  return plugins
    .filter((plugin) => plugin.setup)
    .map((plugin) => ({ name: plugin.name, setup: (build: PluginBuild) => plugin.setup?.(rewriting(build, scripts)) }));
}

function rewriting(build: PluginBuild, { rewriteLoaded }: Pick<BundleScripts, 'rewriteLoaded'>): PluginBuild {
  const onLoad: PluginBuild['onLoad'] = (options, load) =>
    build.onLoad(options, async (args) => {
      const result = await load(args);
      if (result?.contents === undefined) return result;
      const loader: Loader = result.loader ?? 'js';
      const text = typeof result.contents === 'string' ? result.contents : Buffer.from(result.contents).toString();
      const contents = await rewriteLoaded(text, args.path, loader);
      return contents === undefined ? result : { ...result, contents, loader: 'js' };
    });
  // Its initialOptions are the same object: plugins change them in place.
  return { ...build, onLoad };
}
