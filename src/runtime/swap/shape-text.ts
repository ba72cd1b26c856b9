/**
 * The text of a shape, which every module carries: JSON of lists without names, for it is a third of what hot-swap adds to a small module.
 * A field stands at its place in the table of its kind; what is missing is 0, or left out at the end. What follows from the rest (slots in
 * order, the usual `at`) is not written. Writing and reading walk the same tables in the same order.
 */
import {
  SWAP_LEVELS,
  type ClassShape,
  type ClosureShape,
  type FunctionShape,
  type HotShape,
  type MemberKind,
  type MemberShape,
  type Property,
  type Shape,
  type Unit,
} from './shape.ts';

/** `count` and `within`: a number that is written as one or two more than it is, and so never 0; `flag`: all of a row are one number, where the first one stands. */
type Form =
  | 'value'
  | 'flag'
  | 'count'
  | 'within'
  | 'at'
  | 'slot'
  | 'index'
  | 'member'
  | 'function'
  | 'functions'
  | 'class'
  | 'classes'
  | 'members'
  | 'closures'
  | 'properties';
type Table = Readonly<Record<string, Form>>;
/** The compiler asks for every field. */
type TableOf<T> = Readonly<Record<keyof T, Form>>;
type UnitOf<K extends Unit['kind']> = TableOf<Omit<Required<Extract<Unit, { readonly kind: K }>>, 'kind'>>;

const FUNCTION: TableOf<Required<FunctionShape>> = {
  hash: 'value',
  at: 'at',
  isShelled: 'flag',
  hasTarget: 'flag',
  isSelfNamed: 'flag',
  hasSuper: 'flag',
  isSetter: 'flag',
  hasThis: 'flag',
  slot: 'slot',
  kind: 'value',
  refused: 'value',
};
const CLOSURE: TableOf<Required<ClosureShape>> = {
  slot: 'count',
  at: 'value',
  kind: 'value',
  hash: 'value',
  within: 'within',
  hasTarget: 'flag',
  isSelfNamed: 'flag',
  captures: 'value',
  needs: 'value',
  fixed: 'value',
  line: 'count',
};
const MEMBER: TableOf<Required<MemberShape>> = {
  kind: 'member',
  name: 'value',
  own: 'function',
  hash: 'value',
  isStatic: 'flag',
  isGuarded: 'flag',
};
const CLASS: TableOf<Required<ClassShape>> = {
  name: 'value',
  constructs: 'value',
  at: 'at',
  members: 'members',
  parent: 'value',
  index: 'index',
  refused: 'value',
};
const PROPERTY: TableOf<Required<Property>> = { name: 'value', hash: 'value', properties: 'properties', uses: 'value' };
const UNITS: { readonly [K in Unit['kind']]: UnitOf<K> } = {
  function: { name: 'value', own: 'function', closures: 'closures', line: 'count' },
  class: { name: 'value', own: 'class', reads: 'value', imports: 'value', closures: 'closures', line: 'count' },
  variable: {
    names: 'value',
    hash: 'value',
    isConstant: 'flag',
    pure: 'flag',
    isLiteral: 'flag',
    isHarmless: 'flag',
    isPattern: 'flag',
    isRefresh: 'flag',
    async: 'flag',
    reads: 'value',
    imports: 'value',
    functions: 'functions',
    classes: 'classes',
    properties: 'properties',
    closures: 'closures',
    line: 'count',
  },
  statement: {
    hash: 'value',
    isHot: 'flag',
    isRefresh: 'flag',
    async: 'flag',
    reads: 'value',
    imports: 'value',
    functions: 'functions',
    classes: 'classes',
    refused: 'value',
    closures: 'closures',
    line: 'count',
  },
};
const KINDS = ['function', 'class', 'variable', 'statement'] as const satisfies readonly Unit['kind'][];
const MEMBERS = ['method', 'getter', 'setter', 'field', 'block'] as const satisfies readonly MemberKind[];
const LISTS = { functions: FUNCTION, classes: CLASS, members: MEMBER, closures: CLOSURE, properties: PROPERTY } as const;

type Fields = Record<string, unknown>;
type Row = readonly unknown[];

/** Numbers that the next function and the next class have when nothing is written. */
interface Next {
  slot: number;
  index: number;
}

/** @param at of the class that a member belongs to, else what the function is called when nothing is written */
function wayTo(owner: Fields, table: Table, at: string): string {
  return table === MEMBER ? `${at}${owner['isStatic'] ? '.static' : ''}.${String(owner['name'])}` : at;
}

/** What functions and classes of a unit are called when nothing is written. */
function wayOf({ kind, name, names }: Fields): string {
  if (kind === 'class') return String(name);
  return kind === 'variable' ? String((names as readonly string[])[0] ?? '') : '';
}

