/**
 * What a module asks for and offers, read from its import and export statements alone: the static half of a Source Text Module
 * Record (ECMA-262 §16.2.1.7). A name that is imported only to be exported again is a re-export, as ParseModule has it.
 */
import { nameText, type AnyNode, type ImportAttribute, type ImportDeclaration, type Literal, type Program } from './parse.ts';
import { forEachBinding } from './scope.ts';

export interface Request {
  readonly specifier: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Of the specifier's literal, in the input. */
  readonly start: number;
  readonly end: number;
  /** Known already: the module that gives the address in `new URL('./x', import.meta.url)`, or a file that was found. */
  readonly id?: string;
  /** By `import.meta.glob`. */
  readonly isGlobbed?: boolean;
}

/** The name `*` stands for the namespace object. */
export interface NamedImport {
  readonly dep: number;
  readonly name: string;
  readonly start: number;
}

export interface Reexport extends NamedImport {
  readonly as: string;
}

/** What an imported name stands for: an export of a dependency, or with `*` its namespace object. */
export interface ImportBinding {
  readonly dep: number;
  readonly name: string;
}

export interface ModuleRecord {
  readonly requests: Request[];
  readonly imports: NamedImport[];
  readonly exports: string[];
  readonly reexports: Reexport[];
  readonly stars: number[];
  /** By local name. */
  readonly bindings: Map<string, ImportBinding>;
  /** Export names of a local binding, by its name; a default expression has none. */
  readonly exported: Map<string, string[]>;
}

type Exporting = Extract<AnyNode, { type: 'ExportNamedDeclaration' | 'ExportDefaultDeclaration' }>;

export function readModuleRecord(program: Program): ModuleRecord {
  const record: ModuleRecord = {
    requests: [],
    imports: [],
    exports: [],
    reexports: [],
    stars: [],
    bindings: new Map(),
    exported: new Map(),
  };
  const request = createRequests(record.requests);
  const exporting: Exporting[] = [];
  for (const node of program.body) {
    switch (node.type) {
      case 'ImportDeclaration':
        readImport(node, request(node), record);
        break;
      case 'ExportAllDeclaration': {
        const dep = request(node);
        if (node.exported) record.reexports.push({ as: nameText(node.exported), dep, name: '*', start: node.exported.start });
        else record.stars.push(dep);
        break;
      }
      case 'ExportNamedDeclaration':
        if (node.source) {
          const dep = request({ source: node.source, attributes: node.attributes });
          for (const { exported, local, start } of node.specifiers) {
            record.reexports.push({ as: nameText(exported), dep, name: nameText(local), start });
          }
        } else exporting.push(node);
        break;
      case 'ExportDefaultDeclaration':
        exporting.push(node);
        break;
      default:
      // Neither asks for nor offers anything.
    }
  }
  // An export list may stand in front of the import that it exports from.
  for (const node of exporting) readExport(node, record);
  return record;
}

interface RequestSource {
  readonly source: Literal;
  readonly attributes: readonly ImportAttribute[];
}

/** Gives the index of a request; each pair of specifier and attributes is requested once. */
function createRequests(requests: Request[]): (node: RequestSource) => number {
  const known = new Map<string, number>();
  return ({ source, attributes: list }) => {
    const specifier = String(source.value);
    const attributes = Object.fromEntries(list.map(({ key, value }) => [nameText(key), String(value.value)]));
    const key =
      list.length === 0 ? specifier : `${specifier}\n${JSON.stringify(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)))}`;
    let dep = known.get(key);
    if (dep === undefined) {
      known.set(key, (dep = requests.length));
      requests.push({ specifier, attributes, start: source.start, end: source.end });
    }
    return dep;
  };
}

function readImport(node: ImportDeclaration, dep: number, { bindings, imports }: ModuleRecord): void {
  for (const specifier of node.specifiers) {
    const name = importedName(specifier);
    bindings.set(specifier.local.name, { dep, name });
    imports.push({ dep, name, start: specifier.start });
  }
}

function importedName(specifier: ImportDeclaration['specifiers'][number]): string {
  if (specifier.type === 'ImportNamespaceSpecifier') return '*';
  return specifier.type === 'ImportSpecifier' ? nameText(specifier.imported) : 'default';
}

function readExport(node: Exporting, record: ModuleRecord): void {
  if (node.type === 'ExportDefaultDeclaration') {
    const { type } = node.declaration;
    const id = type === 'FunctionDeclaration' || type === 'ClassDeclaration' ? node.declaration.id : undefined;
    if (id) exportLocal(record, id.name, 'default', node.start);
    else record.exports.push('default');
    return;
  }
  const { declaration } = node;
  if (!declaration) {
    for (const { local, exported, start } of node.specifiers) exportLocal(record, nameText(local), nameText(exported), start);
  } else if (declaration.type === 'VariableDeclaration') {
    for (const { id } of declaration.declarations) forEachBinding(id, ({ name }) => exportLocal(record, name, name, node.start));
  } else {
    exportLocal(record, declaration.id.name, declaration.id.name, node.start);
  }
}

function exportLocal({ bindings, reexports, exports, exported }: ModuleRecord, local: string, as: string, start: number): void {
  const imported = bindings.get(local);
  if (imported) {
    reexports.push({ as, ...imported, start });
    return;
  }
  exports.push(as);
  const names = exported.get(local);
  if (names) names.push(as);
  else exported.set(local, [as]);
}
