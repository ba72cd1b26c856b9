/**
 * Vue's components after a hot-swap: their methods, watchers and render functions are level already, for they stand behind slots; what
 * they show is drawn anew, with templates of now where the page has Vue's compiler, and computed anew (vue-computed.ts). State stays. The root
 * component, whose options Vue copies, keeps its template.
 */
import type { Runtime } from '../runtime/runtime.ts';
import { queryAll } from './dom-roots.ts';
import { computeAnew, type Subscriber } from './vue-computed.ts';

export interface VueApps {
  /** Before an update. */
  look(): void;
  /** Returns why what is shown cannot be brought level. */
  refresh(): string | undefined;
}

/** As far as it is asked, of Vue 3's `ComponentInternalInstance`. */
interface Instance {
  readonly type: { template?: unknown; render?: unknown; readonly name?: string };
  readonly subTree: VNode | undefined;
  readonly scope: { readonly effects: readonly Subscriber[] };
  render: unknown;
  renderCache: unknown[];
  update(): void;
}

interface VNode {
  readonly component: Instance | null;
  readonly children: unknown;
  readonly suspense?: { readonly activeBranch: VNode | null } | null;
}

type Compile = (template: string) => unknown;

/** @param compiler of the Vue that runs here */
export function createVueApps(compiler: () => Compile | undefined): VueApps {
  /** What the render function of a component was made of. */
  const compiled = new WeakMap<object, unknown>();

  const instances = (): Instance[] =>
    queryAll('[data-v-app]').flatMap((container) => {
      const app = Reflect.get(container, '__vue_app__') as { readonly _instance: Instance | null } | undefined;
      return app?._instance ? instancesIn(app._instance) : [];
    });

  return {
    look() {
      for (const { type } of instances()) if (!compiled.has(type)) compiled.set(type, type.template);
    },
    refresh() {
      const all = instances();
      computeAnew(all.flatMap(({ scope }) => scope.effects));
      for (const instance of all) {
        const { type } = instance;
        const { template } = type;
        if (typeof template === 'string' && template !== compiled.get(type)) {
          const compile = compiler();
          if (!compile) return 'a template of Vue changed, and its compiler cannot be found';
          type.render = compile(template);
          compiled.set(type, template);
        }
        if (typeof template === 'string') instance.render = type.render;
        instance.renderCache = [];
        instance.update();
      }
      return undefined;
    },
  };
}

/** Of the full build; the other has none. */
export function vueCompiler({ registry }: Pick<Runtime, 'registry'>): Compile | undefined {
  for (const { id, current } of registry.records()) {
    if (current?.status !== 'evaluated' || !/\/vue\/dist\/vue\.[\w.-]*js/.test(id)) continue;
    const compile: unknown = Reflect.get(registry.namespace(id), 'compile');
    if (typeof compile === 'function') return compile as Compile;
  }
  return undefined;
}

/** A component and all below it. */
function instancesIn(root: Instance): Instance[] {
  const found: Instance[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if (Array.isArray(node)) {
      node.forEach(visit);
      return;
    }
    const { component, children, suspense } = node as VNode;
    if (component) enter(component);
    else visit(suspense?.activeBranch ?? children);
  };
  const enter = (instance: Instance): void => {
    found.push(instance);
    visit(instance.subTree);
  };
  enter(root);
  return found;
}
