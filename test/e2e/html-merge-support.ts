/** A page whose HTML is edited, for the tests of merging. */
import type { TestContext } from 'node:test';
import { withDeadline } from '../harness/diagnostics.ts';
import type { FixtureFiles } from '../harness/fixture.ts';
import { nextOutcomes } from './hot-page.ts';
import { openFolder, page, type Session } from './robust-support.ts';

export const BODY = `<h1>one</h1><p id="text">text</p><input id="name"><ul><li>a</li><li>b</li></ul>`;

export interface Site extends Session {
  /** Edits the page; what it did about that. */
  edit(from: string | RegExp, to: string): Promise<string>;
  /** The same for an edit that reloads the page. */
  editAndReload(from: string | RegExp, to: string): Promise<string>;
  ask<T>(code: string): Promise<T>;
}

export async function openSite(t: TestContext, body = BODY, head = '', more: FixtureFiles = {}): Promise<Site> {
  const session = await openFolder(t, { 'index.html': page(body, head), ...more });
  const { server, files, tab } = session;
  const edit: Site['edit'] = async (from, to) => {
    const told = nextOutcomes(server, 1);
    await files.edit('index.html', from, to);
    const [report] = await withDeadline(told, `what the page did about ${to}`);
    return report?.text ?? '';
  };
  return {
    ...session,
    edit,
    async editAndReload(from, to) {
      const loaded = tab.page.waitForEvent('load');
      const text = await edit(from, to);
      await loaded;
      await tab.markDocument();
      return text;
    },
    ask: (code) => tab.page.evaluate(code) as Promise<never>,
  };
}

/** Counts its runs. */
