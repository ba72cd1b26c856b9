/**
 * Text to syntax tree, and a parser's complaint to the error that a developer reads. The only file that imports acorn: the rest of
 * the compile step knows ESTree nodes, re-exported here as types, and nothing of who made them. Acorn and not a native parser,
 * because a tree that has to cross from Rust costs more than building it here (170 ms against 260 for 1,000 modules).
 */
import { parse, type AnyNode, type Identifier, type Literal, type Program, type TemplateLiteral } from 'acorn';
import { codeFrame, HmrError } from '../errors.ts';
import type { TokenSink } from './swap/tokens.ts';

export type {
  AnyNode,
  AssignmentExpression,
  AwaitExpression,
  CallExpression,
  ClassDeclaration,
  ClassExpression,
  ExportDefaultDeclaration,
  ExportNamedDeclaration,
  ExpressionStatement,
  ForInStatement,
  ForOfStatement,
  FunctionDeclaration,
  FunctionExpression,
  ArrowFunctionExpression,
  Identifier,
  ImportAttribute,
  ImportDeclaration,
  Literal,
  NewExpression,
  Pattern,
  Program,
  UpdateExpression,
  VariableDeclaration,
  VariableDeclarator,
} from 'acorn';

const TRIVIA = /(?:\s|\/\/[^\n\r\u2028\u2029]*|\/\*[^]*?\*\/)*/y;

/** Throws an HmrError with location and frame. */
export function parseModule(code: string, file: string, tokens?: TokenSink): Program {
  try {
    return parse(code, {
      ecmaVersion: 'latest',
      sourceType: 'module',
      allowHashBang: true,
      ...(tokens && {
        onToken: ({ type: { label }, start, end }) => tokens.add(start, end, label),
      }),
    });
  } catch (error) {
    throw toSyntaxError(error, code, file);
  }
}

/** As a module, or undefined when it is none. */
export function tryParse(code: string, sourceType: 'module' | 'script'): Program | undefined {
  try {
    return parse(code, { ecmaVersion: 'latest', sourceType, allowHashBang: true });
  } catch {
    // Whatever is wrong with it: the caller only asks whether it is of this type.
    return undefined;
  }
}

/** Offset of the next token: behind white space and comments. */
export function skipTrivia(code: string, at: number): number {
  TRIVIA.lastIndex = at;
  TRIVIA.exec(code);
  return TRIVIA.lastIndex;
}

/** The text of a string literal or of a template without expressions. */
export function literalText(node: AnyNode | null | undefined): string | undefined {
  if (node?.type === 'Literal') return typeof node.value === 'string' ? node.value : undefined;
  if (node?.type === 'TemplateLiteral' && node.expressions.length === 0) return templateText(node);
  return undefined;
}

function templateText(node: TemplateLiteral): string | undefined {
  return node.quasis[0]?.value.cooked ?? undefined;
}

/** A name in an import or export list: an identifier or a string. */
export function nameText(node: Identifier | Literal): string {
  return node.type === 'Identifier' ? node.name : String(node.value);
}

/** A function or class that takes its name from where it stands. */
export function isAnonymousDefinition(node: AnyNode): boolean {
  if (node.type === 'ArrowFunctionExpression') return true;
  return (node.type === 'FunctionExpression' || node.type === 'ClassExpression' || node.type === 'ClassDeclaration') && !node.id;
}

interface AcornError extends SyntaxError {
  readonly pos: number;
  readonly loc: { readonly line: number; readonly column: number };
}

function isAcornError(error: unknown): error is AcornError {
  return error instanceof SyntaxError && 'pos' in error && 'loc' in error;
}

function toSyntaxError(error: unknown, code: string, file: string): HmrError {
  if (!isAcornError(error)) {
    return new HmrError('SYNTAX', 'This file could not be parsed', { location: { file, line: 1, column: 1 }, cause: error });
  }
  const { line, column } = error.loc;
  return new HmrError('SYNTAX', describe(error, code), {
    location: { file, line, column: column + 1 },
    frame: codeFrame(code, line, column + 1),
    cause: error,
  });
}

/** Acorn's sentences, without its own place, and with what was found where it only says "unexpected". */
function describe({ message, pos }: AcornError, code: string): string {
  const sentence = message.replace(/ \(\d+:\d+\)$/, '');
  const undeclared = /^Export '(.*)' is not defined$/.exec(sentence);
  if (undeclared) return `'${undeclared[1]}' is exported, but nothing in this module declares it`;
  if (sentence !== 'Unexpected token') return sentence;
  if (skipTrivia(code, pos) >= code.length) return 'Unexpected end of file';
  const token = /^(?:[\w$]+|=>|\.{3}|[^\w\s])/.exec(code.slice(pos, pos + 30));
  return token ? `Unexpected ${token[0]}` : sentence;
}
