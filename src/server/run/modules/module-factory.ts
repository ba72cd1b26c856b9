/**
 * The code of a module as a factory of the hot core: ES modules are factories as they are linked, CommonJS and JSON get one around them. Each call
 * runs the script again, so that versions share no function.
 */
import type { ModuleId } from '../../../protocol.ts';
import type { Factory } from '../../../runtime/format.ts';
import { fileOfId } from './file-ids.ts';
import type { ProgramModule } from './modules.ts';
import type { NodeCommonJs } from './node-commonjs.ts';

/** Each instance gets functions of its own. */
export function factoryOf({ id, code }: ProgramModule, commonJs: () => NodeCommonJs | undefined): Factory {
  if (code.format === 'module') {
    if (!code.hasCommonJsNames) return (...given) => (code.run() as Factory)(...given);
    return (...given) => (code.run() as (...names: readonly unknown[]) => Factory)(...(commonJs()?.namesFor(id) ?? []))(...given);
  }
  return function* (_write, $module) {
    yield;
    $module.commonjs(bodyOf(id, code, $module.import));
  };
}

type Body = Parameters<Parameters<Factory>[1]['commonjs']>[0];

function bodyOf(id: ModuleId, code: Exclude<ProgramModule['code'], { format: 'module' }>, dynamicImport: unknown): Body {
  if (code.format === 'json') return (_exports, _require, module) => void (module.exports = parseJson(code.text, fileOfId(id)));
  const run = code.run() as (this: unknown, ...names: unknown[]) => void;
  if (code.linked.imports.length === 0 && !code.scriptText.includes('$dynamicImport(')) return run as Body;
  return function (this: unknown, ...names) {
    run.call(this, ...names.slice(0, 5), dynamicImport);
  };
}

/** As `require` says what is wrong. */
function parseJson(text: string, filePath: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof Error) error.message = `${filePath}: ${error.message}`;
    throw error;
  }
}
