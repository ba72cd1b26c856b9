/**
 * What a page does about an update: modules first, then styles, images and the page itself, from what it has really loaded; and
 * the sentence that says so. One update at a time, in the order of the stream.
 */
import { OUTCOME_PATH, type Change, type EventId, type OutcomeReport } from '../protocol.ts';
import { runningOrder } from '../runtime/graph-view.ts';
import type { ModuleRecord } from '../runtime/record.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { SwapRefusal } from '../runtime/swap/parts.ts';
import type { UpdateOutcome } from '../runtime/update.ts';
import { toUrl } from './base.ts';
import { listed, type ConsoleLog } from './console-log.ts';
import type { Delivery } from './deliver.ts';
import type { Elements } from './elements.ts';
import type { Images } from './images.ts';
import type { PageErrors } from './page-errors.ts';
import type { PageMerge, ShownPage } from './page-merge.ts';
import type { Post } from './post.ts';
import type { Reloader } from './reload.ts';
import type { Styles } from './styles.ts';
import { fileKey } from './versioned-url.ts';
import type { VueApps } from './vue-apps.ts';
import type { Workers } from './workers.ts';

export interface PageUpdatesOptions {
  readonly runtime: Runtime;
  readonly delivery: Delivery;
  readonly styles: Styles;
  readonly images: Images;
  readonly elements: Pick<Elements, 'refresh'>;
  readonly vueApps: VueApps;
  readonly workers: Workers;
  readonly log: ConsoleLog;
  readonly reloader: Reloader;
  readonly pageErrors: PageErrors;
  readonly post: Pick<Post, 'send'>;
  /** The HTML file behind this page. */
  readonly page: ShownPage | undefined;
  readonly merge: PageMerge | undefined;
  /** New nodes may name files. */
  readonly onMerged: () => void;
  /** A listing or a "not found": no file of the author's. */
  readonly isGenerated: boolean;
  /** Something was replaced: errors of the old code are history. */
  readonly onApplied: () => void;
  /** Modules that the page's own listener has to import again, although their own files did not change. */
  readonly onLeftToPage: (ids: readonly string[]) => void;
  /** Entries that were never sent, for an error in their graph. */
  readonly failedEntries: ReadonlySet<string>;
}

export interface PageUpdates {
  apply(changes: readonly Change[], event: EventId): Promise<void>;
  /** Of an update that the page started itself (`hot.invalidate`). */
  settle(outcome: UpdateOutcome, event?: EventId): Settled;
}

/** `superseded`: what was done is said with the update that took it over. */
export type Settled = OutcomeReport['kind'] | 'superseded';

const MISSING_PAGE = '/404.html';

type ChangeOf<K extends Change['kind']> = Extract<Change, { kind: K }>;

