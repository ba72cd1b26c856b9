/**
 * Functions made inside functions (level `closures`), and in blocks and loops of the module level that hide names: made any number of times,
 * each time with variables of their own. Found here, with what an older one is known by within its unit: the way of names, keys, callees
 * and literal arguments that leads to it.
 */
import { literalText, type AnyNode } from '../parse.ts';
import type { NodeOf } from '../visitor.ts';
import { callsAtOnce, canConstruct, children, hidesNames, isFunctionNode, keyName } from './syntax.ts';
import { paramsCanMove } from './function-guards.ts';
import type { ClassNode, FunctionNode, SwapPlan, UnitPlan } from './plan.ts';

export interface ClosurePlan {
  readonly slot: number;
  readonly node: FunctionNode;
  readonly at: string;
  readonly name: string;
  /** Index of the unit. */
  readonly unit: number;
  /** Slot of the innermost function around it that has one; -1 when that is none. */
  readonly within: number;
  /** The innermost closure around it that is written alone. */
  readonly parent: ClosurePlan | undefined;
  readonly hasTarget: boolean;
  readonly self: string | undefined;
  /** How it is written alone. */
  readonly form: 'arrow' | 'function' | 'method';
  readonly isSetter: boolean;
  /** It has `super`, which is handed over. */
  readonly hasSuper: boolean;
  /** Of an arrow function: whether it can hand on `this` whenever it is called. */
  readonly hasThis: boolean;
  /** Of an arrow function: the function whose `arguments`, `new.target` and `this` it sees. */
  readonly owner: Owner | undefined;
  readonly uses: OwnUses;
  /** The block whose names are the last that it sees. */
  readonly block: AnyNode | undefined;
  /** Why it has to stay what it is. */
  readonly fixed: string | undefined;
}

export interface Owner {
  readonly node: FunctionNode;
  readonly uses: OwnUses;
  readonly isDerived: boolean;
  /** The constructor of a class of the module level, which a patch takes apart. */
  readonly isSeparated: boolean;
}

/** What a function's text says of its surroundings, functions with a `this` of their own left out. */
export interface OwnUses {
  readonly hasThis: boolean;
  readonly hasSuper: boolean;
  readonly arguments: readonly { readonly node: AnyNode; readonly parent: AnyNode }[];
  readonly targets: readonly AnyNode[];
}

interface Place {
  readonly path: string;
  readonly within: number;
  readonly parent: ClosurePlan | undefined;
  readonly owner: Owner | undefined;
  readonly block: AnyNode | undefined;
  /** Private names of classes around that are made inside functions. */
  readonly privates: ReadonlySet<string>;
}

const NO_NAMES: ReadonlySet<string> = new Set();

