/** Writes a random program as source files. How it is formatted depends on the module's `format`, and nothing else does. */
import type { Files } from './case.ts';
import {
  BARREL_ID,
  createRandom,
  ENTRY_ID,
  exportedAs,
  isNamed,
  moduleOf,
  refKey,
  refsIn,
  refsOf,
  unitOf,
  type Body,
  type ClassUnit,
  type Expr,
  type Fn,
  type ImportForm,
  type Member,
  type Module,
  type Program,
  type Property,
  type Ref,
  type StatementUnit,
  type Unit,
} from './random-program.ts';

/** What is written around a body's result. */
type Use = 'return' | 'log' | 'construct';

interface Format {
  readonly quote: string;
  readonly end: string;
  readonly comma: string;
  /** A line's end and the next one's beginning. */
  line(): string;
}

function createFormat(seed: number): Format {
  if (seed === 0) return { quote: "'", end: ';', comma: '', line: () => '\n' };
  const random = createRandom(seed);
  const breaks = ['\n', '\n', '\n\n', '\n    ', '\n// note\n', '\n/* a note; (it says nothing) */ '] as const;
  return {
    quote: random.chance(0.5) ? '"' : "'",
    end: random.chance(0.3) ? '' : ';',
    comma: random.chance(0.5) ? ',' : '',
    line: () => random.pick(breaks),
  };
}

export function importForm({ imports }: Module, ref: Ref, { hasBarrel }: Program): ImportForm {
  const form = imports[refKey(ref)] ?? 'named';
  return form === 'barrel' && !hasBarrel ? 'named' : form;
}

function importedRefs(module: Module): Map<string, Ref> {
  const found = new Map<string, Ref>();
  for (const ref of module.units.flatMap(refsOf)) if (ref.module !== module.id) found.set(refKey(ref), ref);
  return found;
}

function barrelRefs(program: Program): Map<string, Ref> {
  const found = new Map<string, Ref>();
  for (const module of program.modules) {
    for (const [key, ref] of importedRefs(module)) if (importForm(module, ref, program) === 'barrel') found.set(key, ref);
  }
  return found;
}

/** Modules that a module imports, in the order of its statements. */
export function dependencies(program: Program, id: string): string[] {
  const inOrder = (used: ReadonlySet<string>): string[] =>
    [...program.modules.map((module) => module.id), BARREL_ID].filter((dep) => used.has(dep));
  const module = moduleOf(program, id);
  if (!module) return inOrder(new Set([...barrelRefs(program).values()].map((ref) => ref.module)));
  const refs = [...importedRefs(module).values()];
  const used = new Set(refs.map((ref) => (importForm(module, ref, program) === 'barrel' ? BARREL_ID : ref.module)));
  if (id === ENTRY_ID) {
    for (const other of program.modules) if (other !== module) used.add(other.id);
    if (program.hasBarrel) used.add(BARREL_ID);
  }
  return inOrder(used);
}

/** How a module calls a unit. */
export function localName(program: Program, module: Module, ref: Ref): string {
  if (ref.module === module.id) return ref.name;
  const form = importForm(module, ref, program);
  const unit = unitOf(program, ref);
  switch (form) {
    case 'named':
      return unit?.exported === 'default' || unit?.exported === 'alias' ? `${ref.name}_d` : ref.name;
    case 'alias':
      return `${ref.name}_i`;
    case 'barrel':
      return `${ref.name}_b`;
    case 'namespace':
      return `${namespaceName(ref.module)}.${(unit && exportedAs(unit)) ?? 'missing'}`;
    default:
      return form satisfies never;
  }
}

const namespaceName = (id: string): string => `all_${id.replace(/\W|js$/g, '')}`;

/** What a name means besides its text: as hot-swap sees it. */
export function meaning(program: Program, module: Module, ref: Ref): string {
  if (ref.module === module.id) return 'own';
  const form = importForm(module, ref, program);
  const unit = unitOf(program, ref);
  if (form === 'barrel') return `${BARREL_ID}#${ref.name}`;
  return form === 'namespace' ? `${ref.module}#*` : `${ref.module}#${(unit && exportedAs(unit)) ?? ''}`;
}

export function renderProgram(program: Program): Files {
  const files: Record<string, string> = {};
  for (const module of program.modules) files[module.id] = new Writer(program, module).module();
  if (program.hasBarrel) {
    const lines = [...barrelRefs(program).values()].map((ref) => {
      const unit = unitOf(program, ref);
      return `export { ${(unit && exportedAs(unit)) ?? 'missing'} as ${ref.name} } from '.${ref.module}';`;
    });
    files[BARREL_ID] = lines.sort().join('\n') || 'export {};';
  }
  return files;
}

