import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';
import { compileScript, parse } from 'vue/compiler-sfc';

/**
 * Around a plugin that compiles Vue's components: adds what Vue's own tools add for hot updates. While the compiled script stays the same, only
 * the render function is exchanged, and the component's state stays; otherwise the component starts anew.
 */
export function vueHot(compiler: Plugin): Plugin {
  return {
    ...compiler,
    setup: (build) =>
      compiler.setup({
        ...build,
        onLoad: (options, load) =>
          build.onLoad(options, async (args) => {
            const loaded = await load(args);
            const isComponent = args.path.endsWith('.vue') && args.namespace === 'file' && args.suffix === '';
            if (!isComponent || typeof loaded?.contents !== 'string') return loaded;
            return { ...loaded, contents: withHotCode(loaded.contents, args.path) };
          }),
      }),
  };
}

/** @param code exports a component by the name that all compilers of Vue use, `_sfc_main` */
function withHotCode(code: string, path: string): string {
  const id = JSON.stringify(hash(path));
  const hot = `
_sfc_main.__hmrId = ${id};
_sfc_main.__hmrScript = '${hash(scriptOf(path))}';
if (import.meta.hot) {
  __VUE_HMR_RUNTIME__.createRecord(${id}, _sfc_main);
  import.meta.hot.accept(({ default: next }) => {
    if (next.__hmrScript === _sfc_main.__hmrScript) __VUE_HMR_RUNTIME__.rerender(${id}, next.render);
    else __VUE_HMR_RUNTIME__.reload(${id}, next);
  });
}
`;
  // In front of the map, which ends what it belongs to.
  const end = code.lastIndexOf('\n//# sourceMappingURL=');
  return end === -1 ? code + hot : code.slice(0, end) + hot + code.slice(end);
}

/** As compiled, since it also says which imports the template uses. */
function scriptOf(path: string): string {
  const { descriptor } = parse(readFileSync(path, 'utf8'), { filename: path });
  if (!descriptor.script && !descriptor.scriptSetup) return '';
  return compileScript(descriptor, { id: hash(path) }).content;
}

function hash(text: string): string {
  return createHash('sha1').update(text).digest('hex').slice(0, 8);
}
