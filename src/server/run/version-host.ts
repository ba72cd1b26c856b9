/**
 * Versions of one program in one process: each owns what it makes while it boots, takes over the network when it is ready, and is cleared away
 * when the next one is. Knows nothing of modules: a version is a function that is called. One version boots at a time; a newer one
 * abandons it.
 */
import { installBridge } from './api/bridge.ts';
import { type Boot, type BootLimits, createBoot } from './boot.ts';
import { catchExits, ExitError } from './ownership/exits.ts';
import { createKept } from './ownership/kept.ts';
import { watchListeners } from './ownership/listeners.ts';
import { createPossessions, type Possessions } from './ownership/possessions.ts';
import { wrapTimers } from './ownership/timers.ts';
import { currentToken, runAs, runOutside, type Token } from './ownership/token.ts';
import { routeProcessEvents } from './ownership/process-events.ts';
import type { AddressObserver, SharedAddress } from './sockets/addresses.ts';
import { createNetwork } from './sockets/network.ts';
import type { ListenHandle } from './sockets/node-internals.ts';

export interface VersionLimits extends BootLimits {
  /** How long addresses stay open that the new version does not listen on. */
  readonly graceMs: number;
  /** For each hook of `onHotReload`. */
  readonly hookMs: number;
  /** How long connections may last in a process that another one has replaced. */
  readonly leaveMs: number;
}

export interface VersionHostOptions {
  /** Told what belongs to no outcome: errors that come late, or from versions that are gone. */
  readonly logger: { error(message: string): void };
  /** Close the WebSockets of a version that is replaced (1012), so that clients connect to the new one; default: they stay. */
  readonly closeWebSockets?: boolean;
  readonly limits?: Partial<VersionLimits>;
  /** Told when an address of whatever version opens, and closes. */
  readonly addresses?: AddressObserver;
  /** The program asks for its standard input. */
  readonly readsInput?: () => void;
}

export interface RetireReport {
  readonly version: number;
  /** What hooks of `onHotReload` have thrown. */
  readonly errors: readonly unknown[];
}

export type Outcome =
  /** `retired`: when the version before has been cleared away, but for what its clients still hold open. */
  | { readonly status: 'committed'; readonly retired: Promise<RetireReport | undefined> }
  | { readonly status: 'failed'; readonly error: unknown }
  /** A newer version, or the caller, has abandoned it. */
  | { readonly status: 'superseded' };

export interface VersionStatus {
  readonly version: number;
  /** `current`, `booting`, `1 open response, GET /events`, `listens on :3001`. */
  readonly why: string;
}

export interface Version {
  readonly number: number;
  /** Evaluates the program; to be called once. Never rejects: a throw is an outcome. */
  run(evaluate: () => unknown): Promise<Outcome>;
  /** For its code that runs later than its evaluation: what that makes is the version's. */
  runAs<T>(run: () => T): T;
  /** Abandons it if it still boots. */
  supersede(): void;
}

export interface VersionHost {
  /** The next version; abandons one that still boots. */
  begin(): Version;
  /** The oldest first. */
  alive(): VersionStatus[];
  /** For what all versions share, as packages that are loaded once: what they make belongs to no version. */
  outside<T>(run: () => T): T;
  /** An address that another process has open, which serves there still: a version that listens on it has it from `start` on. */
  inherit(shared: SharedAddress, handle: ListenHandle): void;
  start(): void;
  /** A process that is to replace this one is about to start: hooks for what cannot be open twice. */
  prepare(): Promise<void>;
  /** Another process has all addresses when this returns; `ended`, when nobody needs this one. */
  leave(): { readonly ended: Promise<void> };
  /** Ends all versions and gives Node its functions back. */
  close(): Promise<void>;
}

const LIMITS: VersionLimits = { settleMs: 1000, listenMs: 10_000, graceMs: 1000, hookMs: 5000, leaveMs: 30_000 };

interface Booting {
  readonly possessions: Possessions;
  readonly boot: Boot;
  end(outcome: Outcome): void;
}

