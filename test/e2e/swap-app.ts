/**
 * An app that is edited many times in one page: each edit says what must be on screen after it, and the state on screen, read before and
 * after, must differ in what the edit says it loses, and in nothing else.
 */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { DEADLINE_MS } from '../harness/diagnostics.ts';
import { fixture } from '../harness/fixture.ts';
import { linkPackages } from './examples-support.ts';
import { openFolder, type HotOptions, type HotSite } from './hot-page.ts';

/** What may be on the list, and how it is counted: a module that is the same in each of the apps. */
export const FILTERS = `export const FILTERS = {
  all: { label: 'All', accepts: () => true },
  open: { label: 'Open', accepts: (todo) => !todo.done },
};

export function count(n) {
  return n + ' left';
}
`;

export type Replacement = readonly [from: string, to: string];

/** Text by selector (`main h1`), attribute (`input @placeholder`), computed style (`li ::color`); null: there is none. */
export type Screen = Readonly<Record<string, string | null>>;

export interface AppEdit {
  readonly what: string;
  readonly edit: Readonly<Record<string, readonly Replacement[]>>;
  /** A new file. */
  readonly add?: Readonly<Record<string, string>>;
  /** What the developer does in the page before looking. */
  readonly act?: string;
  readonly shows: Screen;
  /** What `state()` says otherwise afterwards. Default: nothing. */
  readonly loses?: readonly string[];
  /** Each is in a line of the page's console. Default: nothing but what was updated. */
  readonly says?: readonly RegExp[];
  readonly reloads?: true;
}

export interface App {
  readonly files: Readonly<Record<string, string>>;
  /** In the page: makes the state, of a page that was just loaded too. */
  readonly arrange: string;
  /** In the page: an object of what is to survive. */
  readonly state: string;
  readonly ready: Screen;
  readonly edits: readonly AppEdit[];
  readonly options: HotOptions;
}

/** What the console says of every update. */
const ROUTINE = /^(?:hot updated|css hot updated|hot updated in place)\b|^connected/;

export async function editApp(t: TestContext, app: App): Promise<void> {
  const files = await fixture(app.files);
  t.after(() => files[Symbol.asyncDispose]());
  await linkPackages(files);
  const site = await openFolder(t, files, app.options);
  await shows(site, app.ready);
  await site.page.evaluate(app.arrange);
  const texts = new Map(Object.entries(app.files));
  for (const edit of app.edits) {
    await t.test(edit.what, async () => {
      const before = await stateOf(site, app);
      const changes = apply(texts, edit);
      await site.printed();
      await site.tab.markDocument();
      if (edit.reloads) await site.saveAndReload(changes);
      else await save(site, changes, edit);
      if (edit.act !== undefined) await site.page.evaluate(edit.act);
      await shows(site, edit.shows);
      assert.equal(await site.tab.isSameDocument(), !edit.reloads, 'whether the page was reloaded');
      const after = await stateOf(site, app);
      assert.deepEqual(changedKeys(before, after), edit.loses ?? [], `state\nwas ${JSON.stringify(before)}\nis  ${JSON.stringify(after)}`);
      const said = (await site.printed()).filter((line) => !ROUTINE.test(line));
      for (const pattern of edit.says ?? []) assert.match(said.join('\n'), pattern);
      if (!edit.says) assert.deepEqual(said, []);
      assert.deepEqual(site.tab.errors, []);
    });
    if (edit.loses) await site.page.evaluate(app.arrange);
  }
}

/** Scripts go together; what they need comes before. */
async function save(site: HotSite, changes: Readonly<Record<string, string>>, { edit }: AppEdit): Promise<void> {
  const scripts = Object.entries(changes).filter(([name]) => edit[name] && /[jt]sx?$/.test(name));
  for (const [name, text] of Object.entries(changes)) if (!scripts.some(([script]) => script === name)) await site.save({ [name]: text });
  if (scripts.length === 1) await site.save(Object.fromEntries(scripts));
  else if (scripts.length > 1) await site.saveTogether(Object.fromEntries(scripts));
}

function apply(texts: Map<string, string>, { edit, add = {} }: AppEdit): Record<string, string> {
  const changes: Record<string, string> = { ...add };
  for (const [name, replacements] of Object.entries(edit)) {
    changes[name] = replacements.reduce(
      (text, [from, to]) => {
        assert.equal(text.split(from).length, 2, `${name} holds ${JSON.stringify(from)} once:\n${text}`);
        return text.replace(from, () => to);
      },
      texts.get(name) ?? '',
    );
  }
  for (const [name, text] of Object.entries(changes)) texts.set(name, text);
  return changes;
}

type State = Readonly<Record<string, unknown>>;

const stateOf = ({ page }: HotSite, { state }: App): Promise<State> => page.evaluate(`(${state})()`);

function changedKeys(before: State, after: State): string[] {
  return Object.keys(before).filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
}

/** Runs in the page, as text since the compiler of tests puts its own names into functions; looks into open shadow roots, after ` >>> `. */
const LOOK = `(keys) => {
  const find = (way) => way.split(' >>> ').reduce(({ root }, part) => {
    const element = root?.querySelector(part) ?? null;
    return { element, root: element?.shadowRoot };
  }, { root: document }).element;
  return Object.fromEntries(keys.map((key) => {
    const [, way, kind, name] = /^(.*?)(?: (@|::)([\\w-]+))?$/.exec(key);
    const element = find(way);
    if (!element) return [key, null];
    if (kind === '@') return [key, element.getAttribute(name)];
    if (kind === '::') return [key, getComputedStyle(element).getPropertyValue(name)];
    return [key, element.textContent.replace(/\\s+/g, ' ').trim()];
  }));
}`;

async function shows({ page }: HotSite, screen: Screen): Promise<void> {
  const now = `(${LOOK})(${JSON.stringify(Object.keys(screen))})`;
  await page
    .waitForFunction(`JSON.stringify(${now}) === ${JSON.stringify(JSON.stringify(screen))}`, undefined, { timeout: DEADLINE_MS })
    .catch(() => undefined);
  assert.deepEqual(await page.evaluate(now), screen);
}
