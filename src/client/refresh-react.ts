/**
 * React's refresh library (`react-refresh/runtime`, of the project's own installation) as `hmr-dev/react` uses it. Bundled on its own and
 * served as a module; the library comes in as an argument, since only the project knows where it is.
 */
import { createRefresh, type Connect, type Hot, type Sign } from './refresh.ts';

/** Of react-refresh 0.10 to 0.19. */
interface ReactRefresh {
  injectIntoGlobalHook(global: object): void;
  register(type: unknown, id: string): void;
  createSignatureFunctionForTransform(): Sign;
  isLikelyComponentType(type: unknown): boolean;
  performReactRefresh(): unknown;
}

/** As far as it is asked, of React 16 to 19. */
interface Fiber {
  readonly child: Fiber | null;
  readonly sibling: Fiber | null;
  readonly stateNode: unknown;
}

interface FiberRoot {
  readonly current: Fiber;
}

/** What renderers tell of each tree that they have drawn. */
interface DevToolsHook {
  onCommitFiberRoot(renderer: unknown, root: FiberRoot, ...rest: unknown[]): unknown;
}

/** Has to run before a renderer does: React tells the library about it then, and only then. */
export function createReactRefresh(library: ReactRefresh, hot: Hot | undefined): Connect {
  library.injectIntoGlobalHook(globalThis);
  const roots = new Set<FiberRoot>();
  const hook = Reflect.get(globalThis, '__REACT_DEVTOOLS_GLOBAL_HOOK__') as DevToolsHook | undefined;
  if (hook) {
    const { onCommitFiberRoot } = hook;
    hook.onCommitFiberRoot = (...args) => {
      const [, root] = args;
      // Nothing is drawn below a root that was unmounted.
      if (root.current.child) roots.add(root);
      else roots.delete(root);
      return Reflect.apply(onCommitFiberRoot, hook, args);
    };
  }
  return createRefresh(
    {
      register: (type, id) => library.register(type, id),
      sign: () => library.createSignatureFunctionForTransform(),
      isComponent: (value) => library.isLikelyComponentType(value),
      perform: () => void library.performReactRefresh(),
      redraw(classes) {
        for (const { current } of roots) {
          for (const instance of instancesIn(current)) {
            if ([...classes].some((type) => instance instanceof (type as new () => object))) instance.forceUpdate();
          }
        }
      },
    },
    hot,
  );
}

interface Instance {
  forceUpdate(): void;
}

/** Of class components, below and beside a fiber. */
function instancesIn(start: Fiber): Instance[] {
  const found: Instance[] = [];
  const queue: Fiber[] = [start];
  for (let fiber = queue.pop(); fiber; fiber = queue.pop()) {
    const { child, sibling, stateNode } = fiber;
    if (typeof stateNode === 'object' && stateNode !== null && 'forceUpdate' in stateNode) found.push(stateNode as Instance);
    if (sibling) queue.push(sibling);
    if (child) queue.push(child);
  }
  return found;
}
