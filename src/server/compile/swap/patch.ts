/**
 * The patch form of a module: each unit for itself, to be put into the module that runs already. Names of the module level are read and
 * written through its scope object, so that every binding exists once.
 *
 *     export let count = 0;                       $u[0]=()=>( 0);
 *     export function step() { count++ }          $f[0]={["step"]:function step() { $scope.count++ }};
 *     class A extends B { x = 1; go() {} }        $x[0]=()=>(B); $i["0.0"]={["x"](){return ( 1)}}; $f[1]={["go"]() {}};
 *     app.get('/', () => {})                      $f[2]={[""]:() => {}};$u[2]=()=>{app.get('/', $f[2])};
 *
 * A class is taken apart, since its members go to the class that is there; private names of the first version are reached through what
 * it has handed out (initial.ts).
 */
import { skipTrivia, type Program } from '../parse.ts';
import { answer, firstStop, parametersOf } from './function-guards.ts';
import type { PatchOptions } from './patch-names.ts';
import { separateClass } from './separate-class.ts';
import { hasAwait, prefixOf } from './syntax.ts';
import type { ClassPlan, FunctionPlan, UnitPlan } from './plan.ts';

/** Takes the statements apart; to be called before the walk, since all of it is around what the walk plans. */
export function separateUnits(program: Program, options: PatchOptions): void {
  const { plan, context } = options;
  for (const statement of program.body) {
    const isList = statement.type === 'ExportNamedDeclaration' && !statement.declaration;
    if (isList || statement.type === 'ImportDeclaration' || statement.type === 'ExportAllDeclaration')
      context.edits.replace(statement.start, statement.end, ';');
  }
  plan.units.forEach((unit, index) => separateUnit(unit, index, options));
}

function separateUnit(unit: UnitPlan, index: number, options: PatchOptions): void {
  const { context, names } = options;
  const { edits, code } = context;
  const { statement } = unit;
  switch (unit.kind) {
    case 'function':
      if (unit.own.node.start > statement.start) edits.replace(statement.start, unit.own.node.start, '');
      edits.open(unit.own.node.start, `${names.functions}[${unit.own.slot}]={[${JSON.stringify(unit.own.name)}]:`);
      edits.close(unit.own.node.end, '};');
      return;
    case 'class':
      separateClass(unit.own, statement.start, options);
      return;
    case 'variable':
      separateParts(unit, statement.start, options);
      separateVariable(unit, `${names.units}[${index}]=`, options);
      return;
    case 'statement': {
      if (unit.signs) {
        const { signature, value, rest } = unit.signs;
        edits.open(rest.start, `${names.units}[${index}]=()=>{${names.scope}.${signature}(${names.scope}.${value}`);
        edits.close(rest.end, ')};');
        edits.move(rest.start, rest.end, statement.start);
        return;
      }
      separateParts(unit, statement.start, options);
      const head = hasAwait(statement) ? 'function*()' : '()=>';
      if (statement.type === 'ExportNamedDeclaration' && statement.declaration)
        edits.replace(statement.start, statement.declaration.start, '');
      edits.open(statement.start, `${names.units}[${index}]=${head}{`);
      // On the right side of the end, where it stays when a function that ends there moves.
      edits.open(statement.end, code[statement.end - 1] === ';' ? '};' : ';};');
      return;
    }
    default:
      unit satisfies never;
  }
}

function separateVariable(unit: Extract<UnitPlan, { kind: 'variable' }>, target: string, { context }: PatchOptions): void {
  const { edits, code } = context;
  const { node, statement, init } = unit;
  const isAsync = init !== undefined && hasAwait(init);
  const open = isAsync ? 'function*(){return (' : '()=>(';
  const close = isAsync ? ')};' : ');';
  if (node.type !== 'VariableDeclarator') {
    // `export default` and an expression.
    const keyword = skipTrivia(code, statement.start + 'export'.length) + 'default'.length;
    edits.replace(statement.start, keyword, target + open);
    if (code[statement.end - 1] === ';') edits.replace(statement.end - 1, statement.end, close);
    else edits.open(statement.end, close);
    return;
  }
  const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
  if (declaration?.type !== 'VariableDeclaration') return;
  const position = declaration.declarations.indexOf(node);
  const previous = declaration.declarations[position - 1];
  edits.replace(previous?.end ?? statement.start, node.id.start, '');
  if (node.id.type === 'Identifier') {
    const equals = skipTrivia(code, node.id.end) + 1;
    if (init) edits.replace(node.id.start, equals, target + open);
    else edits.replace(node.id.start, node.id.end, `${target}${open}void 0`);
    edits.open(node.end, close);
    return;
  }
  edits.open(node.id.start, `${target}${isAsync ? 'function*()' : '()=>'}{let `);
  edits.open(node.end, `;return {${unit.names.join(',')}}};`);
}

/** Functions and classes of an expression move in front of it. */
function separateParts(
  { functions, classes }: { readonly functions: readonly FunctionPlan[]; readonly classes: readonly ClassPlan[] },
  to: number,
  options: PatchOptions,
): void {
  const { context, names, slots } = options;
  const { edits, code } = context;
  for (const plan of functions) {
    const { node, place, owner, slot } = plan;
    const target = `${names.functions}[${slot}]`;
    const name = `[${JSON.stringify(plan.name)}]`;
    if (plan.self !== undefined) {
      separateNamed(plan, plan.self, target, to, options);
      continue;
    }
    if (place === 'expression') {
      edits.close(node.start, target);
      edits.open(node.start, `${target}={${name}:`);
    } else if (owner?.type === 'Property') {
      if (place === 'method') {
        const head = skipPrefix(owner.start, node, code);
        if (head > owner.start) edits.replace(owner.start, head, '');
        edits.close(node.start, `:${target}`);
      } else {
        const variable = slots.slot(slot);
        edits.close(
          node.start,
          owner.kind === 'get' ? `(){return ${variable}.call(this)}` : `(${slots.value}){${variable}.call(this,${slots.value})}`,
        );
      }
      edits.open(node.start, `${target}={${prefixOf(node)}${name}`);
    }
    edits.close(node.end, '};');
    edits.move(node.start, node.end, to);
  }
  for (const plan of classes) {
    edits.close(plan.node.start, `${names.classes}[${plan.index}]`);
    separateClass(plan, plan.node.start, options);
    edits.move(plan.node.start, plan.node.end, to);
  }
}

/** A function that can name itself stays where it is, and calls what is made with it. */
function separateNamed(
  { node, slot, hasTarget }: FunctionPlan,
  self: string,
  target: string,
  to: number,
  { context, slots }: PatchOptions,
): void {
  const { edits, code } = context;
  if (node.type !== 'FunctionExpression' || !node.id) return;
  const open = skipTrivia(code, node.id.end);
  const shell = `(${parametersOf(node, slots).join(',')}){${answer(node, slots.slot(slot), { hasTarget, self })}}`;
  edits.close(open, shell);
  edits.own(shell, () => ({ hiddenFrom: shell.indexOf('return ') + 'return '.length, standsFor: firstStop(node, code) }));
  edits.open(open, `${target}=(${self})=>({[${JSON.stringify(self)}]:${node.async ? 'async ' : ''}function${node.generator ? '*' : ''}`);
  edits.close(node.end, '});');
  edits.move(open, node.end, to);
}

/** Behind `async` and `*` of a method. */
function skipPrefix(start: number, { async, generator }: FunctionPlan['node'], code: string): number {
  let at = start;
  if (async) at = skipTrivia(code, at + 'async'.length);
  if (generator) at = skipTrivia(code, at + 1);
  return at;
}
