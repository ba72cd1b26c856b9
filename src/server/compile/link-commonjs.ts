/**
 * CommonJS modules, which npm packages still ship, in the form of linked ones (see `src/runtime/commonjs.ts`). Their text is wrapped and not
 * parsed: what `require` gives is decided when it is called, so all that has to be known before is what may be asked for.
 */
import { createEdits } from './edits.ts';
import type { Linked, LinkOptions } from './link.ts';

/** Literal requests, those in comments and strings too: what does not resolve is left out, and what is never called never runs. */
const REQUIRE = /\brequire\s*\(\s*(["'])((?:(?!\1)[^\\\n])+)\1\s*\)/g;

const BEFORE = '(function*($export,$module){yield;$module.commonjs(function(exports,require,module,__filename,__dirname,global){';

export function linkCommonJs(code: string, { file }: LinkOptions): Linked {
  const specifiers = new Set([...code.matchAll(REQUIRE)].flatMap(([, , specifier]) => specifier ?? []));
  const wrap = () => {
    const edits = createEdits(code);
    if (code.startsWith('#!')) edits.replace(0, /^.*/.exec(code)?.[0].length ?? 0, '');
    return { edits, factory: edits.finish(BEFORE, '\n})\n})') };
  };
  return {
    factory: wrap().factory,
    requests: [],
    imports: [],
    exports: ['default'],
    reexports: [],
    stars: [],
    async: false,
    dynamic: [...specifiers].map((specifier) => ({ specifier, kind: 'require' })),
    map: () => wrap().edits.map(file),
  };
}
