/**
 * The link step once more, for the patch form of a module: the same parts, put together around units (patch.ts) instead of a body, with
 * closures in front of them (lift.ts).
 */
import { createEdits, type Edits, type SourceMap } from '../edits.ts';
import { createTopLevelAwait } from '../link-await.ts';
import { createLinkContext } from '../link-context.ts';
import { createImportUses } from '../link-imports.ts';
import { createMetaUses } from '../link-meta.ts';
import { readModuleRecord } from '../link-record.ts';
import type { LinkOptions } from '../link.ts';
import { parseModule, type AnyNode } from '../parse.ts';
import { chainMaps, type RawSourceMap } from '../source-map.ts';
import { lineStarts, placeIn } from '../line-starts.ts';
import { walkModule } from '../walk.ts';
import { createCaptures } from './captures.ts';
import { describe, type Details } from './describe.ts';
import { createSlotNames, setters, slotVariables } from './initial.ts';
import { liftClosures, withBrackets } from './lift.ts';
import { separateUnits } from './patch.ts';
import { createPatchNames } from './patch-names.ts';
import { createScopeUses } from './scope-uses.ts';
import { createReferences, memberRead } from './references.ts';
import { createTokens, type Range } from './tokens.ts';
import { children, hasAwait, nestedVars } from './syntax.ts';
import type { FunctionPlan, SwapPlan } from './plan.ts';
import { planUnits } from './units.ts';

export interface LinkedPatch {
  /** `[['shape'], (function(…){…\n})]`. */
  readonly text: string;
  /** The first of them: also what a running version that came without a patch is known by. */
  readonly description: string;
  map(): SourceMap;
}

export interface LinkPatchOptions extends LinkOptions {
  /** Of text that was compiled before: the author's line; undefined where it is not the author's. */
  readonly lineOf?: ((line: number, column: number) => number | undefined) | undefined;
}

/** @throws HmrError as `link` does */
export function linkPatch(code: string, options: LinkPatchOptions): LinkedPatch {
  const read = readPatch(code, options);
  const description = read.describe();
  const spelledOut = withBrackets(read.plan.closures, code);
  if (!spelledOut) return { text: read.write(description), description, map: () => read.edits.map(options.file) };
  // Once for what it says of itself, which is the author's text, and once with brackets around what moves.
  const { write, edits } = readPatch(spelledOut.finish('', ''), options);
  return {
    text: write(description),
    description,
    map: () => chainMaps(edits.map(options.file) as RawSourceMap, spelledOut.map(options.file) as RawSourceMap) as SourceMap,
  };
}

interface ReadPatch {
  readonly plan: SwapPlan;
  readonly edits: Edits;
  describe(): string;
  /** Makes the edits. */
  write(description: string): string;
}

