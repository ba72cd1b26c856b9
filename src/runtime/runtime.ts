/**
 * The hot core, put together: registry, update, `import.meta.hot`, container. Knows neither DOM nor Node: how to get code, where
 * modules live and what to do about an outcome come from the host.
 */
import { AUTHOR_API_PATH, type ModuleId } from '../protocol.ts';
import { createContainer, type ContainerMap, type ContainerUpdate } from './container.ts';
import { createHotEvents, type HotEvents } from './events.ts';
import type { Environment } from './format.ts';
import { createHotContext, createHotState } from './hot.ts';
import type { Instance } from './instance.ts';
import { createRegistry, type Registry, type RegistryHost } from './registry.ts';
import { showInstead } from './source-text.ts';
import type { SupplyOptions } from './swap/supply.ts';
import { createSwapLoader, type SwapBundle } from './swap-loader.ts';
import { createUpdater, type UpdateOutcome, type Updater } from './update.ts';

export interface RuntimeHost
  extends
    Pick<RegistryHost, 'load' | 'importExternal' | 'resolve' | 'forget' | 'commonJs' | 'showsNamespaces'>,
    Pick<SupplyOptions, 'loadPatch' | 'loadDescriptions'> {
  /** `import.meta.resolve`: an absolute URL. @throws TypeError for a bare specifier that nothing maps */
  resolveUrl(specifier: string, importer: ModuleId): string;
  /** `import.meta.url`. */
  url(id: ModuleId): string;
  /** What else `import.meta` has here. */
  describe?(id: ModuleId, meta: Record<string, unknown>): void;
  /** Exports of a host module (`/@hmr-dev/…`) for one importer. */
  builtin(id: ModuleId, importer: ModuleId): Environment | undefined;
  isLeftToPage(id: ModuleId): boolean;
  /** Whether every change that can be made in place is (`"hotswap": "always"`). */
  readonly swapsAlways: boolean;
  /** Whether the host draws instances of one of these classes when they have been changed in place. */
  draws(classes: readonly object[]): boolean;
  /** Gets the code of hot-swap (swap/hot-swap.ts); called again after it has failed. */
  loadSwap(): Promise<SwapBundle>;
  /** Live objects of a class (and of those that extend it) that the host knows of: custom elements. */
  instancesOf(object: new (...args: never[]) => object): Iterable<object>;
  /** `import.meta.hot.send`. */
  send(event: string, data: unknown): void;
  /** A module called `invalidate`. */
  onInvalidate(id: ModuleId, message: string | undefined): void;
  /** An outcome that no `apply` waits for: `invalidate` outside an update. */
  onOutcome(outcome: UpdateOutcome): void;
  /** An error of the author's code that must not stop anything. */
  onError(error: unknown): void;
}

export interface Runtime {
  readonly registry: Registry;
  readonly events: HotEvents;
  apply: Updater['apply'];
  announce: Updater['announce'];
  /** Loads hot-swap ahead of the first update, if that may need it. */
  prefetchSwap(): void;
}

export function createRuntime(host: RuntimeHost): Runtime {
  const events = createHotEvents(host.onError);

  const resolve = (specifier: string, importer: Instance): string =>
    importer.definition.meta.specifiers[specifier] ?? registry.idOf(host.resolve(specifier, importer.id));

  const hotContext = (instance: Instance): object => {
    instance.hot ??= createHotState();
    return createHotContext({
      state: instance.hot,
      data: registry.record(instance.id)?.data ?? {},
      exports: () => registry.namespace(instance.id),
      isCurrent: () => !instance.retired,
      resolve: (specifier) => resolve(specifier, instance),
      events,
      send: host.send,
      invalidate(message) {
        host.onInvalidate(instance.id, message);
        updater.invalidate({ id: instance.id, message });
      },
    });
  };

  const fillMeta = (instance: Instance, meta: Record<string, unknown>): void => {
    let hot: object | undefined;
    host.describe?.(instance.id, meta);
    meta['url'] = host.url(instance.id);
    meta['resolve'] = (specifier: unknown) => host.resolveUrl(String(specifier), instance.id);
    // Made when asked for: most modules never touch it.
    Object.defineProperty(meta, 'hot', { get: () => (hot ??= hotContext(instance)), enumerable: true });
  };

  const builtin = (id: ModuleId, importer: Instance): Environment | undefined => {
    if (id !== AUTHOR_API_PATH) return host.builtin(id, importer.id);
    const container = (map: ContainerMap, update: ContainerUpdate): Promise<void> =>
      createContainer(map, update, { registry, owner: importer, resolve: (specifier) => resolve(specifier, importer) });
    return { container };
  };

  const registry = createRegistry({ ...host, builtin, fillMeta });
  const swaps = createSwapLoader(() => host.loadSwap(), { ...host, registry, showInstead });
  const updater = createUpdater({ ...host, registry, events, swaps });

  return {
    registry,
    events,
    apply: updater.apply,
    announce: updater.announce,
    prefetchSwap() {
      if ([...registry.records()].some(({ current }) => current?.first)) void swaps.get();
    },
  };
}
