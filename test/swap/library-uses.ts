/**
 * How each library is used: results as text, which have to be the same as those of the library that Node itself has loaded. A use calls
 * `interrupt` in the middle of its work, with functions of the library on the stack; `hold` makes objects once and works with them again
 * at every call.
 */
import fs from 'node:fs';
import path from 'node:path';
import type * as acorn from 'acorn';
import type * as magicString from 'magic-string';
import { REPOSITORY } from '../harness/built.ts';

export interface LibraryUse<Namespace = unknown> {
  readonly specifier: string;
  /** How many of its functions have slots or stand in one that has, at level `classes`; from 0 to 1. */
  readonly share: number;
  use(library: Namespace, interrupt: () => void): string;
  /** Each call gives the same. */
  hold(library: Namespace): () => string;
}

// oxlint-disable-next-line typescript/no-explicit-any -- most have no types of their own that a namespace of another instance would fit
type Any = any;

const read = (file: string): string => fs.readFileSync(path.join(REPOSITORY, 'node_modules', file), 'utf8');

/** Text that is quick to compare: maps and bigints too, cycles not. */
const plain = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) => {
    if (part instanceof Map || part instanceof Set) return [...part];
    if (part instanceof RegExp) return String(part);
    return typeof part === 'bigint' ? `${part}n` : part;
  });

const SOURCES = ['acorn/dist/acorn.mjs', 'magic-string/dist/index.mjs', 'preact/dist/preact.mjs', 'zod/v4/core/util.js'];
const MODULE: acorn.Options = { ecmaVersion: 'latest', sourceType: 'module' };

const ofAcorn: LibraryUse<typeof acorn> = {
  specifier: 'acorn',
  share: 1,
  use: (library, interrupt) =>
    plain(
      SOURCES.map((file) => {
        const comments: unknown[] = [];
        let tokens = 0;
        const onToken = (): void => {
          if (++tokens % 100 === 0) interrupt();
        };
        const tree = library.parse(read(file), { ...MODULE, locations: file !== SOURCES[0], onComment: comments as never, onToken });
        return [tree, comments, tokens, errorOf(() => library.parse('let a = {{', MODULE))];
      }),
    ),
  hold(library) {
    const source = read('preact/dist/preact.mjs');
    // Tokens go on from where they were.
    const tokens = library.tokenizer(source, MODULE);
    const seen = Array.from({ length: 50 }, () => valueOf(tokens.getToken()));
    const Extended = library.Parser.extend(
      (Base) =>
        class extends Base {
          finishNode(node: acorn.Node, type: string): acorn.Node {
            return Object.assign(Reflect.get(Base.prototype, 'finishNode').call(this, node, type), { extended: true });
          }
        } as typeof acorn.Parser,
    );
    const waiting = Array.from(
      { length: 10 },
      () => new (library.Parser as unknown as new (options: acorn.Options, source: string) => { parse(): unknown })(MODULE, source),
    );
    return () => {
      const [one] = waiting.splice(0, 1);
      for (let n = 0; n < 10; n++) seen.push(valueOf(tokens.getToken()));
      const isRight = seen.every((value, index) => value === nthTokens(source)[index]);
      return plain([isRight, one?.parse(), Extended.parse('a => class { #b = a; c() { return #b in this } }', MODULE)]);
    };
  },
};

/** Undeclared, since who needs it needs the token's type too. */
const valueOf = (token: acorn.Token): unknown => Reflect.get(token, 'value');

let native: unknown[] | undefined;
let nativeAcorn: typeof acorn | undefined;
/** Of Node's own acorn. */
function nthTokens(source: string): readonly unknown[] {
  native ??= [...(nativeAcorn as typeof acorn).tokenizer(source, MODULE)].map(valueOf);
  return native;
}

export async function prepareUses(): Promise<void> {
  nativeAcorn = await import('acorn');
}

function errorOf(act: () => unknown): string {
  try {
    act();
    return '';
  } catch (error) {
    return String(error);
  }
}

