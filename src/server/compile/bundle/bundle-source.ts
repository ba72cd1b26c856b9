/**
 * What a bundler does not know in the text of a module: `import.meta.glob`, `new URL('./x.png', import.meta.url)` and the map of a `container`
 * become imports that it does know. Everything else of the text, and its lines, stay.
 */
import { HmrError, placeAt } from '../../errors.ts';
import { createEdits, type SourceMap } from '../edits.ts';
import { atCall, readGlobCall, type GlobCall, type GlobMistake } from '../glob-call.ts';
import type { GlobMatch } from '../globs.ts';
import { property } from '../link-context.ts';
import { isMetaMember, member, type Asset } from '../link-meta.ts';
import { literalText, nameText, tryParse, type AnyNode, type CallExpression, type NewExpression } from '../parse.ts';
import { resolve, type Scope } from '../scope.ts';
import { placed } from '../source-places.ts';
import type { NodeOf } from '../visitor.ts';
import { walkModule } from '../walk.ts';

/** In front of a module's id: what a specifier means is known already. */
export const ID_PREFIX = 'hmr-dev:id';
export const AUTHOR_API = 'hmr-dev/client';

export interface RewriteOptions {
  readonly filePath: string;
  /** The file that an address names, as a module; undefined leaves it to the browser. @param use what is done with the address */
  readonly assetOf: (specifier: string, use: 'address' | 'worker') => Asset | undefined;
  /** @throws HmrError `GLOB` without place */
  readonly globOf: (call: GlobCall) => readonly GlobMatch[];
  readonly warn: (message: string) => void;
}

export interface Rewritten {
  readonly code: string;
  map(): SourceMap;
}