export function encodeShape({ level, units, exports, requests, hot, refused }: Shape): string {
  const next: Next = { slot: 0, index: 0 };
  const write = (value: unknown, form: Exclude<Form, 'flag'>, owner: Fields, table: Table, at: string): unknown => {
    if (value === undefined) return 0;
    switch (form) {
      case 'value':
        return value;
      case 'count':
        return (value as number) + 1;
      case 'within':
        return (value as number) + 2;
      case 'member':
        return MEMBERS.indexOf(value as MemberKind);
      case 'at':
        return value === at ? 0 : value;
      case 'slot':
      case 'index': {
        const isNext = value === next[form];
        next[form] = (value as number) + 1;
        return isNext ? 0 : next[form];
      }
      case 'function': {
        const row = rowOf(value as Fields, FUNCTION, wayTo(owner, table, at));
        return row.length === 1 ? row[0] : row;
      }
      case 'class':
        return rowOf(value as Fields, CLASS, at);
      default: {
        const way = form === 'members' ? String(owner['at']) : at;
        return (value as readonly Fields[]).map((entry) => rowOf(entry, LISTS[form], way));
      }
    }
  };
  const rowOf = (fields: Fields, table: Table, at: string): unknown[] => {
    const row: unknown[] = [];
    let flags: { readonly at: number; bit: number; value: number } | undefined;
    for (const [name, form] of Object.entries(table)) {
      if (form === 'flag') {
        flags ??= { at: row.push(0) - 1, bit: 1, value: 0 };
        if (fields[name]) flags.value |= flags.bit;
        flags.bit <<= 1;
      } else row.push(write(fields[name], form, fields, table, at));
    }
    if (flags) row[flags.at] = flags.value;
    while (row.length > 1 && row.at(-1) === 0) row.pop();
    return row;
  };
  const rows = units.map((unit) => [
    KINDS.indexOf(unit.kind),
    ...rowOf(unit as unknown as Fields, UNITS[unit.kind], wayOf(unit as unknown as Fields)),
  ]);
  const named = Object.entries(exports).map(([as, local]) => (as === local ? as : [as, local]));
  const seldom = [hot ?? 0, refused ?? 0];
  return JSON.stringify([SWAP_LEVELS.indexOf(level), named, rows, requests.join(' '), ...((hot ?? refused) ? seldom : [])]);
}

export function decodeShape(text: string): Shape {
  const next: Next = { slot: 0, index: 0 };
  const read = (value: unknown, form: Exclude<Form, 'flag'>, owner: Fields, table: Table, at: string): unknown => {
    switch (form) {
      case 'at':
        return value === 0 ? at : value;
      case 'slot':
      case 'index': {
        const own = value === 0 ? next[form] : (value as number) - 1;
        next[form] = own + 1;
        return own;
      }
      case 'member':
        return MEMBERS[value as number];
      default:
    }
    if (value === 0) return undefined;
    switch (form) {
      case 'value':
        return value;
      case 'count':
        return (value as number) - 1;
      case 'within':
        return (value as number) - 2;
      case 'function':
        return fieldsOf(typeof value === 'string' ? [value] : (value as Row), FUNCTION, wayTo(owner, table, at));
      case 'class':
        return fieldsOf(value as Row, CLASS, at);
      default: {
        const way = form === 'members' ? String(owner['at']) : at;
        return (value as readonly Row[]).map((entry) => fieldsOf(entry, LISTS[form], way));
      }
    }
  };
  const fieldsOf = (row: Row, table: Table, at: string, kind?: Unit['kind']): Fields => {
    const fields: Fields = kind ? { kind } : {};
    const entries = Object.entries(table);
    // Flags first, wherever they stand: the way to a function depends on one.
    const flagsAt = entries.findIndex(([, form]) => form === 'flag');
    const flags = entries.filter(([, form]) => form === 'flag');
    flags.forEach(([name], bit) => {
      if (Number(row[flagsAt] ?? 0) & (1 << bit)) fields[name] = true;
    });
    let index = 0;
    for (const [name, form] of entries) {
      if (index === flagsAt) index++;
      if (form === 'flag') continue;
      // The name of a variable is needed before what is in it.
      const way = kind && name !== 'names' && name !== 'name' ? wayOf(fields) : at;
      const value = read(row[index++] ?? 0, form, fields, table, way);
      if (value !== undefined) fields[name] = value;
    }
    return fields;
  };
  const [level, named, rows, requests, hot = 0, refused = 0] = JSON.parse(text) as [
    number,
    readonly (string | readonly [string, string])[],
    readonly Row[],
    string,
    (HotShape | 0)?,
    (string | 0)?,
  ];
  return {
    level: (SWAP_LEVELS[level] ?? 'classes') as Shape['level'],
    exports: Object.fromEntries(named.map((entry) => (typeof entry === 'string' ? [entry, entry] : entry))),
    units: rows.map(([kind, ...row]) => {
      const name = KINDS[kind as number] ?? 'statement';
      return fieldsOf(row, UNITS[name], '', name) as unknown as Unit;
    }),
    requests: requests === '' ? [] : requests.split(' '),
    ...(hot !== 0 && { hot }),
    ...(refused !== 0 && { refused }),
  };
}
