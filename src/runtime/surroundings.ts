/**
 * What the code of an instance is run with, its first version and patches alike: how it tells its exports, `import.meta` and the like, and
 * where it reads its imports.
 */
import type { ModuleId } from '../protocol.ts';
import type { CommonJs } from './commonjs.ts';
import type { Environment, ExportFunction, ModuleContext } from './format.ts';
import { createFirstForm } from './first-form.ts';
import { specifierKey, withType } from './import-type.ts';
import type { Definition, Instance } from './instance.ts';
import { createModuleContext } from './module-context.ts';
import { isBuiltin, type DynamicImport, type ModuleRecord } from './record.ts';

export interface Surroundings {
  /** For the first version's code, which knows the names that it was written with. */
  readonly write: ExportFunction;
  /** For who knows the names of now. */
  readonly announce: (exportName: string, value: unknown) => void;
  readonly context: ModuleContext;
  /** Of the dependencies, in order. */
  readonly environments: Environment[];
}

export interface SurroundingsOptions {
  readonly fillMeta: (instance: Instance, meta: Record<string, unknown>) => void;
  readonly resolve: (specifier: string, importer: ModuleId) => string;
  readonly importModule: (url: string, importer: Instance, kind: DynamicImport | undefined) => Promise<object>;
  readonly namespace: (id: ModuleId) => object;
  readonly environmentOf: (id: ModuleId, importer: Instance) => Environment;
  readonly record: (id: ModuleId) => ModuleRecord;
  readonly runCommonJs: CommonJs['run'];
}

/** A whole address, such as `import.meta.url`. */
const ABSOLUTE = /^[a-z][a-z\d+.-]*:/i;

export function createSurroundings(options: SurroundingsOptions): (instance: Instance, definition: Definition) => Surroundings {
  const { environmentOf, importModule } = options;
  const describe = (instance: Instance): object => {
    const made = Object.create(null) as Record<string, unknown>;
    options.fillMeta(instance, made);
    return made;
  };

  return (instance, definition) => {
    const { meta } = definition;
    const { cells } = options.record(instance.id);
    const announce = (name: string, value: unknown): void => {
      if (!instance.retired) cells.write(name, value);
    };
    const write = <T>(name: string, value: T): T => {
      const renamed = instance.live?.renamed;
      if (!renamed) announce(name, value);
      else for (const as of renamed.get(name) ?? []) announce(as, value);
      return value;
    };
    const context = createModuleContext({
      meta: () => (instance.meta ??= describe(instance)),
      dynamicImport: (specifier, type) => {
        const literal = meta.specifiers[specifierKey(specifier, type)];
        if (literal !== undefined) return importModule(literal, instance, 'literal');
        // Refresh runtimes ask for what runs at `import.meta.url`: a whole address makes no edge of the graph.
        return importModule(
          withType(options.resolve(specifier, instance.id), type),
          instance,
          ABSOLUTE.test(specifier) ? undefined : 'computed',
        );
      },
      commonjs: (body) => options.runCommonJs(instance, body, write),
      namespace: (dep) => {
        const id = meta.deps[dep] ?? '';
        return isBuiltin(id) ? environmentOf(id, instance) : options.namespace(id);
      },
      hot(setters, Scope) {
        instance.first = createFirstForm({ description: () => definition.patch?.[0] ?? definition.description, setters, Scope });
        return instance.first.handle;
      },
    });
    return { write, announce, context, environments: meta.deps.map((id) => environmentOf(id, instance)) };
  };
}
