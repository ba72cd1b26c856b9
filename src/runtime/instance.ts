/**
 * One run of one version of a module: what the standard calls a Cyclic Module Record (ECMA-262 §16.2.1.5), field for field, and
 * what `import.meta.hot` has registered. A module id has one current instance; a hot update replaces it by another.
 */
import type { ModuleId, ModuleMeta } from '../protocol.ts';
import type { FirstForm } from './first-form.ts';
import type { Factory } from './format.ts';
import type { HotState } from './hot.ts';
import type { LiveModule } from './swap/live-module.ts';
import type { Description, PatchForm } from './swap/patch-form.ts';

export interface Definition {
  readonly meta: ModuleMeta;
  readonly factory: Factory;
  /** Puts this version into a running one. */
  patch?: PatchForm;
  /** What it is, of a version that came without a patch; asked for when it is to be changed in place. */
  description?: Description | undefined;
}

export type InstanceStatus = 'linking' | 'linked' | 'evaluating' | 'evaluating-async' | 'evaluated';

export interface Namespace {
  readonly object: object;
  readonly names: readonly string[];
  /** From now on it shows the values of this moment: its instance is being replaced. */
  freeze(): void;
}

export interface Capability {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

export interface Instance {
  readonly id: ModuleId;
  /** What it runs; after a swap, what it has been changed into. */
  definition: Definition;
  status: InstanceStatus;
  /** Suspended after phase 1 (see format.ts); running it on is running the body. */
  body: Generator<unknown, void, unknown> | undefined;
  /** What evaluation threw; boxed, since anything can be thrown. */
  error: { readonly value: unknown } | undefined;
  dfsIndex: number;
  dfsAncestorIndex: number;
  cycleRoot: Instance | undefined;
  /** Order in which asynchronous evaluation was entered; 0 for "not asynchronous". */
  asyncOrder: number;
  pendingAsyncDependencies: number;
  asyncParents: Instance[];
  topLevel: Capability | undefined;
  namespace: Namespace | undefined;
  hot: HotState | undefined;
  /** `import.meta`, once it was asked for. */
  meta: object | undefined;
  /** Of a module that can be changed in place. */
  first: FirstForm | undefined;
  /** What patches make of it, from when the first one asks (swap/live-module.ts). */
  live: LiveModule | undefined;
  /** Replaced by a newer instance: what it still writes to its exports is not seen. */
  retired: boolean;
}

export function createInstance(definition: Definition): Instance {
  return {
    id: definition.meta.id,
    definition,
    status: 'linking',
    body: undefined,
    error: undefined,
    dfsIndex: 0,
    dfsAncestorIndex: 0,
    cycleRoot: undefined,
    asyncOrder: 0,
    pendingAsyncDependencies: 0,
    asyncParents: [],
    topLevel: undefined,
    namespace: undefined,
    hot: undefined,
    meta: undefined,
    first: undefined,
    live: undefined,
    retired: false,
  };
}

export function createCapability(): Capability {
  let resolve: () => void = () => undefined;
  let reject: (reason: unknown) => void = () => undefined;
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
