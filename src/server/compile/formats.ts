/**
 * Which kind of module a JavaScript file is, by its extension, the `type` of its package, and its contents: many packages ship ES modules as
 * `.js` under `module` and never say `"type": "module"`.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readJsonObject } from './json-syntax.ts';
import { hasModuleSyntax } from './link.ts';

/** `node`: an ES module of a package that is written for Node's way with CommonJS (see `ModuleMeta.format`). */
export type Format = 'module' | 'node' | 'commonjs';

export interface Formats {
  /** @param text where it has been read already @throws HmrError `SYNTAX` for a broken package.json */
  of(filePath: string, text?: string): Format;
  /** In a package that says that its scripts do nothing but export. @throws HmrError `SYNTAX` */
  isPure(filePath: string): boolean;
  /** What its package says of what scripts do besides exporting: nothing, that some do something, or not a word. @throws HmrError `SYNTAX` */
  effects(filePath: string): Effects;
  /** Files came, went or changed. */
  clear(): void;
}

export type Effects = 'none' | 'listed' | 'unsaid';

const COMMONJS = /\b(?:module\s*\.\s*exports|exports\s*[.[]|require\s*\(|define\s*\.\s*amd|defineProperty\s*\(\s*exports\b)/;
/** At the start of a statement, or what looks like one. */
const MODULE = /(?:^|[;}])\s*(?:import|export)\b/m;

interface Package {
  readonly folder: string;
  readonly type: unknown;
  readonly effects: Effects;
}

/** @param root the served folder: what is in the same package as it is the author's own, and an ES module as it is in a browser */
export function createFormats(root: string): Formats {
  /** By folder. */
  const packages = new Map<string, Package | undefined>();
  const known = new Map<string, Format>();

  const packageOf = (folder: string): Package | undefined => {
    if (packages.has(folder)) return packages.get(folder);
    const file = path.join(folder, 'package.json');
    const parent = path.dirname(folder);
    const above = (): Package | undefined => (parent === folder ? undefined : packageOf(parent));
    const read = (): Package => {
      const { type, name, sideEffects } = readJsonObject(file);
      // One below the package's own often says nothing but its type.
      const isSilent = sideEffects === undefined && name === undefined;
      return { folder, type, effects: isSilent ? (above()?.effects ?? 'unsaid') : effectsOf(sideEffects) };
    };
    const found = existsSync(file) ? read() : above();
    packages.set(folder, found);
    return found;
  };

  const find = (filePath: string, text: string | undefined): Format => {
    const extension = path.extname(filePath).toLowerCase();
    if (extension === '.cjs') return 'commonjs';
    if (!/^\.m?js$/.test(extension)) return 'module';
    const owner = packageOf(path.dirname(filePath));
    if (extension === '.mjs' || owner?.type === 'module') return isInPackage(filePath) ? 'node' : 'module';
    if (!isInPackage(filePath) && owner?.folder === packageOf(root)?.folder) return 'module';
    const code = text ?? readFileSync(filePath, 'utf8');
    if (!MODULE.test(code)) return isInPackage(filePath) || COMMONJS.test(code) ? 'commonjs' : 'module';
    // Both may stand in comments and strings of the other.
    return COMMONJS.test(code) && !hasModuleSyntax(code) ? 'commonjs' : 'module';
  };

  const effects = (filePath: string): Effects => packageOf(path.dirname(filePath))?.effects ?? 'unsaid';

  return {
    of(filePath, text) {
      if (!isInPackage(filePath)) return find(filePath, text);
      const format = known.get(filePath) ?? find(filePath, text);
      known.set(filePath, format);
      return format;
    },
    isPure: (filePath) => isInPackage(filePath) && effects(filePath) === 'none',
    effects,
    clear() {
      packages.clear();
      known.clear();
    },
  };
}

/** @param sideEffects of a package.json; a list of stylesheets says nothing of scripts, other lists are for bundlers */
function effectsOf(sideEffects: unknown): Effects {
  if (!Array.isArray(sideEffects)) return sideEffects === false ? 'none' : 'unsaid';
  const isOfStyles = sideEffects.every((pattern) => typeof pattern === 'string' && /\.(?:css|less|s[ac]ss|styl)$/.test(pattern));
  return isOfStyles ? 'none' : 'listed';
}

export function isInPackage(filePath: string): boolean {
  return /[\\/]node_modules[\\/]/.test(filePath);
}
