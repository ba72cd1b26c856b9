/**
 * A module id's permanent place in a running program. Definitions arrive, instances come and go; who imports the id, what importers
 * read and `import.meta.hot.data` stay with the record.
 */
import { INTERNAL_PREFIX, type ModuleId } from '../protocol.ts';
import { createExportCells, type ExportCells } from './environment.ts';
import type { Definition, Instance } from './instance.ts';
import type { Binding } from './linking.ts';

export interface Forward extends Binding {
  readonly stop: () => void;
}

/** How a module came to `import()` another: by a specifier that its source names, or by one that it made up. */
export type DynamicImport = 'literal' | 'computed';

export interface ModuleRecord {
  readonly id: ModuleId;
  readonly cells: ExportCells;
  /** The newest definition that arrived. */
  definition: Definition | undefined;
  current: Instance | undefined;
  root: boolean;
  /** Modules that import it statically, or did: what they run now decides (`Registry.importers`). */
  readonly staticImporters: Set<ModuleId>;
  readonly dynamicImporters: Map<ModuleId, DynamicImport>;
  /** Names that importers read here and another module owns. */
  readonly forwards: Map<string, Forward>;
  /** `import.meta.hot.data`. */
  data: Record<string, unknown>;
}

export function createRecord(id: ModuleId): ModuleRecord {
  return {
    id,
    cells: createExportCells(),
    definition: undefined,
    current: undefined,
    root: false,
    staticImporters: new Set(),
    dynamicImporters: new Map(),
    forwards: new Map(),
    data: {},
  };
}

/** Not of another origin (also as `//cdn/x.js`), and not a bare name that the browser's import map knows. */
export const isLinked = (id: ModuleId): boolean => id.startsWith('/') && id[1] !== '/';
/** Part of the host: `hmr-dev/client`, the styles of the page. */
export const isBuiltin = (id: ModuleId): boolean => id.startsWith(INTERNAL_PREFIX);
