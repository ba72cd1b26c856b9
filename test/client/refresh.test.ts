import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRefresh, type RefreshModule } from '../../src/client/refresh.ts';

type Exports = Record<string, unknown>;

interface FakeModule {
  readonly module: RefreshModule;
  /** What the module's accept callback makes of another version: the reason that it gives up for; `accepted`. */
  offer(next: Exports | undefined): string;
  accepts(): boolean;
  /** Another version runs in its place, or it was taken back. */
  retire(): void;
  /** Something below it was changed in place. */
  redraw(): boolean;
}

interface Fake {
  readonly calls: string[];
  load(exports: Exports, url?: string): FakeModule;
  emit(event: 'beforeUpdate' | 'replaced'): void;
}

function fake(): Fake {
  const calls: string[] = [];
  const listeners = new Map<string, () => void>();
  const library = {
    register: (type: unknown, id: string) => void calls.push(`${typeof type === 'function' ? type.name : String(type)} is ${id}`),
    sign: () => (type?: unknown) => type,
    isComponent: (value: unknown) => typeof value === 'function' && /^[A-Z]/.test(value.name),
    perform: () => void calls.push('drawn'),
  };
  const hot = {
    exports: {},
    accept: () => undefined,
    isCurrent: true,
    redraw: () => undefined,
    invalidate: () => undefined,
    on: (event: string, listener: () => void) => void listeners.set(event, listener),
  };
  const connect = createRefresh(library, hot);
  return {
    calls,
    emit: (event) => listeners.get(`hmr-dev:${event}`)?.(),
    load(exports, url = '/a.tsx') {
      let accept: ((next: Exports | undefined) => void) | undefined;
      let isCurrent = true;
      let redraw = (): boolean => false;
      let answer = 'accepted';
      const module = connect({
        url,
        hot: {
          ...hot,
          exports,
          accept: (callback) => void (accept = callback),
          get isCurrent() {
            return isCurrent;
          },
          redraw: (callback) => void (redraw = callback),
          invalidate: (message) => void (answer = message),
        },
      });
      return {
        module,
        offer(next) {
          accept?.(next);
          return answer;
        },
        accepts: () => accept !== undefined,
        retire: () => void (isCurrent = false),
        redraw: () => redraw(),
      };
    },
  };
}

const App = (): undefined => undefined;
const Link = (): undefined => undefined;
const NewApp = { App: (): undefined => undefined }.App;

function loaded(exports: Exports): FakeModule {
  const one = fake().load(exports);
  one.module.end();
  return one;
}

test('a module accepts itself if it exports a component', () => {
  class Store {}
  class Old {
    render(): void {}
  }
  assert.equal(loaded({ App }).accepts(), true);
  assert.equal(loaded({ App, size: 1 }).accepts(), true);
  assert.equal(loaded({ Old }).accepts(), true);
  for (const exports of [{}, { size: 1 }, { useIt: () => 1 }, { Store }]) assert.equal(loaded(exports).accepts(), false);
});

test('what else it exports has to stay the same', () => {
  const offer = (before: Exports, next: Exports | undefined): string => loaded(before).offer(next);
  assert.equal(offer({ App }, { App: NewApp }), 'accepted');
  assert.equal(offer({ App, size: Number.NaN }, { App: NewApp, size: Number.NaN }), 'accepted');
  assert.equal(offer({ App }, undefined), 'accepted');
  assert.equal(offer({ App, size: 1 }, { App: NewApp, size: 2 }), 'its export "size" has changed, and is no component');
  assert.equal(offer({ App }, { App: 1 }), 'its export "App" has changed, and is no component');
  assert.equal(offer({ App, Link: 1 }, { App: NewApp, Link }), 'its export "Link" has changed, and is no component');
  assert.equal(offer({ App }, { App: NewApp, Link }), 'its export "Link" is new');
  assert.equal(offer({ App, Link }, { App: NewApp }), 'it exports no "Link" any more');
});

test('what a cycle has not initialised is no component yet', () => {
  const exports = Object.defineProperty({ App }, 'Later', {
    get: () => {
      throw new ReferenceError('Later');
    },
    enumerable: true,
  });
  assert.equal(loaded(exports).accepts(), true);
});

test('the library hears of a version when an update has come through, and is asked to draw once', () => {
  const { calls, load, emit } = fake();
  const first = load({ App });
  first.module.register(App, 'App');
  first.module.end();
  assert.deepEqual(calls, []);
  emit('beforeUpdate');
  assert.deepEqual(calls.splice(0), ['App is /a.tsx App']);
  load({}, '/b.tsx?v=12').module.register(Link, 'Link');
  load({}, '/page.html?inline-module=1&v=12').module.register(NewApp, 'Link');
  emit('replaced');
  assert.deepEqual(calls, ['Link is /b.tsx Link', 'App is /page.html?inline-module=1 Link', 'drawn']);
});

test('of a version that was taken back it never hears', () => {
  const { calls, load, emit } = fake();
  const failed = load({ App });
  failed.module.register(App, 'App');
  failed.retire();
  emit('replaced');
  assert.deepEqual(calls, ['drawn']);
});

test('a default function without a name is registered and accepts nothing', () => {
  const { calls, load, emit } = fake();
  const one = load({ default: () => undefined });
  one.module.end();
  emit('replaced');
  assert.equal(one.accepts(), false);
  assert.deepEqual(calls, ['default is /a.tsx export default', 'drawn']);
});