/** An initialiser as it stands in an unformatted source, with what its names mean. */
export function initialiserKey(program: Program, module: Module, expr: Expr): string {
  const text = new Writer(program, { ...module, format: 0 }).expr(expr);
  return [text, ...refsIn(expr).map((ref) => meaning(program, module, ref))].join(' ');
}

export function parentKey(program: Program, module: Module, ref: Ref): string {
  return `${localName(program, module, ref)} ${meaning(program, module, ref)}`;
}

class Writer {
  private readonly program: Program;
  private readonly own: Module;
  private readonly format: Format;

  constructor(program: Program, module: Module) {
    this.program = program;
    this.own = module;
    this.format = createFormat(module.format);
  }

  module(): string {
    const { own, format } = this;
    const take = `take_${own.id.replace(/\W/g, '_')}`;
    const cases = own.units.filter(isNamed).map(({ name }) => `case ${this.text(name)}: return ${name}${format.end}`);
    const lists = own.units.filter(isNamed).flatMap((unit) => {
      if (unit.exported !== 'list' && unit.exported !== 'alias' && (unit.exported !== 'default' || isDeclaration(unit))) return [];
      return [`${unit.name} as ${exportedAs(unit) ?? ''}`];
    });
    const blocks = [
      ...this.imports(),
      ...own.units.map((unit) => this.unit(unit)),
      ...(lists.length > 0 ? [`export { ${lists.join(', ')}${format.comma} }${format.end}`] : []),
      `function ${take}(name) {${format.line()}switch (name) {${format.line()}${cases.join(format.line())}${format.line()}}${format.line()}}`,
      `kit.module(${this.text(own.id)}, ${take})${format.end}`,
    ];
    return blocks.join(format.line());
  }

  private imports(): string[] {
    const { program, own, format } = this;
    const refs = [...importedRefs(own).values()];
    return dependencies(program, own.id).flatMap((dep) => {
      const from = `${this.text(`.${dep}`)}${format.end}`;
      const named: string[] = [];
      let hasNamespace = false;
      for (const ref of refs) {
        const form = importForm(own, ref, program);
        if ((form === 'barrel' ? BARREL_ID : ref.module) !== dep) continue;
        const unit = unitOf(program, ref);
        const exported = form === 'barrel' ? ref.name : ((unit && exportedAs(unit)) ?? 'missing');
        const local = localName(program, own, ref);
        if (form === 'namespace') hasNamespace = true;
        else named.push(exported === local ? local : `${exported} as ${local}`);
      }
      const statements: string[] = [];
      if (named.length > 0) statements.push(`import { ${named.join(', ')}${format.comma} } from ${from}`);
      if (hasNamespace) statements.push(`import * as ${namespaceName(dep)} from ${from}`);
      return statements.length > 0 ? statements : [`import ${from}`];
    });
  }

  private unit(unit: Unit): string {
    const { format } = this;
    if (unit.kind === 'statement') return this.statement(unit);
    const prefix = unit.exported === 'inline' ? 'export ' : unit.exported === 'default' && isDeclaration(unit) ? 'export default ' : '';
    switch (unit.kind) {
      case 'function': {
        const { fn, name, isWrapped, declare } = unit;
        if (fn.form === 'declaration') return `${prefix}${this.fn(fn, name, 'return')}`;
        const text = this.fn(fn, name, 'return');
        return `${prefix}${declare} ${name} = ${isWrapped ? `kit.wrap(${text})` : text}${format.end}`;
      }
      case 'value':
        return `${prefix}${unit.declare} ${unit.name} = ${this.expr(unit.init)}${format.end}`;
      case 'literal':
        return `${prefix}${unit.declare} ${unit.name} = ${this.properties(unit.properties)}${format.end}`;
      case 'table': {
        const entries = unit.entries.map(({ key, fn }) => `[${this.text(key)}, ${this.fn(fn, '', 'return')}]`);
        return `${prefix}const ${unit.name} = new Map([${entries.join(', ')}${entries.length > 0 ? format.comma : ''}])${format.end}`;
      }
      case 'class':
        return unit.isExpression
          ? `${prefix}const ${unit.name} = ${this.class(unit, '')}${format.end}`
          : prefix + this.class(unit, unit.name);
      case 'maker': {
        const locals = unit.locals.map(
          (local) => `${local.name.startsWith('n') ? 'let' : 'const'} ${local.name} = ${this.expr(local.init)}${format.end}`,
        );
        const lines = [...locals, `return ${this.fn(unit.fn, '', 'return')}${format.end}`];
        return `${prefix}function ${unit.name}(o0) {${format.line()}${lines.join(format.line())}${format.line()}}`;
      }
      case 'es5':
        return `${prefix}function ${unit.name}(${this.parameters(unit.body)}) ${this.block(unit.body, 'construct', unit.name)}`;
      default:
        return unit satisfies never;
    }
  }

