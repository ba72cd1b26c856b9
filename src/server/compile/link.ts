/**
 * The link step: the text of one ES module, free of types and JSX, becomes the factory of src/runtime/format.ts. One parse, one
 * walk, edits by position: lines stay where the author put them, and a source map is made only when somebody asks for one.
 *
 *     parse ─ record (imports, exports) ─ walk: plan edits ─ make them, outer nodes first ─ wrap
 */
import { HmrError } from '../errors.ts';
import type { SwapLevel } from '../../runtime/swap/shape.ts';
import { createEdits, type Edits, type SourceMap } from './edits.ts';
import type { GlobCall } from './glob-call.ts';
import { createTopLevelAwait, type TopLevelAwait } from './link-await.ts';
import { createLinkContext, hoistedExports, type LinkContext } from './link-context.ts';
import { createExportWrites } from './link-exports.ts';
import { createImportUses } from './link-imports.ts';
import { createMetaUses, type Asset, type DynamicRequest, type MetaLookups, type MetaUses } from './link-meta.ts';
import { readModuleRecord, type NamedImport, type Reexport, type Request } from './link-record.ts';
import { rewriteStatements } from './link-statements.ts';
import { parseModule, tryParse } from './parse.ts';
import { createSlots, type Slots } from './swap/slots.ts';
import type { Visitor } from './visitor.ts';
import { walkModule } from './walk.ts';

export type { Asset, DynamicRequest, NamedImport, Reexport, Request };

export interface LinkOptions extends MetaLookups {
  /** For errors and maps. */
  readonly file: string;
  /** How much of it a later version can replace in place. Default: `off`. */
  readonly hotswap?: SwapLevel | undefined;
}

export interface Linked {
  /** `(function*($export,$module,…){…\n})`, in parentheses so that V8 compiles it at once. Line n is line n of the input. */
  readonly factory: string;
  /** Static imports and re-exports in source order, each specifier with its attributes once. The index is the dependency's. */
  readonly requests: readonly Request[];
  /** What is imported: `default` is a name like any other, `*` stands for the namespace object. */
  readonly imports: readonly NamedImport[];
  readonly exports: readonly string[];
  /** The name `*` stands for the namespace object. */
  readonly reexports: readonly Reexport[];
  readonly stars: readonly number[];
  /** The body awaits at top level. */
  readonly async: boolean;
  /** Literal specifiers elsewhere, in source order. */
  readonly dynamic: readonly DynamicRequest[];
  /** Every `import.meta.glob`; what it found is among the requests and the dynamic ones. */
  readonly globs: readonly GlobCall[];
  /** From the factory to the input. */
  map(): SourceMap;
}

/** What can be written down. */
export type LinkedFacts = Omit<Linked, 'map'>;

/** Throws an HmrError: SYNTAX, UNSUPPORTED for `await using` at top level, or GLOB. */
export function link(code: string, options: LinkOptions): Linked {
  const { edits: _, ...linked } = rewrite(code, options);
  // Linking again costs less than keeping every module's edits for a map that is rarely asked for.
  return { ...linked, map: () => rewrite(code, options).edits.map(options.file) };
}

type Rewritten = Omit<Linked, 'map'> & { readonly edits: Edits };

function rewrite(code: string, options: LinkOptions): Rewritten {
  return withDepthExplained(options.file, () => rewriteProgram(code, options));
}

/** The parser and the walk recurse. */
function withDepthExplained<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const location = { file, line: 1, column: 1 };
    throw new HmrError('UNSUPPORTED', 'This file nests expressions too deeply', { location, cause, hint: 'Split its longest expression.' });
  }
}

function rewriteProgram(code: string, { file, hotswap = 'off', ...lookups }: LinkOptions): Rewritten {
  const program = parseModule(code, file);
  const record = readModuleRecord(program);
  const edits = createEdits(code);
  const planned: (() => void)[] = [];
  const later = (edit: () => void): void => void planned.push(edit);
  const context = createLinkContext({ code, file, record, edits, later });
  const slots = hotswap === 'off' ? undefined : createSlots(program, hotswap, context);
  const awaits = createTopLevelAwait(context);
  const meta = createMetaUses(context, lookups);
  const defaultFunction = rewriteStatements(program, context, slots ? 'let' : 'const');
  const scope = walkModule(program, createVisitor(context, awaits, meta, slots));
  for (const edit of planned) edit();
  edits.dropHashbang();

  const { names } = context;
  const parameters = [names.exporter, names.module, ...names.deps].join(',');
  const before = (slots?.declarations(scope) ?? '') + hoistedExports(context, scope) + defaultFunction;
  const factory = edits.finish(`(function*(${parameters}){${before}yield;`, '\n})');
  const { requests, imports, exports, reexports, stars } = record;
  const facts = { requests, imports, exports, reexports, stars };
  return { ...facts, factory, async: awaits.found(), dynamic: meta.dynamic, globs: meta.globs, edits };
}

function createVisitor(context: LinkContext, awaits: TopLevelAwait, meta: MetaUses, slots: Slots | undefined): Visitor {
  const imports = createImportUses(context);
  const exports = createExportWrites(context);
  return {
    read: imports.read,
    write(id, parent, owner, state) {
      slots?.write(id, parent, owner, state);
      imports.write(id, parent, owner, state);
      exports.write(id, parent, owner, state);
    },
    follows(statement, previous) {
      if (context.code[previous.end - 1] !== ';') context.afterOpenEnd.add(statement.start);
    },
    hooks: {
      ...awaits.hooks,
      ...meta.hooks,
      ...exports.hooks,
      ...slots?.hooks,
      NewExpression(node, { scope }) {
        imports.enterNew(node);
        meta.enterNew(node, scope);
      },
    },
  };
}

/**
 * Whether a text needs to be a module: it has import or export declarations or `import.meta`. Text that is neither module nor
 * script is judged by the look of its lines, so that its syntax error is reported for what it was meant to be.
 */
export function hasModuleSyntax(code: string): boolean {
  if (!/\b(?:import|export)\b/.test(code)) return false;
  if (tryParse(code, 'script')) return false;
  const program = tryParse(code, 'module');
  if (!program) return /^\s*(?:export\b\s*[\w{*$]|import\b\s*[\w{*$'"])/m.test(code);
  let found = program.body.some(({ type }) => /^(?:Import|Export).*Declaration$/.test(type));
  if (!found) {
    const ignore = (): void => undefined;
    const hooks = {
      MetaProperty: (node: { readonly meta: { readonly name: string } }) => {
        if (node.meta.name === 'import') found = true;
      },
    };
    walkModule(program, { read: ignore, write: ignore, follows: ignore, hooks });
  }
  return found;
}
