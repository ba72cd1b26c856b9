/**
 * What `import.meta.glob(…)` says. The list of files has to be known before any code runs, so every argument is a literal, and whatever is
 * computed is refused where it stands. Options and their rules are Vite's (vite.dev/guide/features, "Glob Import").
 */
import { HmrError } from '../errors.ts';
import { literalText, type AnyNode, type CallExpression } from './parse.ts';

export interface GlobCall {
  /** As written. Those that begin with `!` exclude; at least one does not. */
  readonly patterns: readonly string[];
  /** Modules instead of functions that load them. */
  readonly eager: boolean;
  /** The export that is picked; `*` for the whole module. */
  readonly name: string;
  /** With its `?`, or empty. */
  readonly query: string;
  /** Where relative patterns and keys start from; undefined: from the module. */
  readonly base: string | undefined;
  /** In `node_modules` and `--ignore`d files too. */
  readonly exhaustive: boolean;
}

/** The error at a place in the call. */
export type GlobMistake = (at: AnyNode, message: string, hint: string) => HmrError;

type Value = string | number | boolean;

const LITERALS = 'Its arguments are read before the code runs: write the text itself, without variables, calls or ${…}.';
const OPTIONS = ['eager', 'import', 'query', 'base', 'exhaustive'] as const;
type OptionName = (typeof OPTIONS)[number];

/** @throws what `mistake` makes */
export function readGlobCall(node: CallExpression, mistake: GlobMistake): GlobCall {
  const [first, second, third] = node.arguments;
  if (!first || third) throw mistake(third ?? node, 'import.meta.glob() takes a pattern, or a list of them, and options', LITERALS);
  const patterns = (first.type === 'ArrayExpression' ? first.elements : [first]).map((element) => {
    const text = literalText(element);
    if (text === undefined) throw mistake(element ?? first, 'A pattern of import.meta.glob() has to be a literal text', LITERALS);
    return text;
  });
  if (patterns.every((pattern) => pattern.startsWith('!'))) {
    throw mistake(first, 'This import.meta.glob() only says what it leaves out', 'Add a pattern without "!", such as "./*.ts".');
  }
  return { patterns, ...readOptions(second, mistake) };
}

/** What is found for a call. @throws what has no place of its own, at the call */
export function atCall<T>(find: () => T, node: CallExpression, mistake: GlobMistake): T {
  try {
    return find();
  } catch (error) {
    throw error instanceof HmrError ? mistake(node, error.message, error.hint ?? '') : error;
  }
}

function readOptions(node: AnyNode | undefined, mistake: GlobMistake): Omit<GlobCall, 'patterns'> {
  const given = new Map<OptionName, AnyNode>();
  for (const { key, value } of node ? propertiesOf(node, mistake) : []) {
    const name = OPTIONS.find((option) => option === key);
    const hint = key === 'as' ? "Write { query: '?raw' } for { as: 'raw' }." : `It takes ${OPTIONS.join(', ')}.`;
    if (name === undefined) throw mistake(value, `import.meta.glob() has no option "${key}"`, hint);
    given.set(name, value);
  }
  const read = <T extends Value>(name: OptionName, type: 'string' | 'boolean', otherwise: T): T => {
    const option = given.get(name);
    if (!option) return otherwise;
    const value = literalValue(option);
    if (typeof value === type) return value as T;
    throw mistake(option, `The option "${name}" of import.meta.glob() has to be a literal ${type}`, LITERALS);
  };
  const base = read<string>('base', 'string', '');
  const baseNode = given.get('base');
  if (baseNode && !/^(?:\/|\.{1,2}(?:\/|$))/.test(base)) {
    throw mistake(baseNode, `The option "base" of import.meta.glob() cannot be "${base}"`, 'It begins with "./", "../" or "/".');
  }
  const query = given.get('query');
  return {
    eager: read<boolean>('eager', 'boolean', false),
    name: read<string>('import', 'string', '*'),
    query: query?.type === 'ObjectExpression' ? queryOf(query, mistake) : read<string>('query', 'string', '').replace(/^(?=[^?])/, '?'),
    base: baseNode && base,
    exhaustive: read<boolean>('exhaustive', 'boolean', false),
  };
}

function queryOf(node: AnyNode, mistake: GlobMistake): string {
  const parts = propertiesOf(node, mistake).map(({ key, value: given }) => {
    const value = literalValue(given);
    if (value === undefined) throw mistake(given, `"${key}" in the query of import.meta.glob() has to be a literal`, LITERALS);
    // `{ raw: true }` is `?raw`.
    return value === true || value === '' ? encodeURIComponent(key) : `${encodeURIComponent(key)}=${encodeURIComponent(value)}`;
  });
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

function propertiesOf(node: AnyNode, mistake: GlobMistake): { readonly key: string; readonly value: AnyNode }[] {
  if (node.type !== 'ObjectExpression') throw mistake(node, 'The options of import.meta.glob() have to be an object literal', LITERALS);
  return node.properties.map((property) => {
    if (property.type === 'Property' && !property.computed) {
      const key = property.key.type === 'Identifier' ? property.key.name : literalText(property.key);
      if (key !== undefined) return { key, value: property.value };
    }
    throw mistake(property, 'The options of import.meta.glob() have to be an object literal', LITERALS);
  });
}

function literalValue(node: AnyNode): Value | undefined {
  const value = node.type === 'Literal' ? node.value : literalText(node);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}
