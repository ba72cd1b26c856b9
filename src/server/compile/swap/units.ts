/**
 * Finds the units of a module: what can be replaced in place, and what holds it together. Looks at module level only; bodies of functions
 * are none of its business, so that it costs a glance at each statement.
 *
 * A function gets a slot when it is made once and sees module-level names and globals only: declarations, members of classes, functions
 * in initialisers and statements. Not those that are called at once (`.map(f)`, `(() => …)()`), which are part of the value, and not those
 * that see names of a block.
 */
import { literalText, type AnyNode, type Program } from '../parse.ts';
import { DEFAULT_BINDING, type SwapLevel } from '../../../runtime/swap/shape.ts';
import { forEachBinding } from '../scope.ts';
import type { NodeOf } from '../visitor.ts';
import { planClosures } from './closures.ts';
import type { ClassNode, ClassPlan, FunctionPlan, MemberPlan, Parts, SwapPlan, UnitPlan } from './plan.ts';
import { isHarmless } from './purity.ts';
import { isElementPlace, readRefreshMarks, signatureOf } from './refresh-marks.ts';
import {
  asksForTarget,
  callsAtOnce,
  canConstruct,
  children,
  hidesNames,
  isFunctionNode,
  keyName,
  labelOf,
  lastName,
  memberName,
  nameOf,
  nestedVars,
  placeOf,
  speaksToHot,
} from './syntax.ts';
import type { Range } from './tokens.ts';

const noParts = (): Parts => ({ functions: [], classes: [], opaque: [], inner: [], marks: [] });

