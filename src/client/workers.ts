/**
 * Which scripts this page runs in workers. A page cannot list its workers, so it is noted when they are made. The author's constructors
 * stay what they are to `new`, `instanceof` and subclasses: a Proxy sees the arguments and nothing else.
 */
import { pathOf } from './versioned-url.ts';

export interface Workers {
  /** @param url root-relative path */
  runs(url: string): boolean;
}

type Constructor = new (...args: never[]) => object;

export function createWorkers(): Workers {
  const started = new Set<string>();
  const construct = (target: Constructor, args: unknown[], newTarget: Constructor): object => {
    const worker = Reflect.construct(target, args, newTarget) as object;
    const path = pathOf(String(args[0]), document.baseURI);
    if (path !== undefined) started.add(path);
    return worker;
  };
  for (const name of ['Worker', 'SharedWorker']) {
    const native: unknown = Reflect.get(globalThis, name);
    if (typeof native === 'function') Reflect.set(globalThis, name, new Proxy(native as Constructor, { construct }));
  }
  return { runs: (url) => started.has(url) };
}
