/**
 * One line in the terminal for each batch, said by the first page that did something: what changed is known here, what was done is
 * known there. When no page answers, or none runs what changed, that is what the line says.
 */
import type { OutcomeReport } from '../protocol.ts';
import { systemClock, type Clock } from './hot/clock.ts';
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
const REMEMBERED_BATCHES = 200;

interface Told {
  readonly batch: PublishedBatch;
  readonly sentAt: number;
  /** What pages have said. */
  readonly lines: Set<string>;
  isIgnored: boolean;
  /** A page read the files of this batch with the batch before, and has said so. */
  isCovered: boolean;
  /** The line is due when the patience ends; undefined when it was said. */
  cancel: (() => void) | undefined;
}

export function createOutcomes(logger: Pick<Logger, 'batch'>, clock: Clock = systemClock): Outcomes {
  const recent = new Map<string, Told>();
  /** What was said of files of which nothing came; since a page has last done something. */
  const idle = new Set<string>();

  const say = ({ files }: PublishedBatch, outcome: string, durationMs: number): void => logger.batch({ files, outcome, durationMs });

  /** Once: the file may be the very log that this line goes to. */
  const sayIdle = (batch: PublishedBatch, outcome: string): void => {
    const key = [outcome, ...batch.files].join('\n');
    if (idle.has(key)) return;
    idle.add(key);
    say(batch, outcome, batch.durationMs);
  };

  const forget = (id: string): void => {
    recent.get(id)?.cancel?.();
    recent.delete(id);
  };

  /** A save in two writes is two batches, and what a page has read for the first may be all there is. */
  const coverLater = (told: Told): void => {
    const all = [...recent.values()];
    for (const later of all.slice(all.indexOf(told) + 1))
      if (later.batch.files.every((file) => told.batch.files.includes(file))) later.isCovered = true;
  };

  return {
    published(batch, pageCount) {
      if (pageCount === 0) return sayIdle(batch, 'no page is open');
      const told: Told = { batch, sentAt: clock.now(), lines: new Set(), isIgnored: false, isCovered: false, cancel: undefined };
      told.cancel = clock.schedule(() => {
        told.cancel = undefined;
        // A page that awaits something in its new code has not answered yet; its line comes when it does.
        if (told.isIgnored && told.isCovered) return;
        if (told.isIgnored) sayIdle(batch, 'nothing to change in the open pages');
        else say(batch, 'sent; no page has finished with it yet', batch.durationMs);
      }, PATIENCE_MS);
      recent.set(batch.id, told);
      const [oldest] = recent.keys();
      if (recent.size > REMEMBERED_BATCHES && oldest !== undefined) forget(oldest);
    },
    reported({ id, kind, text }) {
      const told = recent.get(id);
      if (!told) return;
      if (kind === 'ignored') {
        told.isIgnored = true;
        return;
      }
      // Several tabs do the same; what differs is worth a line of its own.
      if (told.lines.has(text)) return;
      told.lines.add(text);
      idle.clear();
      coverLater(told);
      told.cancel?.();
      told.cancel = undefined;
      say(told.batch, text, told.batch.durationMs + clock.now() - told.sentAt);
    },
    close() {
      for (const id of recent.keys()) forget(id);
    },
  };
}
