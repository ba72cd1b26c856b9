/**
 * Events around a swap (payloads: hot-api.ts). Only the first can be cancelled: until then nothing has been decided, and the modules can still
 * run again; of the others, what they tell has happened. Listeners
 * are not waited for: what cancels does so before its first `await`.
 */
import type { ModuleId } from '../protocol.ts';
import type { HotEvents } from './events.ts';
import type { HotEventMap } from './hot-api.ts';
import type { SwapRefusal } from './swap/parts.ts';

export interface SwapEvents {
  /** Returns the reason of a listener that has cancelled it. */
  askBefore(ids: ReadonlySet<ModuleId>): string | undefined;
  tellRefused(refusals: readonly SwapRefusal[]): void;
  tellRollback(ids: ReadonlySet<ModuleId>, error: unknown): void;
  tellAfter(ids: ReadonlySet<ModuleId>, notes: readonly string[]): void;
}

export function createSwapEvents({ emit }: HotEvents): SwapEvents {
  const tell = <E extends keyof HotEventMap>(event: E, payload: HotEventMap[E]): void => void emit(event, payload);
  return {
    askBefore(ids) {
      let veto: string | undefined;
      const cancel = (reason = 'a listener of hmr-dev:swap-before has cancelled it'): void => void (veto ??= reason);
      tell('hmr-dev:swap-before', { type: 'swap', paths: [...ids], cancel });
      return veto;
    },
    tellRefused(refusals) {
      if (refusals.length === 0) return;
      const told = refusals.map(({ id, reason, line }) => ({ path: id, reason, line }));
      tell('hmr-dev:swap-refused', { type: 'swap', refusals: told });
    },
    tellRollback(ids, error) {
      if (ids.size > 0) tell('hmr-dev:swap-rollback', { type: 'swap', paths: [...ids], err: error });
    },
    tellAfter(ids, notes) {
      if (ids.size > 0) tell('hmr-dev:swap-after', { type: 'swap', paths: [...ids], notes });
    },
  };
}