const ofMagicString: LibraryUse<typeof magicString> = {
  specifier: 'magic-string',
  share: 0.99,
  use({ default: MagicString, Bundle, SourceMap }, interrupt) {
    const source = read('magic-string/dist/index.mjs');
    const text = new MagicString(source, { filename: 'a.js' });
    let found = 0;
    const replaced = new MagicString(source).replace(/\bthis\b/g, () => {
      if (++found % 20 === 0) interrupt();
      return 'self';
    });
    for (let at = 100; at + 90 < source.length; at += 997) {
      text
        .appendLeft(at, '/*l*/')
        .appendRight(at, '/*r*/')
        .update(at + 10, at + 20, `<${at}>`);
      text.remove(at + 30, at + 40);
    }
    text.indent('  ').trimLines();
    const bundle = new Bundle({ separator: '\n//\n' });
    bundle.addSource(text).addSource({ filename: 'b.js', content: replaced.snip(10, 500) });
    const map = bundle.generateMap({ hires: 'boundary', includeContent: true, file: 'out.js' });
    return plain([
      String(replaced),
      bundle.toString(),
      map,
      map instanceof SourceMap,
      text.lastLine(),
      text.clone().slice(0, 8),
      errorOf(() => text.update(100, 115, 'a')),
    ]);
  },
  hold({ default: MagicString }) {
    const source = read('preact/dist/preact.mjs');
    const text = new MagicString(source);
    text.update(100, 120, 'replaced').remove(200, 300).move(400, 420, 50);
    return () => {
      const next = text.clone();
      next.prependRight(150, '!').overwrite(500, 510, 'over').indent();
      return plain([next.toString(), next.generateMap({ hires: true }), text.hasChanged(), text.original.length]);
    };
  },
};

const MARKDOWN = '# One\n\n- a **b** `c`\n- [d](e "f")\n\n> q\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```js\nx < 1\n```\n\nEnd *of* it.\n';

const ofMarked: LibraryUse<Any> = {
  specifier: 'marked',
  share: 1,
  use({ Marked, lexer }, interrupt) {
    const marked = new Marked({ gfm: true, walkTokens: () => interrupt() });
    marked.use({ renderer: { heading: (text: string, depth: number) => `<h${depth} class=x>${text}</h${depth}>` } });
    return plain([marked.parse(MARKDOWN.repeat(3)), lexer(MARKDOWN), marked.parseInline('a **b**')]);
  },
  hold({ Lexer, Parser, Renderer }) {
    const lexer = new Lexer();
    const tokens = lexer.lex(MARKDOWN);
    const parser = new Parser({ renderer: new Renderer() });
    return () => plain([parser.parse(tokens), new Lexer().lex(MARKDOWN), lexer.inlineTokens('*x*', [])]);
  },
};

const ofZod: LibraryUse<Any> = {
  specifier: 'zod',
  share: 0.99,
  use(z, interrupt) {
    const seen = (value: unknown): boolean => {
      interrupt();
      return value !== 'no';
    };
    const name = z.string().min(2).refine(seen, 'not no');
    const schema = z.object({
      name,
      age: z.coerce.number().int().optional(),
      tags: z.array(z.union([name, z.literal(7)])).default([]),
      kind: z.discriminatedUnion('is', [z.object({ is: z.literal('a'), a: z.email() }), z.object({ is: z.literal('b'), b: z.bigint() })]),
    });
    const good = { name: 'Ada', age: '36', tags: ['x1', 7, 'yy', 'zz'], kind: { is: 'a', a: 'a@b.de' } };
    const bad = { name: 'no', age: 'x', tags: ['y', 8], kind: { is: 'b', b: 1 } };
    return plain([schema.parse(good), schema.safeParse(bad).error.issues, z.toJSONSchema(z.object({ a: z.string(), b: z.iso.date() }))]);
  },
  hold(z) {
    const schema = z.object({ a: z.string().trim().transform(Number).pipe(z.number().max(9)), b: z.record(z.string(), z.date()) });
    return () =>
      plain([
        schema.safeParse({ a: ' 5 ', b: { now: new Date(0) } }),
        schema.partial().safeParse({ a: '55' }),
        schema.extend({ c: z.int() }).safeParse({}),
      ]);
  },
};

const ofReactivity: LibraryUse<Any> = {
  specifier: '@vue/reactivity',
  share: 0.99,
  use({ reactive, computed, effect, ref, shallowReadonly, toRefs, watch }, interrupt) {
    const state = reactive({ list: [1, 2, 3], map: new Map([['a', 1]]), deep: { b: 2 } });
    const sum = computed(() => state.list.reduce((all: number, one: number) => all + one, 0) + state.deep.b);
    const log: unknown[] = [];
    effect(() => {
      interrupt();
      log.push([sum.value, state.map.get('a'), state.list.length]);
    });
    watch(
      () => state.deep.b,
      (now: number, before: number) => log.push([now, before]),
    );
    state.list.push(4);
    state.map.set('a', 5);
    for (let n = 0; n < 5; n++) state.deep.b++;
    const { deep } = toRefs(state);
    log.push(shallowReadonly(deep.value).b, ref(ref(3)).value);
    return plain(log);
  },
  hold({ reactive, computed, effect, ref }) {
    const state = reactive(new Set([1]));
    const factor = ref(2);
    const scaled = computed(() => [...state].map((value) => (value as number) * factor.value));
    let runs = 0;
    effect(() => {
      runs += scaled.value.length === state.size ? 1 : 100;
    });
    return () => {
      const before = runs;
      factor.value++;
      state.add('x');
      const all = [runs - before, scaled.value.length];
      state.delete('x');
      factor.value = 2;
      return plain([all, scaled.value]);
    };
  },
};

