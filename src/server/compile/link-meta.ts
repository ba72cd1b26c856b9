/**
 * `import.meta` and `import()`, which only exist in a native module, and the literal specifiers in expressions (`import('x')`,
 * `import.meta.hot.accept('x')`, `new URL('x', import.meta.url)`), which the compile step resolves ahead of time.
 */
import type { LinkContext } from './link-context.ts';
import { literalText, type AnyNode, type CallExpression, type NewExpression } from './parse.ts';
import { resolve, type Scope } from './scope.ts';
import type { Hooks } from './visitor.ts';

export interface DynamicRequest {
  readonly specifier: string;
  readonly kind: 'import' | 'accept' | 'url';
  /** Of the specifier's literal, in the input. */
  readonly start: number;
  readonly end: number;
}

export interface MetaUses {
  readonly hooks: Pick<Hooks, 'MetaProperty' | 'MemberExpression' | 'ImportExpression' | 'CallExpression' | 'BinaryExpression'>;
  enterNew(node: NewExpression, scope: Scope): void;
  /** In source order, once the planned edits are made. */
  readonly dynamic: DynamicRequest[];
  usesHot(): boolean;
}

/** @param urls source text to put in place of a literal of `new URL(literal, import.meta.url)` */
export function createMetaUses(context: LinkContext, urls: (specifier: string) => string | undefined): MetaUses {
  const { code, edits, names, later } = context;
  const dynamic: DynamicRequest[] = [];
  let hot = false;

  const request = (kind: DynamicRequest['kind'], node: AnyNode | null | undefined): string | undefined => {
    const specifier = literalText(node);
    if (node && specifier !== undefined) dynamic.push({ specifier, kind, start: node.start, end: node.end });
    return specifier;
  };

  return {
    dynamic,
    usesHot: () => hot,

    enterNew(node, scope) {
      const [specifier, base] = node.arguments;
      if (node.callee.type !== 'Identifier' || node.callee.name !== 'URL' || !specifier || !isMetaMember(base, 'url')) return;
      later(() => {
        if (resolve(scope, 'URL')) return;
        const text = urls(request('url', specifier) ?? '');
        if (text !== undefined) edits.replace(specifier.start, specifier.end, text);
      });
    },

    hooks: {
      MetaProperty(node) {
        // `new.target` is the other one.
        if (node.meta.name === 'import') later(() => edits.replace(node.start, node.end, `${names.module}.meta`));
      },
      MemberExpression(node) {
        if (isMetaMember(node, 'hot')) hot = true;
      },
      ImportExpression(node) {
        later(() => {
          edits.replace(node.start, node.start + 'import'.length, `${names.module}.import`);
          request('import', node.source);
        });
      },
      CallExpression(node) {
        const first = node.arguments[0];
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

/** `import.meta.<name>`, also as `import.meta['<name>']`. */
function isMetaMember(node: AnyNode | undefined, name: string): boolean {
  if (node?.type !== 'MemberExpression' || node.object.type !== 'MetaProperty' || node.object.meta.name !== 'import') return false;
  if (node.computed) return literalText(node.property) === name;
  return node.property.type === 'Identifier' && node.property.name === name;
}

function isHotAccept({ callee }: CallExpression): boolean {
  if (callee.type !== 'MemberExpression' || callee.computed || !isMetaMember(callee.object, 'hot')) return false;
  return callee.property.type === 'Identifier' && callee.property.name === 'accept';
}
