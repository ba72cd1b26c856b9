/**
 * A page of components that are edited: packages come from this repository's own node_modules, the plugin from its source. The components
 * show everything that they keep, so that one text says what an edit did to whom.
 */
import type { TestContext } from 'node:test';
import type { PluginOption } from '../../src/server/config/config.ts';
import type { HotswapOption } from '../../src/server/config/hotswap-option.ts';
import { fixture } from '../harness/fixture.ts';
import { linkPackages } from './examples-support.ts';
import { html, openFolder, type HotSite } from './hot-page.ts';

export interface ComponentSite extends HotSite {
  /** Replaces text of a file, which has to be there, and waits until elements, by their ids, have these texts. */
  edit(name: string, from: string, to: string, shown: Readonly<Record<string, string>>): Promise<void>;
  shows(texts: Readonly<Record<string, string>>): Promise<void>;
}

/** @param ready texts by element id that the page shows first */
export async function openComponents(
  t: TestContext,
  plugins: PluginOption,
  contents: Readonly<Record<string, string>>,
  ready: Readonly<Record<string, string>>,
  hotswap: HotswapOption = 'classes',
): Promise<ComponentSite> {
  const files = await fixture({ 'index.html': html('/main.tsx'), ...contents });
  t.after(() => files[Symbol.asyncDispose]());
  await linkPackages(files);
  const site = await openFolder(t, files, { plugins: [plugins], hotswap });
  const shows = async (texts: Readonly<Record<string, string>>): Promise<void> => {
    for (const [id, text] of Object.entries(texts)) await site.tab.untilText(`#${id}`, text);
  };
  await shows(ready);
  await site.tab.markDocument();
  return {
    ...site,
    shows,
    async edit(name, from, to, shown) {
      const before = await files.read(name);
      if (!before.includes(from)) throw new Error(`${name} holds no ${from}:\n${before}`);
      await site.save({ [name]: before.replaceAll(from, () => to) });
      await shows(shown);
    },
  };
}