/** A quick look, for most modules have nothing of it. */
export function mayNeedRewriting(code: string): boolean {
  return /\bimport\s*\.\s*meta\s*\.\s*(?:glob|url)\b|hmr-dev\/client['"]|\.wasm['"]/.test(code);
}

/** Undefined when there is nothing to change, and for what cannot be parsed, which the bundler will say. @throws HmrError `GLOB`, `UNSUPPORTED` */
export function rewriteForBundle(code: string, options: RewriteOptions): Rewritten | undefined {
  const program = tryParse(code, 'module');
  if (!program) return undefined;
  const { filePath, assetOf, globOf, warn } = options;
  const edits = createEdits(code);
  const imports: string[] = [];
  const later: (() => void)[] = [];
  const workers = new Set<AnyNode>();
  /** Local names of `container`, and of namespaces that have it. */
  const containers = new Set<string>();
  const namespaces = new Set<string>();
  let edited = false;

  const replace = ({ start, end }: AnyNode, text: string): void => {
    edits.replace(start, end, text);
    edited = true;
  };
  const mistake =
    (error: 'GLOB' | 'UNSUPPORTED') =>
    ({ start }: { readonly start: number }, message: string, hint: string): HmrError =>
      new HmrError(error, message, { ...placed(code, start, filePath), hint });
  /** Behind all others: what they mean is constant, or runs when all that is written has run. */
  const addImport = (clause: (name: string) => string, id: string): string => {
    const name = `$hmrDev${imports.length}`;
    imports.push(`import ${clause(name)} from ${JSON.stringify(ID_PREFIX + id)};`);
    return name;
  };

  const rewriteUrl = (node: NewExpression, scope: Scope): void => {
    const [specifier] = node.arguments;
    if (resolve(scope, 'URL') || !specifier) return;
    const asset = assetOf(literalText(specifier) ?? '', workers.has(node) ? 'worker' : 'address');
    if (!asset) return;
    const name = addImport((local) => local, asset.id);
    replace(specifier, name + (asset.fragment === '' ? '' : `+${JSON.stringify(asset.fragment)}`));
  };

  const rewriteGlob = (node: CallExpression): void => {
    const call = readGlobCall(node, mistake('GLOB') satisfies GlobMistake);
    const matches = atCall(() => globOf(call), node, mistake('GLOB'));
    const entries = matches.map(({ key, id }) => {
      const name = JSON.stringify(key);
      const pick = call.name === '*' ? '' : `.then((m)=>m${property(call.name)})`;
      if (!call.eager) return `${name}:()=>import(${JSON.stringify(ID_PREFIX + id)})${pick}`;
      const value = addImport((local) => (call.name === '*' ? `* as ${local}` : `{${importName(call.name)} as ${local}}`), id);
      return `get ${name}(){return ${value}}`;
    });
    replace(node, `({${entries.join(',')}})`);
  };

  const rewriteMap = (node: CallExpression): void => {
    const [map] = node.arguments;
    if (map?.type !== 'ObjectExpression') {
      if (map && map.type !== 'Identifier') return;
      const place = placeAt(code, node.start);
      warn(
        `${filePath}:${place.line}:${place.column}: container() gets a map that is not written there; modules that it names by text are not in the build. Write functions: { view: () => import(…) }.`,
      );
      return;
    }
    for (const property of map.properties) {
      const value = property.type === 'Property' ? literalText(property.value) : undefined;
      if (property.type !== 'Property' || value === undefined) continue;
      const { key } = property;
      const specifier = property.computed || key.type === 'Identifier' ? literalText(key) : nameText(key as never);
      if (specifier === undefined) {
        throw mistake('UNSUPPORTED')(
          property,
          'A build has to know which modules a container() loads, and this one is computed',
          'Write the specifier itself, or a function: { view: () => import(…) }.',
        );
      }
      replace(property, `${JSON.stringify(value)}:()=>import(${JSON.stringify(specifier)})`);
    }
  };

  const isContainer = ({ callee }: CallExpression, scope: Scope): boolean => {
    const isModuleName = (name: string): boolean => resolve(scope, name)?.kind === 'module';
    if (callee.type === 'Identifier') return containers.has(callee.name) && isModuleName(callee.name);
    if (callee.type !== 'MemberExpression' || callee.computed || callee.object.type !== 'Identifier') return false;
    const { object, property } = callee;
    return namespaces.has(object.name) && isModuleName(object.name) && property.type === 'Identifier' && property.name === 'container';
  };

  walkModule(program, {
    read() {},
    write() {},
    follows() {},
    hooks: {
      ImportDeclaration(node) {
        instanceOfWasm(node, replace);
        if (node.source.value !== AUTHOR_API) return;
        for (const specifier of node.specifiers) {
          if (specifier.type === 'ImportNamespaceSpecifier') namespaces.add(specifier.local.name);
          if (specifier.type === 'ImportSpecifier' && nameText(specifier.imported) === 'container') containers.add(specifier.local.name);
        }
      },
      NewExpression(node, { scope }) {
        const [first, second] = node.arguments;
        const isWorker = node.callee.type === 'Identifier' && /^(?:Shared)?Worker$/.test(node.callee.name);
        // A worker that is no module is a file like any other.
        if (isWorker && first && literalText(member(second, 'type')) === 'module') workers.add(first);
        if (node.callee.type !== 'Identifier' || node.callee.name !== 'URL' || !isMetaMember(second, 'url')) return;
        if (literalText(first) !== undefined) later.push(() => rewriteUrl(node, scope));
      },
      CallExpression(node, { scope }) {
        if (isMetaMember(node.callee, 'glob')) later.push(() => rewriteGlob(node));
        else later.push(() => isContainer(node, scope) && rewriteMap(node));
      },
    },
  });
  for (const work of later) work();
  if (!edited) return undefined;
  const after = imports.length === 0 ? '' : `\n${imports.join('\n')}\n`;
  return { code: edits.finish('', after), map: () => edits.map(filePath) };
}

/** Who asks a WebAssembly file for names means an instance of it, and who asks for its default export, its address. */
function instanceOfWasm({ source, specifiers }: NodeOf<'ImportDeclaration'>, replace: (node: AnyNode, text: string) => void): void {
  const hasNames = specifiers.some(({ type }) => type !== 'ImportDefaultSpecifier');
  if (hasNames && String(source.value).endsWith('.wasm')) replace(source, JSON.stringify(`${String(source.value)}?instance`));
}

function importName(name: string): string {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? name : JSON.stringify(name);
}
