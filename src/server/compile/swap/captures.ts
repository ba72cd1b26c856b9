/**
 * What closures see of the functions and blocks around them: handed to newer code as an object of accessors, made where the closure stands.
 *
 *     let n = 0; return () => n      …() =>$s1?$s1($m0??={get n(){return n},set n($value){n=$value}}).call(this): n
 *
 * Asked when the walk is over, since only then all names are known.
 */
import type { LinkContext } from '../link-context.ts';
import type { AnyNode, Identifier } from '../parse.ts';
import { forEachBinding, resolve, type Scope } from '../scope.ts';
import type { ClosurePlan } from './closures.ts';
import type { SlotNames } from './initial.ts';
import type { PatchNames } from './patch-names.ts';
import { children } from './syntax.ts';
import type { SwapPlan } from './plan.ts';

export interface Captures {
  /** Where a closure stands; called on the way. */
  place(node: AnyNode, scope: Scope): void;
  note(id: Identifier, scope: Scope, isWrite: boolean): void;
  /** Plans the variables in which the objects are kept. */
  declare(edits: LinkContext['edits']): void;
  /** What stands in the parentheses of `$s1(…)`. */
  text(closure: ClosurePlan): string;
  /** What an arrow function hands on as `this`. */
  thisText(closure: ClosurePlan): string;
  /** Names, constants with `!`. In a patch only those that the closure around it does not hand over; in the first form all. */
  namesOf(closure: ClosurePlan, form: CapturingForm): string;
  /** Names that its text and that of closures in it has from around it; those that are written with `=` again. */
  needsOf(closure: ClosurePlan): string;
  /** The closure whose captured names a name is, when it does not stand for itself there. */
  closureOf(id: Identifier, scope: Scope): ClosurePlan | undefined;
}

export interface CapturesOptions {
  readonly plan: SwapPlan;
  readonly names: SlotNames;
  /** In a patch. */
  readonly patch?: PatchNames | undefined;
  readonly context: Pick<LinkContext, 'code'>;
}

export type CapturingForm = 'first' | 'patch';

interface Visible {
  /** Whether it is a constant, by name. */
  readonly found: Map<string, boolean>;
  /** It is all that is visible in its block. */
  readonly isShared: boolean;
}

/** Where more than these are visible, only those that the text mentions are handed over. */
const MANY_NAMES = 40;

