/**
 * A page of components that are edited: packages come from this repository's own node_modules, the plugin from its source. The components
 * show everything that they keep, so that one text says what an edit did to whom.
 */
import { symlink } from 'node:fs/promises';
import path from 'node:path';
import type { TestContext } from 'node:test';
import type { Plugin } from '../../src/server/compile/plugins/plugin.ts';
import { REPOSITORY } from '../harness/built.ts';
import { fixture } from '../harness/fixture.ts';
import { html, openFolder, type HotSite } from './hot-page.ts';

export interface ComponentSite extends HotSite {
  /** Saves, and waits until an element of the page has this text. */
  edit(changes: Readonly<Record<string, string>>, selector: string, text: string): Promise<void>;
}

/** @param ready selector and text of what the page shows first */
export async function openComponents(
  t: TestContext,
  plugin: Plugin,
  contents: Readonly<Record<string, string>>,
  ready: readonly [selector: string, text: string],
): Promise<ComponentSite> {
  const files = await fixture({ 'index.html': html('/main.tsx'), ...contents });
  t.after(() => files[Symbol.asyncDispose]());
  await symlink(path.join(REPOSITORY, 'node_modules'), files.resolve('node_modules'), 'dir');
  const site = await openFolder(t, files, { plugins: [plugin] });
  await site.tab.untilText(...ready);
  await site.tab.markDocument();
  return {
    ...site,
    async edit(changes, selector, text) {
      await site.save(changes);
      await site.tab.untilText(selector, text);
    },
  };
}
