/**
 * CommonJS modules, which npm packages still ship, in the form of linked ones (see `src/runtime/commonjs.ts`). Their text is wrapped and not
 * taken apart: what `require` gives is decided when it is called, so all that has to be known before is what may be asked for.
 */
import { Script } from 'node:vm';
import { createEdits, type Edits } from './edits.ts';
import type { Linked, LinkOptions } from './link.ts';

/** Literal requests, those in comments and strings too: what does not resolve is left out, and what is never called never runs. */
const REQUIRE = /\brequire\s*\(\s*(?:\/\*.*?\*\/\s*)?(["'`])((?:(?!\1|\$\{)[^\\\n])+)\1\s*\)/g;
const IMPORT = /(?<![.\w$#])import\s*\(\s*(?:(["'`])((?:(?!\1|\$\{)[^\\\n])+)\1)?/g;

const PARAMETERS = 'exports,require,module,__filename,__dirname';

interface Wrapped {
  readonly edits: Edits;
  readonly factory: string;
}

function wrap(code: string, parameters: string, rewritesImports: boolean): Wrapped {
  const edits = createEdits(code);
  edits.dropHashbang();
  if (rewritesImports) for (const { index } of code.matchAll(IMPORT)) edits.replace(index, index + 'import'.length, '$module.import');
  return { edits, factory: edits.finish(`(function*($export,$module){yield;$module.commonjs(function(${parameters}){`, '\n})\n})') };
}

/** All of a script is compiled at once: what one module of it gets wrong would be the end of all. */
function problemOf({ factory }: Wrapped): string | undefined {
  try {
    new Script(`"use strict";${factory}`);
    return undefined;
  } catch (error) {
    return String(error);
  }
}

export function linkCommonJs(code: string, { file }: LinkOptions): Linked {
  const wrapped = tryWraps(code, file);
  return {
    factory: wrapped.factory,
    requests: [],
    imports: [],
    exports: ['default'],
    reexports: [],
    stars: [],
    async: false,
    dynamic: [...requestsOf(code, REQUIRE, 'require'), ...requestsOf(code, IMPORT, 'import')],
    globs: [],
    map: () => tryWraps(code, file).edits.map(file),
  };
}

/** Some declare `global` themselves, and some have `import(` as the name of a method. */
function tryWraps(code: string, file: string): Wrapped {
  let problem: string | undefined;
  for (const [parameters, rewritesImports] of [
    [`${PARAMETERS},global`, true] as const,
    [PARAMETERS, true] as const,
    [PARAMETERS, false] as const,
  ]) {
    const wrapped = wrap(code, parameters, rewritesImports);
    const found = problemOf(wrapped);
    if (found === undefined) return wrapped;
    problem ??= found;
  }
  const message = JSON.stringify(`${file}: ${problem} (CommonJS that strict mode refuses)`);
  return { edits: createEdits(code), factory: `(function*($export,$module){yield;throw new SyntaxError(${message})})` };
}

function requestsOf<K extends 'require' | 'import'>(code: string, pattern: RegExp, kind: K): { specifier: string; kind: K }[] {
  const specifiers = new Set([...code.matchAll(pattern)].flatMap(([, , specifier]) => specifier ?? []));
  return [...specifiers].map((specifier) => ({ specifier, kind }));
}