export function createVersionHost({
  logger,
  closeWebSockets = false,
  limits: some = {},
  addresses,
  readsInput,
}: VersionHostOptions): VersionHost {
  const limits = { ...LIMITS, ...some };
  /** Until they are cleared away. */
  const members = new Map<number, Possessions>();
  const kept = createKept();
  let count = 0;
  let booting: Booting | undefined;
  let live: Possessions | undefined;
  let grace: NodeJS.Timeout | undefined;

  const memberOf = (token: Token): Possessions | undefined => members.get(token.version);
  /** Whose hooks are; what serves a request speaks for the version that runs. */
  const speaker = (): Possessions | undefined => {
    const token = currentToken();
    if (token === undefined) return live;
    return token.phase === 'gone' ? undefined : memberOf(token);
  };
  const network = createNetwork({
    addresses,
    bootingToken: () => booting?.possessions.token,
    isLive: (version) => live?.token.version === version,
    listenCalled(version, server) {
      if (booting?.possessions.token.version === version) booting.boot.listenCalled(server);
    },
    listenEnded(version, server, error) {
      if (booting?.possessions.token.version === version) booting.boot.listenEnded(server, error);
      else startGrace();
    },
  });
  const undo = [
    network.unwrap,
    wrapTimers((token) => memberOf(token)?.timers),
    watchListeners({
      of: (token) => memberOf(token)?.listeners,
      all: () => [...members.values()].map(({ listeners }) => listeners),
      ...(readsInput && { readsInput }),
    }),
    catchExits((token, error) => {
      if (token.phase === 'booting' && live === undefined) return false;
      if (booting?.possessions.token === token) fail(booting, error);
      return true;
    }),
    routeProcessEvents((token, error) => {
      if (booting?.possessions.token === token) fail(booting, error);
      else if (!(error instanceof ExitError))
        logger.error(`v${token.version} has been replaced, and its code has failed: ${textOf(error)}`);
    }),
    installBridge({
      onHotReload: (hook, options) => speaker()?.hooks.add(hook, options) ?? (() => {}),
      keep(key, factory) {
        const token = currentToken();
        // Timers and listeners of a kept value must outlive the version that happens to make it.
        return kept.keep(key, () => runOutside(factory), token?.phase === 'booting' ? token.version : undefined);
      },
      ordinal: (kind) => (currentToken() === undefined ? undefined : speaker()?.ordinal(kind)),
    }),
  ];

  /** Addresses that nobody has listened on again close, but not before the new version is somewhere to be found. */
  const startGrace = (): void => {
    if (live === undefined || grace !== undefined || !network.isListening(live.token.version)) return;
    grace = runOutside(() =>
      setTimeout(() => {
        grace = undefined;
        network.closeOlder(live?.token.version ?? 0);
      }, limits.graceMs),
    );
  };

  const runHooks = async ({ hooks, token }: Possessions, when: 'before' | 'all'): Promise<void> => {
    for (const error of await hooks.run(when)) logger.error(`A hook of v${token.version} has failed: ${textOf(error)}`);
  };
  const commit = (version: Booting): void => {
    const before = live;
    const { token } = version.possessions;
    live = version.possessions;
    booting = undefined;
    token.phase = 'live';
    kept.settle(token.version);
    network.commit(token.version);
    const retired = before === undefined ? Promise.resolve(undefined) : retire(before);
    clearTimeout(grace);
    grace = undefined;
    if (before !== undefined) startGrace();
    version.end({ status: 'committed', retired });
  };
  const retire = async (old: Possessions): Promise<RetireReport> => {
    const { version } = old.token;
    old.letGo();
    // Its hooks may take away what its requests need.
    await new Promise<void>((resolve) => network.whenLeft(version, resolve));
    if (closeWebSockets) network.work.closeWebSockets(version);
    const errors = await old.hooks.run('all');
    members.delete(version);
    return { version, errors };
  };
  const abandon = (version: Booting, outcome: Outcome): void => {
    const { token, hooks } = version.possessions;
    booting = undefined;
    version.boot.end();
    version.possessions.letGo();
    network.rollBack(token.version);
    network.work.destroy(token.version);
    kept.forget(token.version);
    void hooks.run('all').then((errors) => {
      members.delete(token.version);
      for (const error of errors) logger.error(`A hook of v${token.version}, which was abandoned, has failed: ${textOf(error)}`);
    });
    version.end(outcome);
  };
  const fail = (version: Booting, error: unknown): void => runOutside(() => abandon(version, { status: 'failed', error }));
  const supersede = (version: Booting): void => runOutside(() => abandon(version, { status: 'superseded' }));

  return {
    begin() {
      if (booting !== undefined) supersede(booting);
      const possessions = createPossessions(++count, limits.hookMs);
      const { token } = possessions;
      members.set(token.version, possessions);
      const { outcome, end } = deferredOutcome();
      const boot = createBoot({
        limits,
        isListening: () => network.isListening(token.version),
        predecessorListens: () => (live === undefined ? network.hasUnused : network.addressesOf(live.token.version).length > 0),
        commit: () => runOutside(() => commit(version)),
        fail: (error) => fail(version, error),
      });
      const version: Booting = { possessions, boot, end };
      const isBooting = (): boolean => booting === version;
      booting = version;
      const settle = (result: unknown): void => {
        if (!(result instanceof Promise)) return boot.settled();
        result.then(
          () => boot.settled(),
          (error: unknown) => {
            if (isBooting()) fail(version, error);
            else if (token.phase !== 'gone') logger.error(`The evaluation of v${token.version} has failed after its end: ${textOf(error)}`);
          },
        );
      };
      return {
        number: token.version,
        async run(evaluate) {
          if (live?.hooks.hasBefore === true) await runHooks(live, 'before');
          if (!isBooting()) return outcome;
          try {
            settle(runAs(token, evaluate));
          } catch (error) {
            if (isBooting()) fail(version, error);
          }
          return outcome;
        },
        runAs: (run) => runAs(token, run),
        supersede() {
          if (isBooting()) supersede(version);
        },
      };
    },
    alive() {
      const open = network.work.describe();
      const numbers = [...new Set([...members.keys(), ...open.keys()])].toSorted((a, b) => a - b);
      return numbers.map((version) => ({ version, why: whyAlive(version, open.get(version)) }));
    },
    outside: runOutside,
    inherit: network.inherit,
    start() {
      network.start();
      startGrace();
    },
    prepare: async () => (live === undefined ? undefined : runHooks(live, 'before')),
    leave() {
      if (booting !== undefined) supersede(booting);
      clearTimeout(grace);
      const drained = network.leave();
      const closeAll = (): void => {
        for (const { version } of this.alive()) network.work.closeWebSockets(version);
      };
      if (closeWebSockets) closeAll();
      const limit = new Promise<void>((resolve) => setTimeout(resolve, limits.leaveMs)).then(closeAll);
      live?.letGo();
      const hooks = live === undefined ? undefined : runHooks(live, 'all');
      return { ended: Promise.race([Promise.all([drained, hooks]).then(() => undefined), limit]) };
    },
    async close() {
      if (booting !== undefined) supersede(booting);
      clearTimeout(grace);
      network.closeOlder(Number.POSITIVE_INFINITY);
      const last = live;
      live = undefined;
      last?.letGo();
      for (const step of undo) step();
      await last?.hooks.run('all');
      members.clear();
    },
  };

  function whyAlive(version: number, openWork: string | undefined): string {
    if (version === live?.token.version) return 'current';
    if (version === booting?.possessions.token.version) return 'booting';
    const listens = network.addressesOf(version);
    if (listens.length > 0) return `listens on ${listens.join(', ')}`;
    return openWork ?? 'its hooks run';
  }
}

function deferredOutcome(): { readonly outcome: Promise<Outcome>; end(outcome: Outcome): void } {
  let end = (_outcome: Outcome): void => {};
  const outcome = new Promise<Outcome>((resolve) => {
    end = resolve;
  });
  return { outcome, end };
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