export function planClosures({ units, functions, classes }: Omit<SwapPlan, 'closures' | 'level' | 'names'>, code: string): ClosurePlan[] {
  const closures: ClosurePlan[] = [];
  const slots = new Map<AnyNode, number>(functions.map(({ node, slot }) => [node, slot]));
  const planned = new Set<AnyNode>(classes.map(({ node }) => node));
  let unit = 0;

  const visitAll = (node: AnyNode, place: Place): void => {
    for (const child of children(node)) visit(child, node, place);
  };

  const visit = (node: AnyNode, parent: AnyNode, place: Place): void => {
    const { path } = place;
    switch (node.type) {
      case 'FunctionDeclaration':
        enter(node, parent, { ...place, path: `${path}${node.id?.name ?? 'default'}` });
        return;
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        enter(node, parent, place);
        return;
      case 'ClassDeclaration':
      case 'ClassExpression':
        visitClass(node, place);
        return;
      case 'VariableDeclarator':
        visit(node.id, node, place);
        if (node.init) visit(node.init, node, { ...place, path: `${path}${code.slice(node.id.start, node.id.end)}=` });
        return;
      case 'Property':
        if (node.computed) visit(node.key, node, place);
        visit(node.value, node, {
          ...place,
          path: `${path}.${node.kind === 'init' ? '' : `${node.kind} `}${keyName(node.key, node.computed, code)}`,
        });
        return;
      case 'AssignmentExpression':
        visit(node.left, node, place);
        visit(node.right, node, { ...place, path: `${path}${nameOf(node.left)}=` });
        return;
      case 'CallExpression':
      case 'NewExpression': {
        const isAtOnce = callsAtOnce(node);
        if (isFunctionNode(node.callee)) inside(node.callee, { ...place, path: `${path}()` });
        else visit(node.callee, node, place);
        let callee = `${path}${nameOf(node.callee)}(`;
        node.arguments.forEach((argument, index) => {
          const here = { ...place, path: `${callee}#${index}` };
          if (isAtOnce && isFunctionNode(argument)) inside(argument, here);
          else visit(argument, node, here);
          const text = literalText(argument);
          if (text !== undefined) callee += `${JSON.stringify(text)},`;
        });
        return;
      }
      case 'BlockStatement':
        visitAll(node, { ...place, block: node });
        return;
      default:
        visitAll(node, hidesNames(node) ? { ...place, block: undefined } : place);
    }
  };

  const visitClass = (node: ClassNode, place: Place): void => {
    const own = node.body.body.flatMap((member) =>
      member.type !== 'StaticBlock' && member.key.type === 'PrivateIdentifier' ? [member.key.name] : [],
    );
    const isPlanned = planned.has(node);
    const around: Place = {
      ...place,
      path: `${place.path}class ${node.id?.name ?? ''}`,
      block: node.id || isPlanned ? undefined : place.block,
      privates: isPlanned || own.length === 0 ? place.privates : new Set([...place.privates, ...own]),
    };
    if (node.superClass) visit(node.superClass, node, around);
    for (const member of node.body.body) {
      if (member.type === 'StaticBlock') {
        visitAll(member, { ...around, path: `${around.path}.static{`, owner: undefined, block: undefined });
        continue;
      }
      if (member.computed) visit(member.key, member, around);
      const kind = member.type === 'MethodDefinition' && member.kind !== 'method' ? `${member.kind} ` : '';
      const path = `${around.path}.${member.static ? 'static ' : ''}${kind}${keyName(member.key, member.computed, code)}`;
      if (member.type === 'PropertyDefinition') {
        if (member.value) visit(member.value, member, { ...around, path, owner: undefined });
      } else if (member.kind === 'constructor') {
        const owner = ownerOf(member.value, Boolean(node.superClass), isPlanned);
        inside(member.value, { ...around, path, owner });
      } else enter(member.value, member, { ...around, path }, Boolean(node.superClass));
    }
  };

  /** Parameters and body of a function that is part of the text around it. */
  const inside = (node: FunctionNode, place: Place): void => {
    const isArrow = node.type === 'ArrowFunctionExpression';
    const owner = isArrow || place.owner?.node === node ? place.owner : ownerOf(node, false, false);
    const around: Place = { ...place, path: `${place.path}>`, owner, block: undefined };
    for (const parameter of node.params) visit(parameter, node, around);
    visit(node.body, node, around);
  };

  const enter = (node: FunctionNode, parent: AnyNode, place: Place, isOfDerived = false): void => {
    const slot = slots.get(node);
    if (slot !== undefined) {
      inside(node, { ...place, path: '', within: slot, parent: undefined });
      return;
    }
    const uses = ownUses(node);
    const isArrow = node.type === 'ArrowFunctionExpression';
    const isMethod = parent.type === 'MethodDefinition' || (parent.type === 'Property' && (parent.method || parent.kind !== 'init'));
    const closure: ClosurePlan = {
      slot: functions.length + closures.length,
      node,
      at: place.path,
      name: (!isArrow && node.id?.name) || (/(?:^|[.>= ])([A-Za-z_$][\w$]*)=?$/.exec(place.path)?.[1] ?? ''),
      unit,
      within: place.within,
      parent: place.parent,
      hasTarget: !isMethod && canConstruct(node) && uses.targets.length > 0,
      self: node.type === 'FunctionExpression' ? node.id?.name : undefined,
      form: isArrow ? 'arrow' : isMethod ? 'method' : 'function',
      isSetter: (parent.type === 'MethodDefinition' || parent.type === 'Property') && parent.kind === 'set',
      hasSuper: isMethod && (isOfDerived || uses.hasSuper),
      hasThis: !place.owner?.isDerived || uses.hasThis,
      owner: isArrow ? place.owner : undefined,
      uses,
      block: place.block,
      fixed: whyFixed(node, uses, place.privates),
    };
    closures.push(closure);
    const home = units[unit];
    const isOuter = place.within === -1 && home && 'inner' in home;
    // Of a value or a statement, which is not made anew when a function in it changes.
    if (isOuter && !classes.some(({ node: own }) => own.start <= node.start && own.end >= node.end)) home.inner.push(closure);
    inside(node, { ...place, path: '', within: closure.slot, parent: closure.fixed === undefined ? closure : place.parent });
  };

  for (; unit < units.length; unit++) {
    const root = rootOf(units[unit]);
    if (root) visit(root, root, { path: '', within: -1, parent: undefined, owner: undefined, block: undefined, privates: NO_NAMES });
  }
  return closures;
}