  private statement({ form, key, target, fns }: StatementUnit): string {
    const { format } = this;
    const name = target ? localName(this.program, this.own, target) : '';
    const [first, second] = fns.map((fn) => this.fn(fn, '', form === 'interval' ? 'log' : 'return'));
    switch (form) {
      case 'log':
        return `kit.log(${this.text(key)})${format.end}`;
      case 'count':
        return `${name} += 1${format.end}`;
      case 'listener':
        return `kit.on(${this.text(key)}, ${first})${format.end}`;
      case 'interval':
        return `setInterval(${first}, 1)${format.end}`;
      case 'plug':
        return `kit.plug({ key: ${this.text(key)}, ${this.keyed('run', fns[0])}, nested: { go: ${second} } })${format.end}`;
      case 'prototype':
        return `${name}.prototype.${key} = ${first}${format.end}`;
      case 'handler':
        return `${name}.${key} = ${first}${format.end}`;
      default:
        return form satisfies never;
    }
  }

  private keyed(name: string, fn: Fn | undefined): string {
    if (!fn) return '';
    return fn.form === 'method' ? this.fn(fn, name, 'return') : `${name}: ${this.fn(fn, name, 'return')}`;
  }

  private properties(properties: readonly Property[]): string {
    const { format } = this;
    const texts = properties.map(({ name, value, isComputed }) => {
      const key = isComputed ? `[${this.text(name)}]` : name;
      switch (value.kind) {
        case 'data':
          return `${key}: ${this.expr(value.init)}`;
        case 'function':
          return this.keyed(key, value.fn);
        case 'getter':
          return `get ${this.fn(value.fn, key, 'return')}`;
        case 'setter':
          return `set ${this.fn(value.fn, key, 'log')}`;
        case 'nested':
          return `${key}: ${this.properties(value.properties)}`;
        default:
          return value satisfies never;
      }
    });
    return `{${format.line()}${texts.join(`,${format.line()}`)}${texts.length > 0 ? format.comma : ''}${format.line()}}`;
  }

  private class({ parent, builtIn, constructs, members, name }: ClassUnit, written: string): string {
    const { format } = this;
    const extended = parent ? ` extends ${localName(this.program, this.own, parent)}` : builtIn ? ` extends ${builtIn}` : '';
    const lines = members.map((member) => this.member(member));
    if (constructs)
      lines.unshift(`constructor(${this.parameters(constructs)}) ${this.block(constructs, 'construct', name, extended !== '')}`);
    return `class${written && ` ${written}`}${extended} {${format.line()}${lines.join(format.line())}${format.line()}}`;
  }

  private member({ kind, name, isStatic, isComputed, init, fn }: Member): string {
    const key = isComputed ? `[${this.text(name)}]` : name.startsWith('@') ? this.symbol(name) : name;
    const head = isStatic ? 'static ' : '';
    switch (kind) {
      case 'method':
        return head + this.fn(fn, key, 'return');
      case 'getter':
        return `${head}get ${this.fn(fn, key, 'return')}`;
      case 'setter':
        return `${head}set ${this.fn(fn, key, 'log')}`;
      case 'field':
        return `${head}${key} = ${this.expr(init)};`;
      case 'arrow':
        return `${head}${key} = ${this.fn(fn, '', 'return')};`;
      case 'block':
        return `static { kit.log(${this.text(fn.body.tag)})${this.format.end} }`;
      default:
        return kind satisfies never;
    }
  }

  fn({ body, flavour, form }: Fn, name: string, use: Use): string {
    const isAsync = flavour.startsWith('async') ? 'async ' : '';
    const star = flavour.endsWith('generator') ? '*' : '';
    const parameters = this.parameters(body);
    switch (form) {
      case 'declaration':
        return `${isAsync}function${star} ${name}(${parameters}) ${this.block(body, use, name, false, star !== '')}`;
      case 'function':
        return `${isAsync}function${star} (${parameters}) ${this.block(body, use, name, false, star !== '')}`;
      case 'named':
        return `${isAsync}function${star} self(${parameters}) ${this.block(body, use, name, false, star !== '')}`;
      case 'method':
        return `${isAsync}${star}${name}(${parameters}) ${this.block(body, use, name, false, star !== '')}`;
      case 'arrow': {
        const isShort = use === 'return' && body.effects.length === 0 && body.style % 4 < 2 && !hasClosure(body);
        return `${isAsync}(${parameters}) => ${isShort ? this.result(body) : this.block(body, use, name)}`;
      }
      default:
        return form satisfies never;
    }
  }

