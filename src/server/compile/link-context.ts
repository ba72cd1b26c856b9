/**
 * What the parts of the link step share while one module is linked: its text and record, the edits, and the names that emitted
 * code uses. Edits are planned during the walk and made after it, since only then it is known what each name means.
 */
import type { Edits } from './edits.ts';
import type { ModuleRecord } from './link-record.ts';
import type { AnyNode, Identifier } from './parse.ts';
import type { Scope } from './scope.ts';

export interface LinkNames {
  /** The factory's parameters. */
  readonly exporter: string;
  readonly module: string;
  readonly deps: readonly string[];
  /** A further parameter, for a dependency that the walk finds. */
  addDependency(specifier: string): string;
  /** The same for many at once, without a search of the text for each. */
  addDependencies(base: string, count: number): string[];
  /** Names that the module's text does not contain: the base with numbers from 0. */
  series(base: string, count: number): string[];
  /** A name that the module's text does not contain. The base begins with `$`. */
  unique(base: string): string;
  /** One such name for the parameter of every setter. */
  value(): string;
}

export interface LinkContext {
  readonly code: string;
  /** For errors. */
  readonly file: string;
  readonly record: ModuleRecord;
  readonly edits: Edits;
  readonly names: LinkNames;
  /** Starts of expression statements whose text must not begin with a bracket, or it would continue the line before. */
  readonly afterOpenEnd: Set<number>;
  /** Plans an edit, outer nodes before inner ones. */
  later(edit: () => void): void;
  /** Puts text in place of a name; `{b}` becomes `{b: text}`. */
  substitute(id: Identifier, parent: AnyNode, text: string): void;
}

function createLinkNames(code: string, record: ModuleRecord): LinkNames {
  const text = code.includes('\\u') ? `${code}\n${decodeEscapes(code)}` : code;
  // All of ours begin so. Looked for once, since the text of a package may be a megabyte.
  const taken = new Set(text.match(/\$[\w$]*/g));
  const unique = (base: string): string => {
    let name = base;
    for (let n = 2; taken.has(name); n++) name = `${base}_${n}`;
    taken.add(name);
    return name;
  };
  const exporter = unique('$export');
  const module = unique('$module');
  const deps = record.requests.map(({ specifier }) => unique(dependencyName(specifier)));
  let value: string | undefined;
  const series = (base: string, count: number): string[] =>
    Array.from({ length: count }, (_, n) => {
      let name = `${base}${n}`;
      while (taken.has(name)) name += '_';
      taken.add(name);
      return name;
    });
  return {
    series,
    exporter,
    module,
    unique,
    value: () => (value ??= unique('$value')),
    deps,
    addDependency(specifier) {
      const name = unique(dependencyName(specifier));
      deps.push(name);
      return name;
    },
    addDependencies(base, count) {
      const added = series(unique(base), count);
      deps.push(...added);
      return added;
    },
  };
}

export type LinkSource = Pick<LinkContext, 'code' | 'file' | 'record' | 'edits' | 'later'>;

export function createLinkContext(source: LinkSource): LinkContext {
  const { code, record, edits } = source;
  return {
    ...source,
    names: createLinkNames(code, record),
    afterOpenEnd: new Set(),
    substitute(id, parent, text) {
      const shorthand = parent.type === 'Property' && parent.shorthand;
      edits.replace(id.start, id.end, shorthand ? `${code.slice(id.start, id.end)}: ${text}` : text);
    },
  };
}

/** `./src/view.ts?raw` → `$view`. */
function dependencyName(specifier: string): string {
  const path = specifier.replace(/[?#].+$/, '').replace(/\/+$/, '');
  const base = path.slice(path.lastIndexOf('/') + 1).replace(/(.)\..*$/, '$1');
  return `$${base.replace(/[^\w$]/g, '_').replace(/^_*$/, 'dep')}`;
}

/** An identifier may be written with escapes. */
function decodeEscapes(code: string): string {
  return code.replace(/\\u(?:\{([\da-fA-F]{1,6})\}|([\da-fA-F]{4}))/g, (escape, long: string | undefined, short: string | undefined) => {
    const point = Number.parseInt(long ?? short ?? '', 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : escape;
  });
}

/** `.name`, or `["a name"]`. */
export function property(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

/** `;` where text that begins with a bracket would otherwise be taken for a call or a member of the line before. */
export function guard({ afterOpenEnd }: LinkContext, at: number): string {
  return afterOpenEnd.has(at) ? ';' : '';
}

/** The two halves of `$export("a",$export("b",…))` around a value of a local binding that is exported under these names. */
export function announcing({ names, record }: LinkContext, local: string): { readonly open: string; readonly close: string } {
  const exported = record.exported.get(local) ?? [];
  return { open: exported.map((name) => `${names.exporter}(${JSON.stringify(name)},`).join(''), close: ')'.repeat(exported.length) };
}

/** `$export("a",a)` */
export function announcement(context: LinkContext, local: string): string {
  const { open, close } = announcing(context, local);
  return open + local + close;
}

/** Phase 1: what can be read before the body has run. */
export function hoistedExports(context: LinkContext, scope: Scope): string {
  let text = '';
  for (const local of context.record.exported.keys()) {
    const kind = scope.bindings.get(local);
    if (kind === 'function') text += `${announcement(context, local)};`;
    if (kind !== 'var') continue;
    const { open, close } = announcing(context, local);
    text += `${open}void 0${close};`;
  }
  return text;
}
