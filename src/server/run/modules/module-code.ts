/**
 * From the text of a file to code that can be run any number of times: linked, and compiled once by V8. Each version of the program runs the
 * same script again, which makes new functions of it and shares nothing but what V8 has learned of the text.
 */
import v8 from 'node:v8';
import vm from 'node:vm';
import { keyOf, type LineCache } from '../../compile/line-cache.ts';
import { COMMONJS_PREFIX, linkNodeCommonJs, type LinkedCommonJs } from '../../compile/link-node-commonjs.ts';
import { compileAndLink, linkSourcePatch, type LinkAs, type LinkedSource, type LinkSourceOptions } from '../../compile/link-source.ts';
import { linkSourceSync } from '../../compile/link-source-sync.ts';
import { hasModuleSyntax, link, type LinkedFacts } from '../../compile/link.ts';
import { composeMaps, type RawSourceMap } from '../../compile/source-map.ts';
import type { PatchForm } from '../../../runtime/swap/patch-form.ts';
import type { SwapLevel } from '../../../runtime/swap/shape.ts';
import type { TsconfigRaw } from '../../compile/esbuild.ts';
import { loaderOf } from '../../compile/transform.ts';
import type { DeclaredFormat } from './module-format.ts';
import { hashOf } from '../../content-hash.ts';
import { HmrError } from '../../errors.ts';
import { mapStacks } from './stack-mapping.ts';

export interface ModuleSource {
  readonly filePath: string;
  readonly text: string;
  /** Its name in stacks and debuggers. */
  readonly url: string;
  readonly declared: DeclaredFormat;
  readonly tsconfigRaw: TsconfigRaw;
  readonly hotswap: SwapLevel;
}

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

type Linked =
  | { readonly format: 'module'; readonly linked: LinkedFacts & { map(): unknown } }
  | { readonly format: 'commonjs'; readonly linked: LinkedCommonJs };

/** What is written down of it. */
type Kept = { readonly isCompiled: boolean } & (
  | { readonly format: 'module'; readonly linked: LinkedFacts }
  | { readonly format: 'commonjs'; readonly linked: Omit<LinkedCommonJs, 'map'> }
);

const STRICT = '"use strict";';
/** Around a module that has the names of CommonJS too. */
const COMMONJS_NAMES = ['exports', 'require', 'module', '__filename', '__dirname'];
const NAMES_PREFIX = `(function(${COMMONJS_NAMES.join(',')}){return `;

/** Rejects with HmrError or SyntaxError. @param cache of what was linked before */
export async function compileModule(source: ModuleSource, cache: LineCache | undefined): Promise<ModuleCode> {
  if (source.declared === 'json') return { format: 'json', text: source.text };
  const known = lookUp(source, cache);
  return known ?? keep(source, await compileAndLink(source.text, linkOptions(source), linkAs(source)), cache);
}

/** @throws HmrError or SyntaxError */
export function compileModuleNow(source: ModuleSource, cache: LineCache | undefined): ModuleCode {
  if (source.declared === 'json') return { format: 'json', text: source.text };
  const known = lookUp(source, cache);
  return known ?? keep(source, linkSourceSync(source.text, linkOptions(source), linkAs(source)), cache);
}

function lookUp(source: ModuleSource, cache: LineCache | undefined): ModuleCode | undefined {
  const found = cache?.get(cacheKey(source)) as Kept | undefined;
  return found && toCode(source, found);
}

function keep(source: ModuleSource, { linked: made, compiled }: LinkedSource<Linked>, cache: LineCache | undefined): ModuleCode {
  const { map: _, ...linked } = made.linked;
  const kept = { format: made.format, linked, isCompiled: compiled !== undefined } as Kept;
  const code = toCode(source, kept);
  cache?.set(cacheKey(source), kept);
  return code;
}

function cacheKey({ filePath, text, declared, tsconfigRaw, hotswap }: ModuleSource): string {
  return keyOf(['run', filePath, declared, tsconfigRaw, hotswap], text);
}

/** What puts a module's text in the place of what runs; undefined where that is not possible. Rejects with HmrError. */
export async function compilePatch(source: ModuleSource): Promise<PatchForm | undefined> {
  const { linked } = await linkSourcePatch(source.text, linkOptions(source));
  return linked && (compileScript(STRICT + linked.text, source, STRICT.length)() as PatchForm);
}

function linkOptions({ filePath, tsconfigRaw, hotswap }: ModuleSource): LinkSourceOptions {
  return { file: filePath, loader: loaderOf(filePath), tsconfigRaw, define: {}, hotswap, globOf: noGlob };
}

/** Else it would be an object without files. */
function noGlob(): never {
  throw new HmrError('GLOB', 'import.meta.glob is there in pages only', { hint: 'Read the folder, and import() what is in it.' });
}

function linkAs({ declared }: ModuleSource): LinkAs<Linked> {
  return (code, options) => {
    const isModule = declared === 'module' || (declared !== 'commonjs' && hasModuleSyntax(code));
    return isModule
      ? { format: 'module', linked: link(code, options) }
      : { format: 'commonjs', linked: linkNodeCommonJs(code, options.file) };
  };
}

function toCode(source: ModuleSource, kept: Kept): ModuleCode {
  const map = (): RawSourceMap | undefined => mapOf(source);
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

/** By doing it again: a map is needed for one module in a thousand. */
function mapOf(source: ModuleSource): RawSourceMap | undefined {
  const { linked: made, compiled } = linkSourceSync(source.text, { ...linkOptions(source), withMap: true }, linkAs(source));
  const map = made.linked.map() as RawSourceMap;
  return composeMaps({ link: map, compile: compiled?.map, source: source.filePath, content: source.text, linesBefore: 0 });
}
