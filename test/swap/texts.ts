/** The texts of a case's versions as the compile step emits them, for a host that has no compile step. */
import { createHash } from 'node:crypto';
import type { ModuleId } from '../../src/protocol.ts';
import { link } from '../../src/server/compile/link.ts';
import { linkPatch } from '../../src/server/compile/swap/link-patch.ts';
import type { Files, Level, SwapCase } from './case.ts';
import type { ModuleText, RunText, SaveText } from './host.ts';

/** It imports what may throw before the program, so that nothing of the program's own has happened by then that no journal knows. */
export const ENTRY = '/entry.js';
export const FAILS = '/fails.js';
/** What the module says that makes a save fail; the index of the save follows. */
export const FAILURE = 'fails on purpose';
export const CALM = 'export {};';
export const ENTRY_FILES: Files = { [ENTRY]: `import '${FAILS}';\nimport './main.js';`, [FAILS]: CALM };

/** @param resolve default: relative specifiers only */
export function moduleText(
  id: ModuleId,
  source: string,
  level: 'off' | Level,
  resolve = (specifier: string): ModuleId => new URL(specifier, `http://x${id}`).pathname,
): ModuleText {
  const linked = link(source, { file: id, hotswap: level });
  return {
    meta: {
      id,
      hash: createHash('sha1').update(source).digest('hex'),
      deps: linked.requests.map(({ specifier }) => resolve(specifier)),
      imports: linked.imports.map(({ dep, name }) => [dep, name] as const),
      exports: linked.exports,
      reexports: linked.reexports.map(({ as, dep, name }) => [as, dep, name] as const),
      stars: linked.stars,
      async: linked.async,
      specifiers: Object.fromEntries(linked.dynamic.map(({ specifier }) => [specifier, resolve(specifier)])),
    },
    factory: linked.factory,
    ...(level !== 'off' && { patch: linkPatch(source, { file: id, hotswap: level }).text }),
  };
}

function moduleTexts(files: Files, level: 'off' | Level): ModuleText[] {
  return Object.entries(files).map(([id, source]) => moduleText(id, source, level));
}

/** @param rollsBack each save that is not refused is made twice: with a module that throws, then alone */
export function runText(swapCase: SwapCase, level: 'off' | Level, rollsBack = false): RunText {
  const saves = swapCase.steps.map(({ save, refused }, index): SaveText => {
    const modules = moduleTexts(save, level);
    if (!rollsBack || refused !== undefined) return { modules };
    const throws = moduleText(FAILS, `${CALM}\nthrow new Error('${FAILURE} ${index}');`, level);
    return { modules: [...modules, moduleText(FAILS, CALM, level)], failsFirst: [throws, ...modules] };
  });
  return { entry: ENTRY, start: moduleTexts({ ...ENTRY_FILES, ...swapCase.files }, level), saves };
}
