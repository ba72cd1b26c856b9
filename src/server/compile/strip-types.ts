/**
 * Types and JSX removed in this process: 0.04 ms a file against 0.3 through esbuild's pipe when many are asked for, and 0.2 against 1.7 for the
 * one file of a save, whose answer has to wake another process. It takes what nearly all code is. What it does not take, or finds a mistake
 * in, is esbuild's, which lowers more and explains mistakes better.
 */
import type * as Oxc from 'oxc-transform';
import { isInPackage } from './formats.ts';
import type { Refresh } from './plugins/plugin.ts';
import { asksForDefined, DEFINE, type Transformed, type TransformOptions } from './transform.ts';

/** Undefined: esbuild has to do it. Decorators and `accessor` stay in, for the parser to refuse. */
export type StripTypes = (source: string, options: TransformOptions) => Transformed | undefined;

let loading: Promise<StripTypes> | undefined;
let loaded: StripTypes | undefined;

/** A page of plain JavaScript never pays for it. */
export function loadStripTypes(): Promise<StripTypes> {
  return (loading ??= import('oxc-transform').then(
    ({ transformSync }) => (loaded = (source, options) => stripTypes(transformSync, source, options)),
  ));
}

/** The same at once; undefined also as long as nobody has loaded it. */
export const stripTypesSync: StripTypes = (source, options) => loaded?.(source, options);

function stripTypes(transformSync: typeof Oxc.transformSync, source: string, options: TransformOptions): Transformed | undefined {
  const { filePath, loader, tsconfigRaw, format, define = DEFINE, withMap = false, isFirstStep = false } = options;
  const { compilerOptions = {} } = tsconfigRaw;
  if (!isFirstStep && (isUnusual(compilerOptions, options.refresh) || (loader !== 'js' && USING.test(source)))) return undefined;
  const isAsked = !isFirstStep && asksForDefined(source, define);
  // Here a definition also takes away what is never used. Of an author's module that is more than was asked for.
  if (isAsked && !isInPackage(filePath)) return undefined;
  const { code, map, errors } = transformSync(filePath, source, {
    ...nativeOptions(compilerOptions, options.refresh),
    lang: loader,
    sourceType: format === 'commonjs' ? 'commonjs' : 'module',
    sourcemap: withMap,
    ...(isAsked && { define }),
  });
  if (errors.length > 0) return undefined;
  return { code, map: map && { ...map, version: 3 } };
}

/** A declaration with `using`, which not all browsers run. */
const USING = /\busing[ \t]+[^\s=:;,()]+\s*(?:[=:]|of\b)/;

/** From these targets on class fields are defined and not assigned, says TypeScript. */
const DEFINES_FIELDS = /^es(?:next|20(?:2[2-9]|[3-9]\d))$/i;

type CompilerOptions = Exclude<NonNullable<Exclude<TransformOptions['tsconfigRaw'], string>>['compilerOptions'], undefined>;

function isUnusual(options: CompilerOptions, refresh: Refresh | undefined): boolean {
  const { target, useDefineForClassFields = target === undefined || DEFINES_FIELDS.test(target) } = options;
  if (options.experimentalDecorators === true || options.preserveValueImports === true) return true;
  return options.importsNotUsedAsValues !== undefined || !useDefineForClassFields || (options.jsx === 'react-jsxdev' && !refresh);
}

function nativeOptions(options: CompilerOptions, refresh: Refresh | undefined): Oxc.TransformOptions {
  const { jsx = refresh ? 'react-jsx' : 'react' } = options;
  const importSource = options.jsxImportSource ?? refresh?.importSource;
  const isAutomatic = jsx === 'react-jsx' || jsx === 'react-jsxdev';
  return {
    target: 'esnext',
    typescript: { onlyRemoveTypeImports: (options.verbatimModuleSyntax ?? false) || options.preserveValueImports === true },
    jsx: {
      runtime: isAutomatic ? 'automatic' : 'classic',
      throwIfNamespace: false,
      ...(refresh && { refresh: true, development: isAutomatic && (jsx === 'react-jsxdev' || refresh.development === true) }),
      ...(importSource !== undefined && { importSource }),
      ...(options.jsxFactory !== undefined && { pragma: options.jsxFactory }),
      ...(options.jsxFragmentFactory !== undefined && { pragmaFrag: options.jsxFragmentFactory }),
    },
  };
}
