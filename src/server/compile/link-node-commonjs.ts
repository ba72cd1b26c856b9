/**
 * CommonJS as a Node program has it: its own files, in sloppy mode, with all that Node puts around them. Unlike that of packages in a page
 * (link-commonjs.ts) its `import()`s are found by a parser, since here a text with "import(" in it is somebody's own; and what it exports is told
 * before it runs, by the lexer that Node has for it.
 */
import { initSync, parse as lex } from 'cjs-module-lexer';
import { COMMONJS_PREFIX } from './commonjs-prefix.ts';
import { createEdits, type SourceMap } from './edits.ts';
import { literalText, tryParse, type AnyNode } from './parse.ts';
import { children } from './swap/syntax.ts';

export interface LinkedCommonJs {
  /** A function of `exports, require, module, __filename, __dirname` and what stands for `import`. Line n is line n of the input. */
  readonly factory: string;
  /** Literal specifiers of `import()`. */
  readonly imports: readonly string[];
  /** Names that it exports, as far as the text tells. */
  readonly names: readonly string[];
  /** Literal specifiers whose module's names are its own too. */
  readonly reexports: readonly string[];
  map(): SourceMap;
}

export function linkNodeCommonJs(code: string, file: string): LinkedCommonJs {
  const edits = createEdits(code);
  edits.dropHashbang();
  const imports: string[] = [];
  for (const { start, specifier } of importCalls(code)) {
    edits.replace(start, start + 'import'.length, '$dynamicImport');
    if (specifier !== undefined) imports.push(specifier);
  }
  return { factory: edits.finish(COMMONJS_PREFIX, '\n})'), imports, ...namesOf(code), map: () => edits.map(file) };
}

/** What a CommonJS text exports. */
export function namesOf(code: string): Pick<LinkedCommonJs, 'names' | 'reexports'> {
  initSync();
  try {
    const { exports: names, reexports } = lex(code);
    return { names: [...new Set(names)], reexports };
  } catch {
    return { names: [], reexports: [] }; // Not to be lexed: as in Node, it has a default export and no more.
  }
}

interface ImportCall {
  readonly start: number;
  readonly specifier: string | undefined;
}

/** Outer ones first. */
function importCalls(code: string): ImportCall[] {
  if (!/\bimport\s*\(/.test(code)) return [];
  const before = '(function(){';
  const program = tryParse(`${before}${code.replace(/^#!/, '//')}\n})`, 'script');
  const found: ImportCall[] = [];
  const visit = (node: AnyNode): void => {
    if (node.type === 'ImportExpression') found.push({ start: node.start - before.length, specifier: literalText(node.source) });
    for (const child of children(node)) visit(child);
  };
  if (program) visit(program);
  return found;
}