export function createCaptures({ plan, names, patch, context: { code } }: CapturesOptions): Captures {
  const { closures, classes } = plan;
  const scopes = new Map<AnyNode, Scope>();
  const noted: { readonly id: Identifier; readonly scope: Scope; readonly isWrite: boolean }[] = [];
  const needs = new Map<ClosurePlan, Set<string>>();
  const blocks = new Map<AnyNode, string>();
  const seenBy = { first: new Map<ClosurePlan, Visible>(), patch: new Map<ClosurePlan, Visible>() };
  const planOf = new Map(closures.map((closure) => [closure.slot, closure]));
  let areNeedsKnown = false;

  const isClassName = (scope: Scope, { start, end }: AnyNode): boolean =>
    scope.kind === 'block' &&
    scope.parent?.kind === 'module' &&
    classes.some(({ node }) => node.id && scope.bindings.get(node.id.name) === 'class' && node.start <= start && node.end >= end);

  /** The innermost closure around a place that is written alone. */
  const around = (position: number): ClosurePlan | undefined => {
    let low = 0;
    let high = closures.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((closures[middle]?.node.start ?? 0) <= position) low = middle + 1;
      else high = middle;
    }
    let found = closures[low - 1];
    while (found && (found.node.end <= position || found.fixed !== undefined)) found = found.parent ?? planOf.get(found.within);
    return found;
  };

  const isInside = (home: Scope, from: Scope, closure: ClosurePlan): boolean => {
    const outside = scopes.get(closure.node);
    for (let scope: Scope | undefined = from; scope && scope !== outside; scope = scope.parent) if (scope === home) return true;
    return false;
  };

  const closureOf: Captures['closureOf'] = (id, scope) => {
    if (closures.length === 0) return undefined;
    const closure = around(id.start);
    const home = closure && resolve(scope, id.name);
    if (!home || home.kind === 'module' || isClassName(home, id) || isInside(home, scope, closure)) return undefined;
    return closure;
  };

  const visible = (closure: ClosurePlan, form: CapturingForm = patch ? 'patch' : 'first'): Visible => {
    let known = seenBy[form].get(closure);
    if (!known) seenBy[form].set(closure, (known = look(closure, form)));
    return known;
  };

  const look = (closure: ClosurePlan, form: CapturingForm): Visible => {
    const isPatch = form === 'patch';
    const until = isPatch && closure.parent ? scopes.get(closure.parent.node) : undefined;
    const own = isPatch ? new Set(closure.self === undefined ? [] : [closure.self]) : declaredBy(closure);
    const found = new Map<string, boolean>();
    const seen = new Set<string>();
    let isShared = true;
    for (let scope = scopes.get(closure.node); scope && scope.kind !== 'module' && scope !== until; scope = scope.parent) {
      if (isClassName(scope, closure.node)) continue;
      for (const [name, kind] of scope.bindings) {
        if (seen.has(name) || name === '__proto__') continue;
        seen.add(name);
        if (own.has(name)) isShared = false;
        else found.set(name, kind === 'const' || kind === 'using' || kind === 'await using');
      }
    }
    if (found.size <= MANY_NAMES) return { found, isShared };
    const mentioned = new Set(code.slice(closure.node.start, closure.node.end).match(/[\w$\u0080-\uffff]+/g));
    for (const name of found.keys()) if (!mentioned.has(name)) found.delete(name);
    return { found, isShared: false };
  };

  /** What no accessor can read, since it has its own. */
  const special = (
    { owner, parent, form }: ClosurePlan,
    isPatch = patch !== undefined,
  ): { readonly name: string; readonly text: string }[] => {
    if (form !== 'arrow' || !owner || (isPatch && parent?.owner === owner)) return [];
    return [
      ...(owner.uses.arguments.length > 0 ? [{ name: 'arguments', text: 'arguments' }] : []),
      ...(owner.uses.targets.length > 0 ? [{ name: 'new.target', text: patch && owner.isSeparated ? patch.target : 'new.target' }] : []),
    ];
  };

  const findNeeds = (): void => {
    areNeedsKnown = true;
    const add = (first: ClosurePlan | undefined, name: string, isOutside: (closure: ClosurePlan) => boolean): void => {
      for (let closure = first; closure && isOutside(closure); closure = closure.parent) {
        const known = needs.get(closure) ?? new Set();
        needs.set(closure, known.add(name));
      }
    };
    for (const { id, scope, isWrite } of noted) {
      const closure = closureOf(id, scope);
      const home = closure && resolve(scope, id.name);
      if (!home) continue;
      const isFree = (candidate: ClosurePlan): boolean => !isInside(home, scope, candidate);
      add(closure, id.name, isFree);
      if (isWrite && home.bindings.get(id.name) !== 'const') add(closure, `=${id.name}`, isFree);
    }
    for (const closure of closures) {
      const { uses, owner, form, fixed, hasSuper } = closure;
      if (fixed !== undefined) continue;
      if (hasSuper && uses.hasSuper) add(closure, 'super', (candidate) => candidate === closure);
      if (form !== 'arrow') continue;
      const isFree = (candidate: ClosurePlan): boolean => candidate.form === 'arrow' && candidate.owner === owner;
      if (uses.hasThis) add(closure, 'this', isFree);
      if (owner && uses.arguments.length > 0) add(closure, 'arguments', isFree);
      if (owner && uses.targets.length > 0) add(closure, 'new.target', isFree);
    }
  };

  const thisText = ({ owner, parent, hasThis }: ClosurePlan): string => {
    if (!hasThis) return 'void 0';
    const isSeparated = patch && owner?.isSeparated && owner.isDerived && parent?.owner !== owner;
    return isSeparated ? patch.self : 'this';
  };

  return {
    place: (node, scope) => void scopes.set(node, scope),
    note(id, scope, isWrite) {
      if (closures.length > 0) noted.push({ id, scope, isWrite });
    },
    closureOf,
    declare(edits) {
      for (const closure of closures) {
        const { block, fixed } = closure;
        if (!block || fixed !== undefined || blocks.has(block) || !isKept(closure)) continue;
        const variable = names.kept(blocks.size);
        blocks.set(block, variable);
        edits.close(block.start + 1, `${scopes.get(closure.node)?.kind === 'block' ? 'let' : 'var'} ${variable};`);
      }
    },
    text(closure) {
      const { block, self, hasSuper, parent } = closure;
      const { found } = visible(closure);
      const entries = [...found].map(
        ([name, isConstant]) => `get ${name}(){return ${name}}${isConstant ? '' : `,set ${name}(${names.value}){${name}=${names.value}}`}`,
      );
      for (const { name, text } of special(closure)) entries.push(`"${name}":${text}`);
      if (patch && parent) entries.unshift(`__proto__:${patch.captured}`);
      const variable = block && isKept(closure) ? blocks.get(block) : undefined;
      const captured = `${variable === undefined ? '' : `${variable}??=`}{${entries.join(',')}}`;
      const { value } = names;
      if (hasSuper) return `${captured},${self ?? 'void 0'},{get:(o,k)=>super[k],set:(o,k,${value})=>(super[k]=${value},true)}`;
      return self === undefined ? captured : `${captured},${self}`;
    },
    namesOf(closure, form) {
      const list = [...visible(closure, form).found].map(([name, isConstant]) => (isConstant ? `!${name}` : name));
      for (const { name } of special(closure, form === 'patch')) list.push(name);
      if (closure.hasThis) list.push('this');
      if (closure.hasSuper) list.push('super');
      return list.join(' ');
    },
    needsOf(closure) {
      if (!areNeedsKnown) findNeeds();
      return [...(needs.get(closure) ?? [])].join(' ');
    },
    thisText,
  };

  /** Closures of one block that see the same share one object. */
  function isKept(closure: ClosurePlan): boolean {
    return visible(closure).isShared && special(closure).length === 0;
  }
}

/** Names that mean something else in the function itself, where its accessors would stand. */
function declaredBy({ node }: ClosurePlan): Set<string> {
  const found = new Set<string>();
  const add = ({ name }: Identifier): void => void found.add(name);
  if (node.type === 'FunctionExpression' && node.id) add(node.id);
  for (const parameter of node.params) forEachBinding(parameter, add);
  if (node.body.type !== 'BlockStatement') return found;
  for (const statement of node.body.body) {
    if ((statement.type === 'FunctionDeclaration' || statement.type === 'ClassDeclaration') && statement.id) add(statement.id);
    if (statement.type === 'VariableDeclaration') for (const { id } of statement.declarations) forEachBinding(id, add);
    addVars(statement, add);
  }
  return found;
}

function addVars(node: AnyNode, add: (id: Identifier) => void): void {
  if (/Function|ClassBody/.test(node.type)) return;
  if (node.type === 'VariableDeclaration' && node.kind === 'var') for (const { id } of node.declarations) forEachBinding(id, add);
  for (const child of children(node)) addVars(child, add);
}
