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
  /** Files came, went or changed. */
  clear(): void;
}

const COMMONJS = /\b(?:module\s*\.\s*exports|exports\s*[.[]|require\s*\(|define\s*\.\s*amd|defineProperty\s*\(\s*exports\b)/;
/** At the start of a statement, or what looks like one. */
const MODULE = /(?:^|[;}])\s*(?:import|export)\b/m;

export function createFormats(): Formats {
  const types = new Map<string, unknown>();
  const known = new Map<string, Format>();

  const packageType = (folder: string): unknown => {
    if (!types.has(folder)) {
      const file = path.join(folder, 'package.json');
      const parent = path.dirname(folder);
      types.set(folder, existsSync(file) ? readJsonObject(file)['type'] : parent === folder ? undefined : packageType(parent));
    }
    return types.get(folder);
  };

  const find = (filePath: string, text: string | undefined): Format => {
    const extension = path.extname(filePath).toLowerCase();
    if (extension === '.cjs') return 'commonjs';
    if (!/^\.m?js$/.test(extension)) return 'module';
    const isModule = extension === '.mjs' || packageType(path.dirname(filePath)) === 'module';
    if (isModule) return isInPackage(filePath) ? 'node' : 'module';
    const code = text ?? readFileSync(filePath, 'utf8');
    if (!MODULE.test(code)) return isInPackage(filePath) || COMMONJS.test(code) ? 'commonjs' : 'module';
    // Both may stand in comments and strings of the other.
    return COMMONJS.test(code) && !hasModuleSyntax(code) ? 'commonjs' : 'module';
  };

  return {
    of(filePath, text) {
      if (!isInPackage(filePath)) return find(filePath, text);
      const format = known.get(filePath) ?? find(filePath, text);
      known.set(filePath, format);
      return format;
    },
    clear() {
      types.clear();
      known.clear();
    },
  };
}

export function isInPackage(filePath: string): boolean {
  return /[\\/]node_modules[\\/]/.test(filePath);
}
