/**
 * The injected client: puts the hot core into a page and connects it. A classic script, early in the document, so that it is there
 * before any module runs and hears every error. In a worker it gives the core only; its page decides about updates.
 */
import { INLINE_QUERY, RUNTIME_KEY, SEND_PATH, type ErrorReport, type HelloEvent, type ServerEvent } from '../protocol.ts';
import type { ScriptApi } from '../runtime/format.ts';
import { createRuntime, type Runtime } from '../runtime/runtime.ts';
import { toUrl } from './base.ts';
import { createConnection } from './connection.ts';
import { createConsoleLog } from './console-log.ts';
import { createDelivery } from './deliver.ts';
import { createElements } from './elements.ts';
import { installEventSourceShim } from './event-source-shim.ts';
import { untilIdle } from './idle.ts';
import { createImages } from './images.ts';
import { createOverlay } from './overlay.ts';
import { createPageAssets } from './page-assets.ts';
import { createPageErrors } from './page-errors.ts';
import { createPageHost } from './page-host.ts';
import { createPageMerge } from './page-merge.ts';
import { createPageState } from './page-state.ts';
import { createPageSync } from './page-sync.ts';
import { createPageUpdates } from './page-updates.ts';
import { createPost } from './post.ts';
import { createReloader } from './reload.ts';
import { formatEventId } from './stream-messages.ts';
import { createStyles } from './styles.ts';
import { fileKey } from './versioned-url.ts';
import { createVueApps, vueCompiler } from './vue-apps.ts';
import { createWorkers } from './workers.ts';

const INLINE_IMPORT = new RegExp(`^import "[^"]*\\?${INLINE_QUERY}=(\\d+)";$`);

const key = Symbol.for(RUNTIME_KEY);
const scope = globalThis as typeof globalThis & { [key]?: ScriptApi };

function scriptApi({ registry }: Runtime, chunks: Set<string>, failed: ScriptApi['failed'], onDefined?: ScriptApi['define']): ScriptApi {
  const define: ScriptApi['define'] = (meta, factory) => {
    registry.define(meta, factory);
    onDefined?.(meta, factory);
  };
  return { ...registry, define, chunk: (hash) => void chunks.add(hash), failed };
}

function startInWorker(): void {
  const chunks = new Set<string>();
  const runtime = createRuntime({
    ...createPageHost({ styles: undefined, chunks }),
    isLeftToPage: () => false,
    swapsAlways: false,
    draws: () => false,
    send: () => undefined,
    onInvalidate: () => undefined,
    onOutcome: () => undefined,
    onError: (error) => reportError(error),
  });
  scope[key] = scriptApi(runtime, chunks, () => undefined);
}