function rootOf(unit: UnitPlan | undefined): AnyNode | undefined {
  if (!unit) return undefined;
  return unit.kind === 'statement' ? unit.statement : unit.kind === 'variable' ? unit.node : unit.own.node;
}

function ownerOf(node: FunctionNode, isDerived: boolean, isSeparated: boolean): Owner {
  return { node, uses: ownUses(node), isDerived, isSeparated };
}

function whyFixed(node: FunctionNode, { hasSuper }: OwnUses, privates: ReadonlySet<string>): string | undefined {
  if (node.type === 'ArrowFunctionExpression') {
    if (hasSuper) return 'it is an arrow function that uses super';
    if (!paramsCanMove(node)) return 'there are functions in its parameters';
  }
  if (privates.size > 0 && mentions(node, privates)) return 'it uses private names of a class that is made in a function';
  return undefined;
}

function mentions(node: AnyNode, names: ReadonlySet<string>): boolean {
  if (node.type === 'PrivateIdentifier') return names.has(node.name);
  for (const child of children(node)) if (mentions(child, names)) return true;
  return false;
}

function ownUses(root: FunctionNode): OwnUses {
  const found = { hasThis: false, hasSuper: false, arguments: [] as { node: AnyNode; parent: AnyNode }[], targets: [] as AnyNode[] };
  const visit = (node: AnyNode, parent: AnyNode): void => {
    switch (node.type) {
      case 'FunctionExpression':
      case 'FunctionDeclaration':
      case 'StaticBlock':
        return;
      case 'PropertyDefinition':
        if (node.computed) visit(node.key, node);
        return;
      case 'MethodDefinition':
        if (node.computed) visit(node.key, node);
        return;
      case 'ThisExpression':
        found.hasThis = true;
        return;
      case 'Super':
        found.hasSuper = true;
        return;
      case 'MetaProperty':
        if (node.meta.name === 'new') found.targets.push(node);
        return;
      case 'MemberExpression':
        visit(node.object, node);
        if (node.computed) visit(node.property, node);
        return;
      case 'Property':
        if (node.computed) visit(node.key, node);
        visit(node.value, node);
        return;
      case 'Identifier':
        if (node.name === 'arguments') found.arguments.push({ node, parent });
        return;
      default:
        for (const child of children(node)) visit(child, node);
    }
  };
  for (const parameter of root.params) visit(parameter, root);
  visit(root.body, root);
  return found;
}

/** Of what is called or written, without what stands in parentheses: an edited function in a chain does not change it. */
function nameOf(node: NodeOf<'CallExpression' | 'NewExpression'>['callee'] | AnyNode): string {
  switch (node.type) {
    case 'Identifier':
      return node.name;
    case 'ThisExpression':
      return 'this';
    case 'MemberExpression': {
      const { object, property } = node;
      return `${nameOf(object)}.${property.type === 'Identifier' || property.type === 'PrivateIdentifier' ? property.name : '[]'}`;
    }
    case 'CallExpression':
    case 'NewExpression':
      return `${nameOf(node.callee)}()`;
    case 'ChainExpression':
      return nameOf(node.expression);
    default:
      return '?';
  }
}