function readPatch(code: string, { file, hotswap = 'classes', lineOf: authorsLine, ...lookups }: LinkPatchOptions): ReadPatch {
  const level = hotswap === 'off' ? 'classes' : hotswap;
  const tokens = createTokens(code);
  const program = parseModule(code, file, tokens);
  const record = readModuleRecord(program);
  const edits = createEdits(code);
  const planned: (() => void)[] = [];
  const context = createLinkContext({ code, file, record, edits, later: (edit) => void planned.push(edit) });
  const plan = planUnits(program, code, level);
  const slots = createSlotNames(context, plan);
  const names = createPatchNames(context);
  const references = createReferences(context, plan);
  const captures = createCaptures({ plan, names: slots, patch: names, context });
  const options = { plan, slots, names, context, captures };
  separateUnits(program, options);
  const awaits = createTopLevelAwait(context);
  const meta = createMetaUses(context, lookups);
  const imports = createImportUses(context);
  const scopes = createScopeUses(options);
  let refused = whyNever(plan.names);
  walkModule(program, {
    read(id, parent, use, state) {
      references.note(id, state, false, memberRead(id, parent));
      captures.note(id, state.scope, false);
      if (id.name === 'eval') refused ??= DIRECT_EVAL;
      imports.read(id, parent, use, state);
      scopes.read(id, parent, use, state);
    },
    write(id, parent, owner, state) {
      if (owner.type !== 'VariableDeclarator') references.note(id, state, true);
      captures.note(id, state.scope, true);
      imports.write(id, parent, owner, state);
      scopes.write(id, parent, owner, state);
    },
    follows(statement, previous) {
      if (code[previous.end - 1] !== ';') context.afterOpenEnd.add(statement.start);
    },
    hooks: {
      ...awaits.hooks,
      ...meta.hooks,
      ...scopes.hooks,
      NewExpression(node, { scope }) {
        imports.enterNew(node);
        meta.enterNew(node, scope);
      },
    },
  });
  return {
    plan,
    edits,
    describe() {
      const starts = lineStarts(code);
      const lineOf = (position: number): number => {
        const { line, column } = placeIn(starts, position);
        return authorsLine?.(line + 1, column + 1) ?? line + 1;
      };
      const details: Details = { ...refusals, lineOf, isAsync: (range) => isAsync(program.body, range) };
      const shape = JSON.stringify(describe({ plan, tokens, references, captures, context, refused, details }));
      const { closures } = plan;
      return `[${[shape, ...closures.map((closure) => captures.namesOf(closure, 'first'))].map(quoted).join(',')}]`;
    },
    write(description) {
      liftClosures(options, captures);
      for (const edit of planned) edit();
      edits.dropHashbang();
      const variables = slotVariables(plan, slots);
      const own = [names.scope, context.names.module, names.functions, names.units, names.initialisers, names.constructors, names.parents];
      const parameters = [...own, names.classes, names.privates, ...context.names.deps].join(',');
      const declared = variables.length > 0 ? `var ${variables.join(',')};` : '';
      return edits.finish(`[${description},(function(${parameters}){${declared}`, `\nreturn ${setters(variables, slots.value)}})]`);
    },
  };
}

const DIRECT_EVAL = 'it calls eval, whose text is not known';

function whyNever(names: ReadonlySet<string>): string | undefined {
  return names.has('constructor') || names.has('prototype') ? 'it has a variable that is named constructor or prototype' : undefined;
}

function quoted(text: string): string {
  return `'${text.replace(/[\\'\u2028\u2029]/g, (character) => (character === '\\' || character === "'" ? `\\${character}` : escape(character)))}'`;
}

const escape = (character: string): string => `\\u${character.charCodeAt(0).toString(16)}`;

const refusals: Pick<Details, 'lookAt' | 'refusalOfStatement'> = {
  lookAt({ node, place, owner }: FunctionPlan) {
    const isOfLiteral = (place === 'method' || place === 'accessor') && owner?.type === 'Property';
    const hasThis = node.type !== 'ArrowFunctionExpression' && uses(node, (part) => part.type === 'ThisExpression', true);
    return {
      ...(isOfLiteral && uses(node, (part) => part.type === 'Super', true) && { hasSuper: true }),
      ...(hasThis && { hasThis }),
    };
  },
  refusalOfStatement(statement: AnyNode) {
    const [name] = nestedVars(statement);
    if (statement.type === 'ClassDeclaration' || (statement.type === 'ExportNamedDeclaration' && statement.declaration))
      return 'it declares a class';
    return name === undefined ? undefined : `it declares ${name} in a block`;
  },
};

/** @param isOwn nested functions with a `this` of their own do not count */
function uses(root: AnyNode, isIt: (node: AnyNode) => boolean, isOwn: boolean): boolean {
  const visit = (node: AnyNode): boolean => {
    if (isIt(node)) return true;
    const hides =
      isOwn && node !== root && (node.type === 'FunctionExpression' || node.type === 'FunctionDeclaration' || node.type === 'ClassBody');
    if (hides) return false;
    for (const child of children(node)) if (visit(child)) return true;
    return false;
  };
  return visit(root);
}

function isAsync(statements: readonly AnyNode[], { start, end }: Range): boolean {
  return statements.some((statement) => statement.start < end && start < statement.end && hasAwaitIn(statement, start, end));
}

function hasAwaitIn(node: AnyNode, start: number, end: number): boolean {
  if (node.start >= start && node.end <= end) return hasAwait(node);
  for (const child of children(node)) if (child.start < end && start < child.end && hasAwaitIn(child, start, end)) return true;
  return false;
}
