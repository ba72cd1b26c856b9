/**
 * `hmr-dev/react`: components of React keep their state while they are edited. An entry of its own that loads nothing of the server, since
 * the configuration of a build imports it too.
 */
import { createRefreshPlugin, ofProject } from './compile/plugins/refresh-plugin.ts';
import type { Plugin } from './compile/plugins/plugin.ts';

export interface ReactOptions {
  /** Where JSX comes from, unless tsconfig.json or the module says it; default: `react`. */
  readonly jsxImportSource?: string;
  /** `jsxDEV` calls, which tell React the place of each element; default: true. */
  readonly development?: boolean;
}

export default function react({ jsxImportSource = 'react', development = true }: ReactOptions = {}): Plugin {
  return createRefreshPlugin({
    name: 'react',
    importSource: jsxImportSource,
    development,
    packages: ['react-refresh'],
    file: 'refresh-react.js',
    glue: `import * as library from ${ofProject('react-refresh/runtime')};
export const connect = createReactRefresh(library, import.meta.hot);`,
    // Every renderer asks for React before it tells the library of itself, whoever imports it, and however early.
    first: /[\\/]node_modules[\\/]react[\\/]index\.js$/,
  });
}