const ofImmutable: LibraryUse<Any> = {
  specifier: 'immutable',
  share: 0.6,
  use({ Map: IMap, List, OrderedMap, Record, Range, fromJS, is, Set: ISet }, interrupt) {
    const Point = Record({ x: 0, y: 0 });
    const big = Range(0, 2000).toList();
    const squares = big.map((value: number) => {
      if (value % 300 === 0) interrupt();
      return value * value;
    });
    return plain([
      squares.filter((value: number) => value % 7 === 0).groupBy((value: number) => value % 5),
      IMap({ a: 1 })
        .merge(fromJS({ b: { c: [1, 2] } }))
        .setIn(['b', 'c', 5], 9),
      OrderedMap(squares.take(40).map((value: number) => [String(value), value])).sortBy((value: number) => -value),
      is(ISet([1, 2]), ISet([2, 1])),
      String(List([new Point({ x: 1 }), IMap([[{}, 2]])])),
    ]);
  },
  hold({ Map: IMap, Seq }) {
    let map = IMap();
    for (let n = 0; n < 500; n++) map = map.set(`k${n}`, n);
    const lazy = Seq(map)
      .filter((value: number) => value > 400)
      .map((value: number) => value + 1);
    return () => plain([map.delete('k3').size, lazy.toArray(), map.withMutations((all: Any) => all.set('a', 1).delete('k1')).hashCode()]);
  },
};

const YAML = 'a: &x\n  - 1\n  - {b: "c", d: [e, null]}\nf: *x\n# note\ng: |\n  text\n  more\nh: 2001-01-01\n';

const ofYaml: LibraryUse<Any> = {
  specifier: 'yaml',
  share: 1,
  use({ parse, stringify, parseDocument, visit, parseAllDocuments }, interrupt) {
    const document = parseDocument(YAML);
    const seen: string[] = [];
    visit(document, {
      Scalar: (key: unknown, node: Any) => {
        interrupt();
        seen.push(`${String(key)} ${String(node.value)}`);
      },
    });
    document.set('new', { a: 1 });
    return plain([
      parse(YAML),
      stringify({ a: [1, { b: 'x: y' }], c: '\n' }),
      String(document),
      seen,
      parseAllDocuments('---\na\n---\n[')[1].errors.map(String),
    ]);
  },
  hold({ parseDocument, Parser, Composer, LineCounter }) {
    const document = parseDocument(YAML);
    const lines = new LineCounter();
    const parser = new Parser(lines.addNewLine);
    return () => {
      const copy = document.clone();
      copy.addIn(['a'], 'more');
      return plain([copy.toJS(), document.getIn(['a', 1, 'b']), [...new Composer().compose(parser.parse('x: 1\ny: [2]'))].map(String)]);
    };
  },
};

const ofDevalue: LibraryUse<Any> = {
  specifier: 'devalue',
  share: 1,
  use({ stringify, parse, uneval }, interrupt) {
    class Thing {
      value = [new Date(0), new Map([[1, new Set([undefined])]]), 5n];
    }
    const reducers = {
      Thing: (value: unknown) => {
        interrupt();
        return value instanceof Thing && value.value;
      },
    };
    const text = stringify([new Thing(), new Thing(), /a/g, -0], reducers);
    return plain([text, parse(text, { Thing: (value: unknown) => ({ value }) }), uneval({ a: [1, undefined, 3], b: '</script>' })]);
  },
  hold:
    ({ stringify, parse }) =>
    () =>
      plain(parse(stringify({ a: new URL('http://x/'), b: [null, Number.NaN] }))),
};

const ofAstring: LibraryUse<Any> = {
  specifier: 'astring',
  share: 1,
  use({ generate, baseGenerator }, interrupt) {
    const tree = (nativeAcorn as typeof acorn).parse(read('zod/v4/core/util.js'), MODULE);
    const generator = {
      ...baseGenerator,
      ReturnStatement(this: unknown, node: unknown, state: unknown) {
        interrupt();
        baseGenerator.ReturnStatement.call(this, node, state);
      },
    };
    return plain([generate(tree, { generator }), generate(tree, { indent: '' })]);
  },
  hold:
    ({ generate }) =>
    () =>
      generate((nativeAcorn as typeof acorn).parse('async function* f() { for await (const a of b) yield* a?.[0] }', MODULE)),
};

export const LIBRARY_USES: readonly LibraryUse<never>[] = [
  ofAcorn,
  ofMagicString,
  ofMarked,
  ofZod,
  ofReactivity,
  ofImmutable,
  ofYaml,
  ofDevalue,
  ofAstring,
];
