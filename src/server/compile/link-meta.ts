/**
 * `import.meta` and `import()`, which only exist in a native module, and the literal specifiers in expressions (`import('x')`,
 * `import.meta.hot.accept('x')`, `new URL('x', import.meta.url)`), which the compile step resolves ahead of time.
 */
import { ENV_MODULE_ID } from './env-module.ts';
import type { GlobCall } from './glob-call.ts';
import type { LinkContext } from './link-context.ts';
import { createGlobUses, type FindGlob } from './link-globs.ts';
import { literalText, type AnyNode, type CallExpression, type NewExpression } from './parse.ts';
import { resolve, type Scope } from './scope.ts';
import type { Hooks } from './visitor.ts';

export interface DynamicRequest {
  readonly specifier: string;
  readonly kind: 'import' | 'accept' | 'url' | 'require';
  /** Of the attributes of an `import()`, where they are literal. */
  readonly type?: string;
  /** Known already: a file that `import.meta.glob` has found. */
  readonly id?: string;
}

export interface MetaUses {
  readonly hooks: Pick<Hooks, 'MetaProperty' | 'ImportExpression' | 'CallExpression' | 'BinaryExpression'>;
  enterNew(node: NewExpression, scope: Scope): void;
  /** In source order, once the planned edits are made. */
  readonly dynamic: DynamicRequest[];
  readonly globs: GlobCall[];
}

/** The module that knows a file's address, with its version: its default export. */
export interface Asset {
  readonly id: string;
  /** `#icon`, or empty. */
  readonly fragment: string;
}

export interface MetaLookups {
  /** The module behind the literal in `new URL(literal, import.meta.url)`; undefined leaves it to the browser. */
  readonly assetOf?: (specifier: string) => Asset | undefined;
  /** The files that `import.meta.glob` names. @throws HmrError `GLOB` without place */
  readonly globOf?: FindGlob;
}

export function createMetaUses(context: LinkContext, { assetOf = () => undefined, globOf = () => [] }: MetaLookups): MetaUses {
  const { code, edits, names, later, record } = context;
  const addresses = new Map<string, string>();
  const dynamic: DynamicRequest[] = [];
  const globs = createGlobUses(context, dynamic, globOf);

  const request = (kind: DynamicRequest['kind'], node: AnyNode | null | undefined, type?: string): string | undefined => {
    const specifier = literalText(node);
    if (specifier !== undefined) dynamic.push({ specifier, kind, ...(type !== undefined && { type }) });
    return specifier;
  };

  /** A dependency like those of import statements, so that a changed file reaches the module as a changed dependency does. */
  const addressOf = ({ id, fragment }: Asset, { start, end }: AnyNode): string => {
    let name = addresses.get(id);
    if (name === undefined) {
      addresses.set(id, (name = names.addDependency(id)));
      record.imports.push({ dep: record.requests.length, name: 'default', start });
      record.requests.push({ specifier: id, attributes: {}, start, end, id });
    }
    return `${name}.default${fragment === '' ? '' : `+${JSON.stringify(fragment)}`}`;
  };

  return {
    dynamic,
    globs: globs.calls,

    enterNew(node, scope) {
      const [specifier, base] = node.arguments;
      if (node.callee.type !== 'Identifier' || node.callee.name !== 'URL' || !specifier || !isMetaMember(base, 'url')) return;
      later(() => {
        if (resolve(scope, 'URL')) return;
        const asset = assetOf(request('url', specifier) ?? '');
        if (asset) edits.replace(specifier.start, specifier.end, addressOf(asset, specifier));
      });
    },

    hooks: {
      MetaProperty(node) {
        // `new.target` is the other one.
        if (node.meta.name !== 'import' || globs.isReplaced(node)) return;
        const { start } = node;
        const end = envEnd(code, node.end);
        if (end === undefined) later(() => edits.replace(start, node.end, `${names.module}.meta`));
        else later(() => edits.replace(start, end, addressOf({ id: ENV_MODULE_ID, fragment: '' }, node)));
      },
      ImportExpression(node) {
        later(() => {
          edits.replace(node.start, node.start + 'import'.length, `${names.module}.import`);
          request('import', node.source, literalText(member(member(node.options, 'with'), 'type')));
        });
      },
      CallExpression(node) {
        const first = node.arguments[0];
        if (isMetaMember(node.callee, 'glob')) globs.rewrite(node);
        if (!first || !isHotAccept(node)) return;
        const accepted = first.type === 'ArrayExpression' ? first.elements : [first];
        later(() => accepted.forEach((entry) => request('accept', entry)));
      },
      BinaryExpression({ right }) {
        // `a<!--b` is a comparison in a module, but a comment in a script.
        if (code.startsWith('<!--', right.start - 1)) later(() => edits.open(right.start, ' '));
      },
    },
  };
}

/** End of `import.meta.env`, also as `import.meta['env']`, whose `import.meta` ends at `at`; undefined for another member. */
function envEnd(code: string, at: number): number | undefined {
  ENV_MEMBER.lastIndex = at;
  return ENV_MEMBER.test(code) ? ENV_MEMBER.lastIndex : undefined;
}

const ENV_MEMBER = /\s*(?:(?:\?\.|\.)\s*env(?![\w$\\])|(?:\?\.)?\s*\[\s*(?:'env'|"env")\s*\])/y;

/** Value of a property in an object literal. */
export function member(node: AnyNode | null | undefined, name: string): AnyNode | undefined {
  if (node?.type !== 'ObjectExpression') return undefined;
  for (const property of node.properties) {
    if (property.type !== 'Property' || property.computed) continue;
    const { key } = property;
    if ((key.type === 'Identifier' ? key.name : literalText(key)) === name) return property.value;
  }
  return undefined;
}

/** `import.meta.<name>`, also as `import.meta['<name>']`. */
export function isMetaMember(node: AnyNode | undefined, name: string): boolean {
  if (node?.type !== 'MemberExpression' || node.object.type !== 'MetaProperty' || node.object.meta.name !== 'import') return false;
  if (node.computed) return literalText(node.property) === name;
  return node.property.type === 'Identifier' && node.property.name === name;
}

function isHotAccept({ callee }: CallExpression): boolean {
  if (callee.type !== 'MemberExpression' || callee.computed || !isMetaMember(callee.object, 'hot')) return false;
  return callee.property.type === 'Identifier' && callee.property.name === 'accept';
}
