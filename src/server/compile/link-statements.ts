/**
 * Import and export statements become ordinary ones: imports and lists vanish, declarations lose their `export`, and what is
 * initialised is announced right behind its initialisation, so that a dependency in a cycle sees it as early as in the standard.
 */
import { announcement, type LinkContext } from './link-context.ts';
import {
  isAnonymousDefinition,
  skipTrivia,
  type AnyNode,
  type ExportDefaultDeclaration,
  type Program,
  type VariableDeclaration,
} from './parse.ts';
import { forEachBinding } from './scope.ts';

type ClassStatement = Extract<AnyNode, { type: 'ClassDeclaration' }>;
type FunctionStatement = Extract<AnyNode, { type: 'FunctionDeclaration' }>;

/** Returns what the statements add to phase 1. @param constants the keyword of a `const` that is cut in two */
export function rewriteStatements(program: Program, context: LinkContext, constants: 'const' | 'let' = 'const'): string {
  const { edits } = context;
  let hoisted = '';
  for (const node of program.body) {
    switch (node.type) {
      case 'ImportDeclaration':
      case 'ExportAllDeclaration':
        edits.replace(node.start, node.end, ';');
        break;
      case 'ExportNamedDeclaration':
        if (node.declaration) {
          edits.replace(node.start, node.declaration.start, '');
          announceDeclaration(node.declaration, context, constants);
        } else edits.replace(node.start, node.end, ';');
        break;
      case 'ExportDefaultDeclaration':
        hoisted += rewriteDefault(node, context);
        break;
      default:
        announceDeclaration(node, context, constants);
    }
  }
  return hoisted;
}

/** `var`s and functions are announced elsewhere: they are hoisted and may be written anywhere. */
function announceDeclaration(node: AnyNode, context: LinkContext, constants: 'const' | 'let'): void {
  if (context.record.exported.size === 0) return;
  if (node.type === 'ClassDeclaration') announceClass(node, context);
  else if (node.type === 'VariableDeclaration' && node.kind !== 'var')
    announceVariables(node, context, node.kind === 'const' ? constants : node.kind);
}

function announceClass({ id, end }: ClassStatement, context: LinkContext): void {
  if (id && context.record.exported.has(id.name)) context.edits.close(end, `${announcement(context, id.name)};`);
}

/** `const a = 1, b = a` is cut in two, for the second may call something that reads the first from outside. */
function announceVariables(node: VariableDeclaration, context: LinkContext, kind: string): void {
  const { code, edits, record } = context;
  for (const [index, { id, end }] of node.declarations.entries()) {
    let text = '';
    forEachBinding(id, ({ name }) => {
      if (record.exported.has(name)) text += `${announcement(context, name)};`;
    });
    if (text === '') continue;
    if (index < node.declarations.length - 1) {
      const comma = skipTrivia(code, end);
      edits.replace(comma, comma + 1, `;${text}${kind}${/\s/.test(code[comma + 1] ?? '') ? '' : ' '}`);
    } else edits.close(node.end, code[node.end - 1] === ';' ? text : `;${text}`);
  }
}

function rewriteDefault(node: ExportDefaultDeclaration, context: LinkContext): string {
  const { edits } = context;
  const { declaration } = node;
  if (declaration.type === 'FunctionDeclaration') {
    edits.replace(node.start, declaration.start, '');
    return declaration.id ? '' : nameFunction(declaration, context);
  }
  if (declaration.type === 'ClassDeclaration' && declaration.id) {
    edits.replace(node.start, declaration.start, '');
    announceClass(declaration, context);
    return '';
  }
  exportExpression(node, context);
  return '';
}

/** An anonymous function is hoisted as well; it gets a binding that nobody else knows, and the name that the standard gives it. */
function nameFunction({ start, async, generator }: FunctionStatement, context: LinkContext): string {
  const { code, edits, names } = context;
  let at = start;
  if (async) at = skipTrivia(code, at + 'async'.length);
  at += 'function'.length;
  if (generator) at = skipTrivia(code, at) + 1;
  const name = names.unique('$default');
  edits.close(at, ` ${name}`);
  return `${names.module}.named(${name});${names.exporter}("default",${name});`;
}

/** `export default x` → `$export("default",x);` An anonymous function or class takes its name from the property it is put into. */
function exportExpression({ start, end, declaration }: ExportDefaultDeclaration, { code, edits, names }: LinkContext): void {
  const keyword = skipTrivia(code, start + 'export'.length);
  const anonymous = isAnonymousDefinition(declaration);
  edits.replace(start, keyword + 'default'.length, `${names.exporter}("default",${anonymous ? '({default:' : ''}`);
  const tail = anonymous ? '}).default);' : ');';
  if (code[end - 1] === ';') edits.replace(end - 1, end, tail);
  else edits.close(end, tail);
}