  private parameters({ parameters }: Body): string {
    return parameters
      .map(({ form, value }, index) => {
        switch (form) {
          case 'plain':
            return `p${index}`;
          case 'default':
            return `p${index} = ${this.expr(value)}`;
          case 'object':
            return `{ length: p${index} } = ${this.text('dd')}`;
          case 'array':
            return `[p${index}] = ${this.text('w')}`;
          case 'rest':
            return `...p${index}`;
          default:
            return form satisfies never;
        }
      })
      .join(', ');
  }

  private block(body: Body, use: Use, name: string, isDerived = false, isGenerator = false): string {
    const { format } = this;
    const lines: string[] = [];
    if (isDerived) lines.push(`super(${body.parameters[0]?.form === 'plain' ? 'p0' : ''})${format.end}`);
    for (const effect of body.effects) lines.push(this.effect(this.expr(effect), body.style) + format.end);
    if (isGenerator) {
      for (const part of body.parts) lines.push(`yield ${this.text('')} + ${this.expr(part, body)}${format.end}`);
      lines.push(`yield ${this.text(body.tag)}${format.end}`);
    } else if (use === 'construct') lines.push(`this.by${name} = ${this.result(body)}${format.end}`);
    else {
      // Made with each call, it sees parameters, `this`, `super` and `arguments` of the function around it.
      if (hasClosure(body)) lines.push(`const inner = () => ${this.result(body)}${format.end}`);
      const result = hasClosure(body) ? 'inner()' : this.result(body);
      lines.push(use === 'log' ? `kit.log(${result})${format.end}` : `return ${result}${format.end}`);
    }
    return `{${format.line()}${lines.join(format.line())}${format.line()}}`;
  }

  private effect(target: string, style: number): string {
    return style % 3 === 0 ? `${target}++` : style % 3 === 1 ? `${target} += 1` : `${target} = ${target} + 1`;
  }

  private result(body: Body): string {
    const parts = body.parts.map((part) => this.expr(part, body));
    if (body.style % 2 === 0 || parts.length === 0) {
      const inner = parts.map((part, index) => (index === 0 ? part : `${this.text(',')} + ${part}`)).join(' + ');
      return inner ? `${this.text(`${body.tag}(`)} + ${inner} + ${this.text(')')}` : this.text(`${body.tag}()`);
    }
    return `\`${body.tag}(${parts.map((part) => `\${${part}}`).join(',')})\``;
  }

  expr(expr: Expr, body?: Body): string {
    switch (expr.kind) {
      case 'text':
        return this.text(expr.text);
      case 'number':
        return String(expr.value);
      case 'sum':
        return expr.parts.map((part) => this.expr(part)).join(' + ');
      case 'read':
        return localName(this.program, this.own, expr.ref);
      case 'property':
        return this.access(localName(this.program, this.own, expr.ref), expr.path);
      case 'call':
        return `${this.access(localName(this.program, this.own, expr.ref), expr.path)}(${this.text('q')})`;
      case 'new':
        return `${this.access(`new ${localName(this.program, this.own, expr.ref)}(${this.text('n')})`, [expr.member])}${expr.isCall ? `(${this.text('q')})` : ''}`;
      case 'own':
        return `${this.access('this', [expr.name])}${expr.isCall ? `(${this.text('q')})` : ''}`;
      case 'mine':
        return `this.${expr.name}`;
      case 'super':
        return `${this.access('super', [expr.name])}(${this.text('q')})`;
      case 'has':
        return `(${expr.name} in this)`;
      case 'parameter':
        return body?.parameters[expr.index]?.form === 'rest' ? `p${expr.index}.join(${this.text('+')})` : `p${expr.index}`;
      case 'arguments':
        return 'arguments.length';
      case 'target':
        return `new.target?.name`;
      case 'outer':
        return expr.name;
      default:
        return expr satisfies never;
    }
  }

  private symbol(name: string): string {
    return `[Symbol.for(${this.text(name.slice(1))})]`;
  }

  private access(holder: string, names: readonly string[]): string {
    return holder + names.map((name) => (name.startsWith('@') ? this.symbol(name) : `.${name}`)).join('');
  }

  private text(text: string): string {
    return `${this.format.quote}${text}${this.format.quote}`;
  }
}

const hasClosure = ({ style }: Body): boolean => style % 5 === 3;

function isDeclaration(unit: Unit): boolean {
  return (
    unit.kind === 'es5' ||
    unit.kind === 'maker' ||
    (unit.kind === 'class' && !unit.isExpression) ||
    (unit.kind === 'function' && unit.fn.form === 'declaration')
  );
}
