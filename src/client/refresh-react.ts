/**
 * React's refresh library (`react-refresh/runtime`, of the project's own installation) as `hmr-dev/react` uses it. Bundled on its own and
 * served as a module; the library comes in as an argument, since only the project knows where it is.
 */
import { createRefresh, type Connect, type Hot } from './refresh.ts';

/** Of react-refresh 0.10 to 0.19. */
interface ReactRefresh {
  injectIntoGlobalHook(global: object): void;
  register(type: unknown, id: string): void;
  createSignatureFunctionForTransform(): unknown;
  isLikelyComponentType(type: unknown): boolean;
  performReactRefresh(): unknown;
}

/** Has to run before a renderer does: React tells the library about it then, and only then. */
export function createReactRefresh(library: ReactRefresh, hot: Hot | undefined): Connect {
  library.injectIntoGlobalHook(globalThis);
  return createRefresh(
    {
      register: (type, id) => library.register(type, id),
      sign: () => library.createSignatureFunctionForTransform(),
      isComponent: (value) => library.isLikelyComponentType(value),
      perform: () => void library.performReactRefresh(),
    },
    hot,
  );
}
