/**
 * From the text of a file to code that can be run any number of times: linked, and compiled once by V8. Each version of the program runs the
 * same script again, which makes new functions of it and shares nothing but what V8 has learned of the text.
 */
import v8 from 'node:v8';
import vm from 'node:vm';
import { keyOf, type LineCache } from '../../compile/line-cache.ts';
import { COMMONJS_PREFIX } from '../../compile/commonjs-prefix.ts';
import type { LinkedCommonJs } from '../../compile/link-node-commonjs.ts';
import type { LinkedSource } from '../../compile/link-source.ts';
import type { LinkedFacts } from '../../compile/link.ts';
import type { RawSourceMap } from '../../compile/source-map.ts';
import type { PatchForm } from '../../../runtime/swap/patch-form.ts';
import { hashOf } from '../../content-hash.ts';
import type { LinkedModule, Linker, ModuleSource } from './linker.ts';
import { mapStacks } from './stack-mapping.ts';

export type ModuleCode = EsModuleCode | CommonJsCode | JsonCode;

interface Runnable {
  /** Gives what the text evaluates to, new each time. */
  run(): unknown;
  readonly scriptText: string;
  /** Of what it does: the same for two texts that differ in types and comments only. */
  readonly hash: string;
  /** From the script to what the author wrote; made when a stack asks. */
  map(): RawSourceMap | undefined;
}

export interface EsModuleCode extends Runnable {
  readonly format: 'module';
  readonly linked: LinkedFacts;
  /** It was compiled before it was linked: places in it are not the author's. */
  readonly isCompiled: boolean;
  /** It has the names of CommonJS too: `run` gives a function of them. */
  readonly hasCommonJsNames: boolean;
}

export interface CommonJsCode extends Runnable {
  readonly format: 'commonjs';
  readonly linked: Pick<LinkedCommonJs, 'imports' | 'names' | 'reexports'>;
}

export interface JsonCode {
  readonly format: 'json';
  readonly text: string;
}

/** What is written down of it. */
type Kept = { readonly isCompiled: boolean } & (
  | { readonly format: 'module'; readonly linked: LinkedFacts }
  | { readonly format: 'commonjs'; readonly linked: Omit<LinkedCommonJs, 'map'> }
);

const STRICT = '"use strict";';
/** Around a module that has the names of CommonJS too. */
const COMMONJS_NAMES = ['exports', 'require', 'module', '__filename', '__dirname'];
const NAMES_PREFIX = `(function(${COMMONJS_NAMES.join(',')}){return `;

export interface ModuleCompiler {
  /** Rejects with HmrError or SyntaxError. */
  compile(source: ModuleSource): Promise<ModuleCode>;
  /** @throws HmrError or SyntaxError */
  compileNow(source: ModuleSource): ModuleCode;
  /** What puts a module's text in the place of what runs; undefined where that is not possible. Rejects with HmrError. */
  compilePatch(source: ModuleSource): Promise<PatchForm | undefined>;
}

/** @param linker not asked for what was linked before @param cache of that */
export function createModuleCompiler(linker: () => Linker, cache: LineCache | undefined): ModuleCompiler {
  const lookUp = (source: ModuleSource): ModuleCode | undefined => {
    if (source.declared === 'json') return { format: 'json', text: source.text };
    const found = cache?.get(cacheKey(source)) as Kept | undefined;
    return found && toCode(source, found, linker);
  };
  const keep = (source: ModuleSource, { linked: made, compiled }: LinkedSource<LinkedModule>): ModuleCode => {
    const { map: _, ...linked } = made.linked;
    const kept = { format: made.format, linked, isCompiled: compiled !== undefined } as Kept;
    const code = toCode(source, kept, linker);
    cache?.set(cacheKey(source), kept);
    return code;
  };
  return {
    compile: async (source) => lookUp(source) ?? keep(source, await linker().link(source)),
    compileNow: (source) => lookUp(source) ?? keep(source, linker().linkNow(source)),
    async compilePatch(source) {
      const { linked } = await linker().linkPatch(source);
      return linked && (compileScript(STRICT + linked.text, source, STRICT.length)() as PatchForm);
    },
  };
}

function cacheKey({ filePath, text, declared, tsconfigRaw, hotswap }: ModuleSource): string {
  return keyOf(['run', filePath, declared, tsconfigRaw, hotswap], text);
}

function toCode(source: ModuleSource, kept: Kept, linker: () => Linker): ModuleCode {
  const map = (): RawSourceMap | undefined => linker().mapOf(source);
  const { isCompiled } = kept;
  const { factory } = kept.linked;
  // Told apart by V8's hash of the text: two versions may differ in the lines of types only.
  const mark = isCompiled ? `\n//${hashOf(source.text)}` : '';
  if (kept.format === 'commonjs') {
    const { imports, names, reexports } = kept.linked;
    const scriptText = factory + mark;
    const run = compileScript(scriptText, source, COMMONJS_PREFIX.length);
    const code = { linked: { imports, names, reexports }, run, scriptText, hash: hashOf(factory), map };
    return named({ format: 'commonjs', ...code }, source);
  }
  const hasCommonJsNames = source.declared === 'typescript' && /\b(?:require|module|exports|__filename|__dirname)\b/.test(source.text);
  const before = STRICT + (hasCommonJsNames ? NAMES_PREFIX : '');
  const scriptText = before + factory + (hasCommonJsNames ? '})' : '') + mark;
  const run = compileScript(scriptText, source, before.length);
  const code = { linked: kept.linked, isCompiled, hasCommonJsNames, run, scriptText, hash: hashOf(before + factory), map };
  return named({ format: 'module', ...code }, source);
}

function named<T extends EsModuleCode | CommonJsCode>(code: T, { url }: ModuleSource): T {
  mapStacks(url, code);
  return code;
}

/** @param columns in front of the text on its first line */
function compileScript(text: string, { url }: ModuleSource, columns: number): () => unknown {
  // V8 keeps scripts that it compiled for who compiles the same again (400 kB a reload); here nobody does.
  v8.setFlagsFromString('--no-compilation-cache');
  try {
    const script = new vm.Script(text, {
      filename: url,
      columnOffset: -columns,
      // Of text that the program makes functions of: `new Function('s', 'return import(s)')`.
      importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    });
    return () => script.runInThisContext() as unknown;
  } finally {
    v8.setFlagsFromString('--compilation-cache');
  }
}
