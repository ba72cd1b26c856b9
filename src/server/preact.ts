/**
 * `hmr-dev/preact`: components of Preact keep their state while they are edited. An entry of its own that loads nothing of the server, since
 * the configuration of a build imports it too.
 */
import { createRefreshPlugin, ofProject } from './compile/plugins/refresh-plugin.ts';
import type { Plugin } from './compile/plugins/plugin.ts';

export interface PreactOptions {
  /** Where JSX comes from, unless tsconfig.json or the module says it; default: `preact`. */
  readonly jsxImportSource?: string;
}

export default function preact({ jsxImportSource = 'preact' }: PreactOptions = {}): Plugin {
  return createRefreshPlugin({
    name: 'preact',
    importSource: jsxImportSource,
    development: false,
    packages: ['@prefresh/core', '@prefresh/utils'],
    file: 'refresh-preact.js',
    glue: `import ${ofProject('@prefresh/core')};
import { flush } from ${ofProject('@prefresh/utils')};
export const connect = createPreactRefresh(globalThis.__PREFRESH__, flush, import.meta.hot);`,
  });
}
