/**
 * What a module asks of hot-swap in statements of its own, as far as the text tells: `import.meta.hot.migrate({ Apple: … })`, `track(Apple)`,
 * `keep('a')`, `reset('b')`. The classes among them tell of the instances that they make; nobody else's pay for that.
 */
import type { HotShape, HookShape } from '../../../runtime/swap/shape.ts';
import { isMetaMember } from '../link-meta.ts';
import type { LinkContext } from '../link-context.ts';
import { literalText, type AnyNode } from '../parse.ts';
import type { NodeOf } from '../visitor.ts';
import type { Tokens } from './tokens.ts';
import { children, isFunctionNode, keyName } from './syntax.ts';
import type { SwapPlan } from './plan.ts';

const MAY_CALL = /\.\s*(?:migrate|track|keep|reset)\s*\(/;

/** Undefined where nothing is asked. */
export function describeHot(plan: SwapPlan, tokens: Tokens, { code, record }: Pick<LinkContext, 'code' | 'record'>): HotShape | undefined {
  const migrates: Record<string, HookShape> = {};
  const keeps: string[] = [];
  const resets: string[] = [];
  const tracks: Record<string, string> = {};
  for (const [name, call] of hotCalls(plan, code)) {
    const texts = call.arguments.flatMap((argument) => literalText(argument) ?? []);
    if (name === 'keep') keeps.push(...texts);
    if (name === 'reset') resets.push(...texts);
    if (name === 'track')
      for (const tracked of namesOf(call)) {
        const imported = record.bindings.get(tracked);
        if (imported) tracks[tracked] = `${imported.dep} ${imported.name}`;
      }
    if (name !== 'migrate') continue;
    for (const property of propertiesOf(call)) {
      const { value } = property;
      migrates[keyName(property.key, false, code)] = {
        hash: tokens.hash(property),
        ...(value.type === 'Identifier' && { by: value.name }),
      };
    }
  }
  const hot: HotShape = {
    ...(Object.keys(migrates).length > 0 && { migrates }),
    ...(keeps.length > 0 && { keeps }),
    ...(resets.length > 0 && { resets }),
    ...(Object.keys(tracks).length > 0 && { tracks }),
  };
  return Object.keys(hot).length > 0 ? hot : undefined;
}

/** Classes of the module whose instances are to be known, by index. */
export function trackedClasses(plan: SwapPlan, code: string): ReadonlySet<number> {
  const names = new Set<string>();
  for (const [name, call] of hotCalls(plan, code)) {
    if (name === 'track') for (const tracked of namesOf(call)) names.add(tracked);
    if (name === 'migrate') for (const { key } of propertiesOf(call)) names.add(keyName(key, false, code));
  }
  return new Set(plan.classes.filter(({ at }) => names.has(at)).map(({ index }) => index));
}

type Call = NodeOf<'CallExpression'>;

function* hotCalls({ units }: SwapPlan, code: string): Generator<readonly [name: string, call: Call]> {
  if (!MAY_CALL.test(code)) return;
  for (const { kind, statement } of units) if (kind === 'statement') yield* callsIn(statement);
}

function* callsIn(node: AnyNode): Generator<readonly [name: string, call: Call]> {
  if (isFunctionNode(node) || node.type === 'FunctionDeclaration' || node.type === 'ClassBody') return;
  if (node.type === 'CallExpression' && node.callee.type === 'MemberExpression' && node.callee.property.type === 'Identifier') {
    const { object, property } = node.callee;
    if (isMetaMember(object, 'hot') || (object.type === 'Identifier' && object.name === 'hot')) yield [property.name, node];
  }
  for (const child of children(node)) yield* callsIn(child);
}

function propertiesOf({ arguments: [first] }: Call): NodeOf<'Property'>[] {
  if (first?.type !== 'ObjectExpression') return [];
  return first.properties.flatMap((property) => (property.type === 'Property' && !property.computed ? [property] : []));
}

function namesOf(call: Call): string[] {
  return call.arguments.flatMap((argument) => (argument.type === 'Identifier' ? [argument.name] : []));
}