export function createPageUpdates(options: PageUpdatesOptions): PageUpdates {
  const { runtime, delivery, styles, images, elements, vueApps, workers, log, reloader, pageErrors, post, page } = options;
  const { registry } = runtime;

  const reload = (reason: string, path: string | undefined, event: EventId | undefined): void => {
    isReloading = true;
    said.push(`page reload (${reason})`);
    reloader.reload(reason, { path, eventId: event });
  };

  /** A module came with other imports, and nothing has been replaced since. */
  let areImportsNew = false;

  /** Events whose outcome the server has not been told. */
  const unreported: EventId[] = [];

  /** What was done in the current update. */
  let said: string[] = [];
  let isReloading = false;
  /** Modules that run here and change in the current update. */
  let asked: ReadonlySet<string> = new Set();
  /** Files behind the page's script elements at the current update. */
  let classicScripts: FileKeys = new Set();
  let moduleScripts: FileKeys = new Set();

  const settle = (outcome: UpdateOutcome, event?: EventId, level?: ReadonlySet<string>): Settled => {
    switch (outcome.kind) {
      case 'ignored':
      case 'superseded':
        return outcome.kind;
      case 'updated':
        for (const { boundary, via } of outcome.boundaries) if (!level?.has(boundary)) sayUpdated(boundary, via);
        sayInPlace(outcome);
        sayRefused(outcome.refusals);
        options.onApplied();
        for (const error of outcome.errors) {
          said.push(`which threw ${String(error)}`);
          log.error('what the update called has thrown.', error);
          pageErrors.report(error);
        }
        return 'updated';
      case 'reload': {
        sayRefused(outcome.refusals);
        const walked = [...outcome.path].reverse().join(' ← ');
        reload(outcome.path.length > 1 ? `${walked}: ${outcome.reason}` : outcome.reason, outcome.path[0], event);
        return 'reload';
      }
      case 'failed':
        said.push(`not updated, the old exports stay: ${String(outcome.error)}`);
        log.error(`update of ${outcome.modules.join(', ')} failed; the old exports stay.`, outcome.error);
        pageErrors.report(outcome.error);
        return 'failed';
      default:
        return outcome satisfies never;
    }
  };

  const sayInPlace = ({ swapped, boundaries, notes }: Extract<UpdateOutcome, { kind: 'updated' }>): void => {
    // Whoever was told has a line in the console already.
    if (boundaries.length === 0) for (const id of swapped) log.hotUpdatedInPlace(id);
    if (swapped.length > 0) said.push(`in place: ${listed(swapped)}`);
    for (const note of notes) log.warn(note);
    if (swapped.length === 0) return;
    elements.refresh();
    const unshown = vueApps.refresh();
    if (unshown !== undefined) reload(unshown, swapped[0], undefined);
  };

  const sayRefused = (refusals: readonly SwapRefusal[]): void => {
    for (const { id, line, reason } of refusals) {
      log.notInPlace(line === undefined ? id : `${id}:${line}`, reason);
      said.push(`${id} not in place: ${reason}`);
    }
  };

  const sayUpdated = (boundary: string, via: string): void => {
    if (via.endsWith('.css') && boundary === via) log.cssHotUpdated(via);
    else log.hotUpdated(boundary, via);
    said.push(`hot updated ${boundary}${boundary === via ? '' : ` via ${via}`}`);
  };

  /** @param level modules that are addresses of pictures which the page shows anew already */
  const applyModules = async (changes: readonly ChangeOf<'module'>[], event: EventId, level: ReadonlySet<string>): Promise<Settled> => {
    // Also of what has arrived and does not run yet: when it is imported, it has to be the newest.
    const known = changes.filter(({ id, hash }) => {
      const definition = registry.record(id)?.definition;
      return definition && definition.meta.hash !== hash;
    });
    const definitions = known.map(({ id, hash, code, patch }) => ({
      id,
      code,
      patch,
      isPatched: registry.record(id)?.current?.first !== undefined,
      isDefined: () => registry.record(id)?.definition?.meta.hash === hash,
    }));
    await delivery.deliver(definitions, event);
    areImportsNew ||= known.some(({ id }) => importsDiffer(registry.record(id)));
    const outcome = await runtime.apply(
      changes.filter(({ id }) => registry.record(id)?.current),
      level,
    );
    if (outcome.kind === 'updated') {
      leaveToPage(outcome, changes);
      // A stylesheet that is imported between others belongs between them.
      if (areImportsNew) styles.arrangeStyles(runningOrder(registry));
      areImportsNew = false;
    }
    return settle(outcome, event, level);
  };

  const leaveToPage = (outcome: Extract<UpdateOutcome, { kind: 'updated' }>, changes: readonly ChangeOf<'module'>[]): void => {
    const changed = new Set(changes.map(({ id }) => id));
    const left = outcome.boundaries.filter(({ kind, via }) => kind === 'page' && !changed.has(via));
    if (left.length > 0) options.onLeftToPage(left.map(({ via }) => via));
  };

  const applyStyle = async ({ url, hash }: ChangeOf<'style'>): Promise<boolean> => {
    if ((await styles.swapStylesheet(url, hash)) === 0) return false;
    log.cssHotUpdated(url);
    said.push(`css hot updated ${url}`);
    return true;
  };

  /** Few of two thousand, after a change of branch; looking for each one would take seconds. */
  const namedAssets = (assets: readonly ChangeOf<'asset'>[]): readonly ChangeOf<'asset'>[] => {
    if (assets.length === 0) return assets;
    const shown = fileKeys(images.addresses());
    return assets.filter(({ url }) => hasFile(shown, url) || whyPageOnly(url) !== undefined);
  };

  /** Why a file can only be replaced together with the page. */
  const whyPageOnly = (url: string): string | undefined => {
    if (hasFile(classicScripts, url)) return `${url} is a classic script, which can only run with its page`;
    // A module that names the worker's file (`new URL('./worker.ts', import.meta.url)`) is asked first, when that file itself changes.
    return workers.runs(url) && !asked.has(`${url}?url`) ? `${url} runs in a worker, which begins anew with its page` : undefined;
  };

  const applyAsset = async ({ url, hash }: ChangeOf<'asset'>, event: EventId): Promise<boolean> => {
    const reason = whyPageOnly(url);
    if (reason !== undefined) {
      reload(reason, url, event);
      return true;
    }
    if ((await images.swapAsset(url, hash)) === 0) return false;
    log.hotUpdated(url);
    said.push(`swapped ${url}`);
    return true;
  };

  /** The page is what the server makes of the folder, or it asked for a module that was not there. */
  const whyNow = (changes: readonly Change[]): string | undefined => {
    if (options.isGenerated) return 'the folder changed';
    const come = changes.find((change): change is ChangeOf<'page'> => change.kind === 'page' && isMissingPage(change.url));
    if (come) return `${come.url} was missing, and has come`;
    const late = changes.find((change): change is ChangeOf<'asset'> => change.kind === 'asset' && isMissingModule(change.url));
    return late && `${late.url} was missing, or is served as it is: it runs with its page`;
  };

  /** What was asked for instead of the author's "not found". */
  const isMissingPage = (url: string): boolean =>
    page?.file === MISSING_PAGE && url !== page.file && pageName(toUrl(url)) === pageName(location.href);

  const isMissingModule = (url: string): boolean => hasFile(moduleScripts, url) && !registry.record(registry.idOf(url))?.definition;

  const applyPage = async ({ url, hash }: ChangeOf<'page'>, event: EventId): Promise<Settled> => {
    if (!page || url !== page.file || hash === page.hash || !options.merge) return 'ignored';
    const outcome = await options.merge();
    switch (outcome.kind) {
      case 'same':
        return 'ignored';
      case 'merged':
        log.htmlMerged(url, outcome.text);
        said.push(outcome.text);
        options.onMerged();
        return 'updated';
      case 'kept':
        log.warn(`${url} is not merged: ${outcome.reason}. The page stays as it is until the next save.`);
        said.push(`html not merged (${outcome.reason})`);
        return 'failed';
      case 'reload':
        reload(`${url} changed: ${outcome.reason}`, url, event);
        return 'reload';
      default:
        return outcome satisfies never;
    }
  };

  const apply = async (changes: readonly Change[], event: EventId): Promise<void> => {
    said = [];
    isReloading = false;
    const of = <K extends Change['kind']>(kind: K): ChangeOf<K>[] =>
      changes.filter((change): change is ChangeOf<K> => change.kind === kind);
    asked = new Set(of('module').flatMap(({ id }) => (registry.record(id)?.current ? id : [])));
    const scripts = [...document.scripts].filter(({ src }) => src !== '');
    classicScripts = fileKeys(scripts.filter(isClassic).map(({ src }) => src));
    moduleScripts = fileKeys(scripts.filter(({ type }) => type === 'module').map(({ src }) => src));
    const now = whyNow(changes);
    if (now !== undefined) reload(now, undefined, event);
    if (options.failedEntries.size > 0) reload('its modules compile now', [...options.failedEntries][0], event);
    // Pictures first: what imports the address of one need not run again for what the page shows already.
    const swapped = await filterAsync(namedAssets(of('asset')), (change) => applyAsset(change, event));
    let kind: Settled = 'reload';
    if (!isReloading) kind = await applyModules(of('module'), event, new Set(swapped.flatMap(({ url }) => [url, `${url}?url`])));
    if (kind !== 'reload') {
      const done = [...swapped, ...(await Promise.all(of('style').map(applyStyle)))];
      if (done.some(Boolean) && kind === 'ignored') kind = 'updated';
      for (const change of of('page')) {
        const merged = await applyPage(change, event);
        if (merged !== 'ignored' && kind !== 'failed') kind = merged;
      }
    }
    if (isReloading) kind = 'reload';
    unreported.push(event);
    // Not awaited: the next update and the plain messages of this one need no answer.
    if (kind !== 'superseded') report(kind, said.join(', '));
  };

  const report = (kind: OutcomeReport['kind'], text: string): void => {
    for (const id of unreported.splice(0)) {
      // The server is gone or refuses: its terminal misses one line.
      post.send(OUTCOME_PATH, { id, kind, text } satisfies OutcomeReport, { outlivesPage: true }).catch(() => undefined);
    }
  };

  return { apply, settle };
}

/** One for all spellings of an address: `/docs`, `/docs/`, `/docs/index.html`, `/docs.html`. */
function pageName(address: string): string | undefined {
  return fileKey(address, document.baseURI)?.replace(/(?:\/index)?\.html?$|\/$/i, '');
}

function importsDiffer(record: ModuleRecord | undefined): boolean {
  const before = record?.current?.definition.meta.deps;
  return before !== undefined && before.join('\n') !== record?.definition?.meta.deps.join('\n');
}

async function filterAsync<T>(values: readonly T[], keep: (value: T) => Promise<boolean>): Promise<T[]> {
  const kept = await Promise.all(values.map(keep));
  return values.filter((_, index) => kept[index]);
}

function isClassic({ type }: HTMLScriptElement): boolean {
  return type === '' || /^(?:text|application)\/(?:x-)?(?:java|ecma)script$/i.test(type);
}

type FileKeys = ReadonlySet<string | undefined>;

function fileKeys(addresses: Iterable<string>): FileKeys {
  return new Set(Array.from(addresses, (address) => fileKey(address, document.baseURI)));
}

function hasFile(keys: FileKeys, url: string): boolean {
  return keys.has(fileKey(toUrl(url), document.baseURI) ?? url);
}
