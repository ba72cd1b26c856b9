/**
 * Top-level await. The factory is a generator, so `await x` is `(yield x)` and the registry answers. `for await` has no counterpart
 * there: it becomes a plain `for` over `$module.forAwait` that keeps its labels, in front of which nothing is run twice:
 *
 *     {let $l,$s=0;try{ label: for($l=$module.forAwait(xs);(yield $l.next())||($s=1,false);){const x=$l.value; body }
 *     }catch($e){$s=[$e]}finally{ unless it is done, close it: errors of closing count only if the body has not thrown }}
 */
import { codeFrame, HmrError, placeAt } from '../errors.ts';
import { guard, type LinkContext } from './link-context.ts';
import { skipTrivia, type AnyNode, type AwaitExpression, type ForOfStatement } from './parse.ts';
import type { Hooks } from './visitor.ts';

export interface TopLevelAwait {
  readonly hooks: Pick<Hooks, 'AwaitExpression' | 'ForOfStatement' | 'LabeledStatement' | 'VariableDeclaration'>;
  found(): boolean;
}

export function createTopLevelAwait(context: LinkContext): TopLevelAwait {
  let found = false;
  /** First label of a labelled loop. */
  const labelled = new Map<AnyNode, AnyNode>();
  return {
    found: () => found,
    hooks: {
      AwaitExpression(node, { functionDepth }) {
        if (functionDepth > 0) return;
        found = true;
        context.later(() => rewriteAwait(node, context));
      },
      LabeledStatement(node) {
        labelled.set(node.body, labelled.get(node) ?? node);
      },
      ForOfStatement(node, { functionDepth }) {
        if (functionDepth > 0) return;
        if (node.left.type === 'VariableDeclaration' && node.left.kind === 'await using') throw unsupported(node.left, context);
        if (!node.await) return;
        found = true;
        const start = labelled.get(node)?.start ?? node.start;
        context.later(() => rewriteForAwait(node, start, context));
      },
      VariableDeclaration(node, { functionDepth }) {
        if (functionDepth === 0 && node.kind === 'await using') throw unsupported(node, context);
      },
    },
  };
}

function rewriteAwait(node: AwaitExpression, context: LinkContext): void {
  const { code, edits } = context;
  const keywordEnd = node.start + 'await'.length;
  // A line break behind `yield` would end it.
  const breaks = /[\n\r\u2028\u2029]/.test(code.slice(keywordEnd, node.argument.start));
  edits.replace(node.start, keywordEnd, `${guard(context, node.start)}(yield${breaks ? ' (' : ''}`);
  edits.close(node.end, breaks ? '))' : ')');
}

function rewriteForAwait(node: ForOfStatement, start: number, context: LinkContext): void {
  const { code, edits, names } = context;
  const { left, right, body } = node;
  const loop = names.unique('$loop');
  const state = names.unique('$state');
  const error = names.unique('$error');
  edits.open(start, `{let ${loop},${state}=0;try{`);
  edits.close(
    node.end,
    `}catch(${error}){${state}=[${error}]}finally{if(${state}===0)yield ${loop}.close();` +
      `else if(${state}!==1){if(${loop})try{yield ${loop}.close()}catch{}throw ${state}[0]}}}`,
  );
  edits.replace(node.start, left.start, `for(${loop}=${names.module}.forAwait(`);
  const of = behindParentheses(code, left.end).next;
  edits.replace(left.end, of + 'of'.length, '');
  const headEnd = behindParentheses(code, right.end).last;
  edits.replace(headEnd, headEnd + 1, `);(yield ${loop}.next())||(${state}=1,false);)`);
  const wrapped = left.type === 'ObjectPattern';
  edits.open(left.start, wrapped ? '{(' : '{');
  edits.close(left.end, `=${loop}.value${wrapped ? ')' : ''};`);
  edits.move(left.start, left.end, body.start);
  edits.close(body.end, '}');
}

/** Where the next token behind closing parentheses is, and the last of them. */
function behindParentheses(code: string, from: number): { readonly next: number; readonly last: number } {
  let last = from;
  let next = skipTrivia(code, from);
  while (code[next] === ')') {
    last = next;
    next = skipTrivia(code, next + 1);
  }
  return { next, last };
}

function unsupported(node: AnyNode, { code, file }: LinkContext): HmrError {
  const { line, column } = placeAt(code, node.start);
  return new HmrError('UNSUPPORTED', '`await using` at the top level of a module is not supported', {
    location: { file, line, column },
    frame: codeFrame(code, line, column),
    hint: 'Put it into an async function, or dispose of the resource in a try … finally.',
  });
}
