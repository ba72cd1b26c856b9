/**
 * One line in the terminal for each batch, said by the first page that did something: what changed is known here, what was done is
 * known there. When no page answers, or none runs what changed, that is what the line says.
 */
import type { OutcomeReport } from '../protocol.ts';
import type { Logger } from './logger.ts';

export interface PublishedBatch {
  readonly id: string;
  readonly files: readonly string[];
  readonly durationMs: number;
}

export interface Outcomes {
  published(batch: PublishedBatch, pageCount: number): void;
  reported(report: OutcomeReport): void;
  close(): void;
}

/** How long a page may take to say what it did. */
const PATIENCE_MS = 1500;
const REMEMBERED_LINES = 200;

export function createOutcomes(logger: Pick<Logger, 'batch' | 'warn'>): Outcomes {
  const waiting = new Map<string, { readonly batch: PublishedBatch; readonly timer: NodeJS.Timeout; readonly sentAt: number }>();
  const said = new Map<string, Set<string>>();

  const say = (batch: PublishedBatch, outcome: string, durationMs: number): void => logger.batch({ files: batch.files, outcome, durationMs });

  return {
    published(batch, pageCount) {
      if (pageCount === 0) return say(batch, 'no page is open', batch.durationMs);
      const timer = setTimeout(() => {
        waiting.delete(batch.id);
        say(batch, 'no open page uses it', batch.durationMs);
      }, PATIENCE_MS);
      timer.unref();
      waiting.set(batch.id, { batch, timer, sentAt: performance.now() });
    },
    reported({ id, kind, text }) {
      const entry = waiting.get(id);
      if (kind === 'ignored') return;
      // Several tabs do the same; what differs is worth a line of its own.
      const lines = said.get(id) ?? new Set();
      if (lines.has(text)) return;
      said.set(id, lines.add(text));
      const [oldest] = said.keys();
      if (said.size > REMEMBERED_LINES && oldest !== undefined) said.delete(oldest);
      if (!entry) return;
      clearTimeout(entry.timer);
      say(entry.batch, text, entry.batch.durationMs + performance.now() - entry.sentAt);
    },
    close() {
      for (const { timer } of waiting.values()) clearTimeout(timer);
      waiting.clear();
    },
  };
}