function startInPage(script: HTMLScriptElement | null): void {
  // Read before the browser hides it.
  const nonce = script?.nonce === '' ? undefined : script?.nonce;
  const { since = '', file, hash = '', highlight, swapsAlways } = script?.dataset ?? {};
  const page = file === undefined ? undefined : { file, hash };
  const chunks = new Set<string>();
  const failedEntries = new Set<string>();
  let handWritten = false;

  const log = createConsoleLog();
  const post = createPost();
  const pageState = createPageState();
  const announce = (path: string): Promise<void> => runtime.events.emit('hmr-dev:beforeFullReload', { type: 'full-reload', path });
  const reloader = createReloader({ log, pageState, announce });
  const overlay = createOverlay({ post });
  const pageErrors = createPageErrors({ post, onReport: (report) => overlay.showRuntimeError(report) });
  const styles = createStyles({ log, nonce });
  const images = createImages();
  const elements = createElements();
  const vueApps = createVueApps(() => vueCompiler(runtime));
  const assets = createPageAssets(images);
  const host = createPageHost({ styles, chunks });
  const runtime = createRuntime({
    ...host,
    isLeftToPage: (id) => handWritten && (runtime.registry.record(id)?.dynamicImporters.size ?? 0) > 0,
    send: (event, data) =>
      void post.send(SEND_PATH, { event, data }).catch((error: unknown) => log.warn(`${event} was not sent: ${String(error)}`)),
    swapsAlways: swapsAlways !== undefined,
    draws: (classes) => elements.draws(classes),
    onInvalidate: (id, message) => log.invalidate(id, message),
    onOutcome: (outcome) => void updates.settle(outcome),
    onError: (error) => pageErrors.report(error),
  });
  runtime.events.on('hmr-dev:beforeUpdate', () => vueApps.look());
  const updates = createPageUpdates({
    runtime,
    delivery: createDelivery(nonce, host.load),
    styles,
    images,
    elements,
    vueApps,
    workers: createWorkers(),
    log,
    reloader,
    pageErrors,
    post,
    page,
    merge: page && createPageMerge({ page, post, nonce, highlight: highlight !== undefined }),
    onMerged: () => sync.learnAssets(),
    isGenerated: script?.dataset['generated'] !== undefined,
    failedEntries,
    onApplied() {
      // As long as a module of the page has not run to its end, the error that says so is still true.
      for (const { current } of runtime.registry.records()) if (current?.error) return;
      pageErrors.forget();
      overlay.clearRuntimeErrors();
    },
    onLeftToPage: (ids) => ids.forEach((id) => shim.dispatchPlain(fileKey(toUrl(id), location.origin)?.slice(1) ?? id)),
  });

  const onFailed: ScriptApi['failed'] = (entry, errors) => {
    failedEntries.add(entry);
    overlay.showBuildErrors(errors);
  };
  const sync = createPageSync({ runtime, updates, assets, post, log, page });
  scope[key] = scriptApi(runtime, chunks, onFailed, ({ id, hash }) => sync.onDefined(id, hash));

  const shim = installEventSourceShim({ onHandWritten: () => (handWritten = true) });

  /** Entries that were never sent, when no module stands in their way any more. */
  const reloadFailed = (errors: readonly ErrorReport[], eventId: string): void => {
    if (failedEntries.size > 0 && errors.every(({ kind }) => kind === 'program'))
      reloader.reload('its modules compile now', { path: [...failedEntries][0], eventId });
  };

  const onHello = (hello: HelloEvent): void => {
    post.setToken(hello.token);
    overlay.showBuildErrors(hello.errors);
    // Named, so that a page out of a cache, which is told the same after its reload, does not go round for ever.
    const eventId = formatEventId(hello);
    if (failedEntries.size === 0) {
      if (hello.resumed) return;
      // Another run of the server would take them for one another.
      if (hasRenumberedScripts()) reloader.reload('its inline modules are not numbered in order', { eventId });
      else sync.sync();
    } else if (!hello.resumed) reloader.reload('its modules may compile now', { eventId });
    else reloadFailed(hello.errors, eventId);
  };

  const onEvent = (event: ServerEvent, id: string): void => {
    switch (event.type) {
      case 'hello':
        onHello(event);
        break;
      case 'update':
        sync.update(event.changes, id);
        break;
      case 'reload':
        reloader.reload(event.reason, { eventId: id });
        break;
      case 'error':
        overlay.showBuildErrors(event.errors);
        void runtime.events.emit('hmr-dev:error', { type: 'error', err: event.errors[0] });
        reloadFailed(event.errors, id);
        break;
      case 'fixed':
        overlay.showBuildErrors([]);
        reloadFailed([], id);
        break;
      case 'custom':
        // Not awaited: a listener may wait for the next event.
        sync.enqueue(() => {
          if (event.orReload !== undefined && !runtime.events.hasListener(event.event)) reloader.reload(event.orReload, { eventId: id });
          else void runtime.events.emit(event.event, event.data);
        });
        break;
      default:
        event satisfies never;
    }
    shim.dispatchEvent(event, id);
  };

  let wasLost = false;
  createConnection({
    lastEventId: since,
    onEvent,
    onPlain: (changed, id) => sync.enqueue(() => shim.dispatchPlain(changed, id)),
    onState(state) {
      shim.setState(state);
      if (state === 'lost') log.connectionLost();
      else if (wasLost) log.connectionFound();
      else log.connected();
      wasLost = state === 'lost';
      void runtime.events.emit(state === 'open' ? 'hmr-dev:ws:connect' : 'hmr-dev:ws:disconnect', {});
    },
  });
  void untilIdle(runtime.events).then(runtime.prefetchSwap);
  reloader.explain();
  addEventListener('load', () => {
    pageState.restore();
    // Looks at every element, which the page's own listeners and its first picture are not to wait for.
    setTimeout(() => sync.learnAssets());
  });
}

/** Edits have put some in front of others (server/inline-numbers.ts). */
function hasRenumberedScripts(): boolean {
  const numbers = [...document.scripts].flatMap(({ text }) => INLINE_IMPORT.exec(text)?.[1] ?? []);
  return numbers.some((number, index) => Number(number) !== index);
}

// A second client (two tags, a worker that shares the scope) would be a second program.
if (!scope[key]) {
  if (typeof document === 'undefined') startInWorker();
  else startInPage(document.currentScript instanceof HTMLScriptElement ? document.currentScript : null);
}
