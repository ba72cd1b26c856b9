/**
 * What makes the linked form of a file, with all that it takes: parser, remover of types, lexer. A bundle of its own, loaded with the first file that has to be
 * linked, since this is most of the code that a program waits for, and one that starts as it was last time needs none of it.
 */
import { linkNodeCommonJs, namesOf, type LinkedCommonJs } from '../../compile/link-node-commonjs.ts';
import { compileAndLink, linkSourcePatch, type LinkAs, type LinkedSource, type LinkSourceOptions } from '../../compile/link-source.ts';
import { linkSourceSync } from '../../compile/link-source-sync.ts';
import { hasModuleSyntax, link, type LinkedFacts } from '../../compile/link.ts';
import { composeMaps, type RawSourceMap } from '../../compile/source-map.ts';
import type { LinkedPatch } from '../../compile/swap/link-patch.ts';
import type { SwapLevel } from '../../../runtime/swap/shape.ts';
import type { TsconfigRaw } from '../../compile/esbuild.ts';
import { loaderOf } from '../../compile/transform.ts';
import { HmrError } from '../../errors.ts';
import type { DeclaredFormat } from './module-format.ts';

export interface Linker {
  /** Rejects with HmrError or SyntaxError. */
  link(source: ModuleSource): Promise<LinkedSource<LinkedModule>>;
  /** @throws HmrError or SyntaxError */
  linkNow(source: ModuleSource): LinkedSource<LinkedModule>;
  /** Rejects with HmrError. */
  linkPatch(source: ModuleSource): Promise<LinkedSource<LinkedPatch | undefined>>;
  mapOf(source: ModuleSource): RawSourceMap | undefined;
  /** What a CommonJS text exports. */
  namesOf(code: string): Pick<LinkedCommonJs, 'names' | 'reexports'>;
}

export interface ModuleSource {
  readonly filePath: string;
  readonly text: string;
  /** Its name in stacks and debuggers. */
  readonly url: string;
  readonly declared: DeclaredFormat;
  readonly tsconfigRaw: TsconfigRaw;
  readonly hotswap: SwapLevel;
}

export type LinkedModule =
  | { readonly format: 'module'; readonly linked: LinkedFacts & { map(): unknown } }
  | { readonly format: 'commonjs'; readonly linked: LinkedCommonJs };

export const linker: Linker = {
  link: async (source) => compileAndLink(source.text, linkOptions(source), linkAs(source)),
  linkNow: (source) => linkSourceSync(source.text, linkOptions(source), linkAs(source)),
  linkPatch: async (source) => linkSourcePatch(source.text, linkOptions(source)),
  mapOf,
  namesOf,
};

/** By doing it again: a map is needed for one module in a thousand. */
function mapOf(source: ModuleSource): RawSourceMap | undefined {
  const { linked: made, compiled } = linkSourceSync(source.text, { ...linkOptions(source), withMap: true }, linkAs(source));
  const map = made.linked.map() as RawSourceMap;
  return composeMaps({ link: map, compile: compiled?.map, source: source.filePath, content: source.text, linesBefore: 0 });
}

function linkOptions({ filePath, tsconfigRaw, hotswap }: ModuleSource): LinkSourceOptions {
  return { file: filePath, loader: loaderOf(filePath), tsconfigRaw, define: {}, hotswap, globOf: noGlob };
}

/** Else it would be an object without files. */
function noGlob(): never {
  throw new HmrError('GLOB', 'import.meta.glob is there in pages only', { hint: 'Read the folder, and import() what is in it.' });
}

function linkAs({ declared }: ModuleSource): LinkAs<LinkedModule> {
  return (code, options) => {
    const isModule = declared === 'module' || (declared !== 'commonjs' && hasModuleSyntax(code));
    return isModule
      ? { format: 'module', linked: link(code, options) }
      : { format: 'commonjs', linked: linkNodeCommonJs(code, options.file) };
  };
}