export function planUnits(program: Program, code: string, level: Exclude<SwapLevel, 'off'>): SwapPlan {
  const units: UnitPlan[] = [];
  const functions: FunctionPlan[] = [];
  const classes: ClassPlan[] = [];
  const names = new Set<string>();
  const hasClasses = level !== 'bindings';
  const marks = readRefreshMarks(program, code);

  const mayHaveTarget = code.includes('new.target');
  const addFunction = ({ node, place, owner, name, at }: Omit<FunctionPlan, 'slot' | 'hasTarget' | 'self'>): FunctionPlan => {
    const self = node.type === 'FunctionExpression' && place === 'expression' ? node.id?.name : undefined;
    // Spreading would take longer than all the rest.
    const mayBeNewed = mayHaveTarget && canConstruct(node) && place !== 'method' && place !== 'accessor' && place !== 'member';
    const made = { node, place, owner, name, at, slot: functions.length, hasTarget: mayBeNewed && asksForTarget(node), self };
    functions.push(made);
    return made;
  };

  const addClass = (node: ClassNode, at: string, name: string): ClassPlan => {
    const index = classes.length;
    const placeholder: ClassPlan = { index, node, at, name, members: [], constructs: undefined, refused: undefined };
    classes.push(placeholder);
    const members: MemberPlan[] = [];
    let constructs: NodeOf<'MethodDefinition'> | undefined;
    for (const member of node.body.body) {
      if (member.type === 'StaticBlock') {
        members.push({ kind: 'block', name: '', isStatic: true, node: member, own: undefined, isGuarded: false });
        continue;
      }
      if (member.type === 'MethodDefinition' && member.kind === 'constructor') {
        constructs = member;
        continue;
      }
      const nameInClass = memberName(member.key, member.computed, code);
      const path = `${at}${member.static ? '.static' : ''}.${nameInClass}`;
      if (member.type === 'MethodDefinition') {
        const kind = member.kind === 'get' ? 'getter' : member.kind === 'set' ? 'setter' : 'method';
        const own = addFunction({ node: member.value, place: 'member', owner: member, name: nameInClass, at: path });
        members.push({ kind, name: nameInClass, isStatic: member.static, node: member, own, isGuarded: false });
        continue;
      }
      const { value } = member;
      const isFunction = value?.type === 'ArrowFunctionExpression' || value?.type === 'FunctionExpression';
      const own = isFunction ? addFunction({ node: value, place: 'field', owner: member, name: nameInClass, at: path }) : undefined;
      const isGuarded = !member.static && !isFunction && !isHarmless(value);
      members.push({ kind: 'field', name: nameInClass, isStatic: member.static, node: member, own, isGuarded });
    }
    const twice = sameComputedName(members);
    const refused = twice && `${name} has two members whose names read ${twice}`;
    const plan: ClassPlan = { ...placeholder, members, constructs, refused };
    classes[index] = plan;
    return plan;
  };

  const collect = (root: AnyNode, at: string, parts: Parts): void => {
    const isSigned = marks?.signed(root) !== undefined;
    const visit = (node: AnyNode, path: string, owner: AnyNode | undefined): void => {
      const marked = marks?.handled(node) ?? (isSigned ? marks?.signed(node) : undefined);
      if (marked) {
        parts.marks.push({ start: node.start, end: marked.start });
        if (node.end > marked.end) parts.marks.push({ start: marked.end, end: node.end });
        visit(marked, path, undefined);
        return;
      }
      switch (node.type) {
        case 'FunctionDeclaration':
          return;
        case 'FunctionExpression':
        case 'ArrowFunctionExpression': {
          // A variable that holds a function is a function that has a name.
          if (!hasClasses && node !== root) {
            parts.opaque.push(node);
            return;
          }
          const place = owner?.type === 'Property' && owner.value === node ? placeOf(owner) : 'expression';
          parts.functions.push(addFunction({ node, place, owner, name: nameOf(node, path), at: path }));
          return;
        }
        case 'ClassExpression':
          if (hasClasses) parts.classes.push(addClass(node, path, node.id?.name ?? lastName(path)));
          else parts.opaque.push(node.body);
          return;
        case 'ClassDeclaration':
          return;
        case 'ObjectExpression':
          for (const property of node.properties) {
            if (property.type === 'SpreadElement') visit(property.argument, `${path}...`, undefined);
            else {
              if (property.computed) visit(property.key, `${path}[]`, undefined);
              visit(property.value, `${path}.${keyName(property.key, property.computed, code)}`, property);
            }
          }
          return;
        case 'ArrayExpression': {
          // An entry of a Map is known by its key.
          const [key, value] = node.elements;
          const name = node.elements.length === 2 ? literalText(key) : undefined;
          if (value && name !== undefined) visit(value, `${path}[${JSON.stringify(name)}]`, undefined);
          else for (const element of node.elements) if (element) visit(element, path + labelOf(element, code), undefined);
          return;
        }
        case 'CallExpression':
        case 'NewExpression': {
          const isAtOnce = callsAtOnce(node);
          if (!isFunctionNode(node.callee)) visit(node.callee, path, undefined);
          const callee = code.slice(node.callee.start, Math.min(node.callee.end, node.callee.start + 60));
          node.arguments.forEach((argument, index) => {
            if (isAtOnce && isFunctionNode(argument)) return;
            if (isElementPlace(argument)) {
              parts.marks.push(argument);
              return;
            }
            visit(argument, `${path}(${callee}#${index}`, undefined);
          });
          return;
        }
        case 'ConditionalExpression':
          visit(node.test, path, undefined);
          visit(node.consequent, `${path}?`, undefined);
          visit(node.alternate, `${path}:`, undefined);
          return;
        case 'AssignmentExpression':
          visit(node.left, path, undefined);
          visit(node.right, `${path}${code.slice(node.left.start, node.left.end)}=`, undefined);
          return;
        default:
          if (hidesNames(node)) return;
          for (const child of children(node)) visit(child, path, undefined);
      }
    };
    visit(root, at, undefined);
  };

  const addVariable = (
    statement: AnyNode,
    node: AnyNode,
    init: AnyNode | undefined,
    bound: readonly string[],
    isConstant: boolean,
  ): void => {
    const parts = noParts();
    if (init) collect(init, bound[0] ?? '', parts);
    const isRefresh = marks?.isSignature(node) ?? false;
    units.push({ kind: 'variable', statement, node, init, names: bound, isConstant, isRefresh, ...parts });
    if (!init || !marks?.signed(init)) return;
    const [name] = bound;
    const signs = signatureOf(init, name === DEFAULT_BINDING ? undefined : name);
    units.push({ kind: 'statement', statement, isHot: false, isRefresh: true, signs, ...noParts() });
  };

  const addDeclaration = (statement: AnyNode, declaration: AnyNode): void => {
    switch (declaration.type) {
      case 'FunctionDeclaration': {
        const name = declaration.id?.name ?? DEFAULT_BINDING;
        if (declaration.id) names.add(name);
        const own = addFunction({
          node: declaration,
          place: 'declaration',
          owner: undefined,
          name: declaration.id?.name ?? 'default',
          at: '',
        });
        units.push({ kind: 'function', statement, name, own });
        return;
      }
      case 'ClassDeclaration': {
        const name = declaration.id?.name ?? DEFAULT_BINDING;
        if (declaration.id) names.add(name);
        if (hasClasses) units.push({ kind: 'class', statement, name, own: addClass(declaration, name, declaration.id?.name ?? 'default') });
        else units.push({ kind: 'statement', statement, isHot: false, isRefresh: false, ...noParts(), opaque: [declaration.body] });
        return;
      }
      case 'VariableDeclaration':
        for (const declarator of declaration.declarations) {
          if (marks?.isHandle(declarator)) {
            forEachBinding(declarator.id, ({ name }) => names.add(name));
            continue;
          }
          const bound: string[] = [];
          forEachBinding(declarator.id, (id) => bound.push(id.name));
          for (const name of bound) names.add(name);
          addVariable(statement, declarator, declarator.init ?? undefined, bound, declaration.kind === 'const');
        }
        return;
      default: {
        const parts = noParts();
        const isRefresh = marks?.isStatement(declaration) ?? false;
        if (!isRefresh) collect(declaration, '', parts);
        for (const name of nestedVars(declaration)) names.add(name);
        const isHot = speaksToHot(code.slice(statement.start, statement.end));
        units.push({ kind: 'statement', statement, isHot, isRefresh, ...parts });
      }
    }
  };

  for (const statement of program.body) {
    switch (statement.type) {
      case 'ImportDeclaration':
      case 'ExportAllDeclaration':
      case 'EmptyStatement':
        break;
      case 'ExportNamedDeclaration':
        if (statement.declaration) addDeclaration(statement, statement.declaration);
        break;
      case 'ExportDefaultDeclaration': {
        const { declaration } = statement;
        if (declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration') addDeclaration(statement, declaration);
        else addVariable(statement, declaration, declaration, [DEFAULT_BINDING], true);
        break;
      }
      default:
        addDeclaration(statement, statement);
    }
  }
  const closures = level === 'closures' ? planClosures({ units, functions, classes }, code) : [];
  return { level, units, functions, closures, classes, names };
}

/** Parts that count for themselves, in order. */
export function holesOf({ functions, classes, inner }: Omit<Parts, 'opaque'>): Range[] {
  if (functions.length === 0 && classes.length === 0 && inner.length === 0) return [];
  return [...functions, ...classes, ...inner].map(({ node }) => node).sort((a, b) => a.start - b.start);
}

/** `[next()]` and `[next()]`: nothing tells which of the two is which. */
function sameComputedName(members: readonly MemberPlan[]): string | undefined {
  const computed = members.filter(({ name }) => name.startsWith('['));
  return computed.find((member, index) => computed.findIndex((other) => isSameMember(other, member)) < index)?.name;
}

function isSameMember(a: MemberPlan, b: MemberPlan): boolean {
  return a.name === b.name && a.kind === b.kind && a.isStatic === b.isStatic;
}
