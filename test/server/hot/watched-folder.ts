/**
 * A real folder under a real watcher. Every event is kept with the content that the file had when it was told of, because that is what
 * a compile would have read: "ends with the last content" is a question about the last event.
 */
import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import type { HmrError } from '../../../src/server/errors.ts';
import type { FileEvent } from '../../../src/server/hot/settle.ts';
import { createWatcher, type Watcher, type WatcherOptions } from '../../../src/server/hot/watcher.ts';

export interface SeenEvent {
  /** `change a.js`, relative to the root. */
  readonly text: string;
  /** Undefined when it could not be read. */
  readonly content: string | undefined;
}

export interface WatchedFolder {
  readonly root: string;
  readonly watcher: Watcher;
  readonly seen: readonly SeenEvent[];
  readonly errors: readonly HmrError[];
  texts(): string[];
  at(name: string): string;
  write(name: string, content: string): void;
  read(name: string): string;
  /** Waits for an event at or after an index; resolves with the index behind it. */
  until(text: string, from?: number): Promise<number>;
  /** Waits until the last event of a file saw a content. */
  untilContent(name: string, content: string): Promise<void>;
  /** Everything that happened before has been told, second looks included. */
  settled(): Promise<void>;
}

type Options = Partial<Pick<WatcherOptions, 'ignored' | 'createSource'>> & { readonly onChange?: (event: FileEvent) => void };

const PATIENCE_MS = 20_000;

export function makeFolder(t: TestContext, files: Readonly<Record<string, string>> = {}): string {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'hmr-dev-watch-')));
  t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) writeFile(path.join(folder, name), content);
  return folder;
}

export function writeFile(filePath: string, content: string): void {
  fs.mkdirSync(path.dirname(filePath), { recursive: true });
  fs.writeFileSync(filePath, content);
}

export async function watchFolder(t: TestContext, files: Readonly<Record<string, string>>, options: Options = {}): Promise<WatchedFolder> {
  const parent = makeFolder(t);
  const root = path.join(parent, 'app');
  fs.mkdirSync(root);
  for (const [name, content] of Object.entries(files)) writeFile(path.join(root, name), content);
  const seen: SeenEvent[] = [];
  const errors: HmrError[] = [];
  const arrivals = new EventEmitter();
  const watcher = createWatcher({
    ...options,
    root,
    onChange(event) {
      seen.push({ text: `${event.kind} ${path.relative(root, event.filePath)}`, content: contentOf(event.filePath) });
      options.onChange?.(event);
      arrivals.emit('event');
    },
    onError: (error) => errors.push(error),
  });
  t.after(() => watcher.close());
  await watcher.ready;

  const wait = async (condition: () => boolean, what: string): Promise<void> => {
    const patience = new AbortController();
    // Not AbortSignal.timeout: its timer does not keep the process alive, and the report would be lost.
    const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
    try {
      while (!condition()) await once(arrivals, 'event', { signal: patience.signal });
    } catch {
      assert.fail(`${what} did not come. Seen:\n${seen.map(({ text, content }) => `${text}: ${content?.slice(0, 40)}`).join('\n')}`);
    } finally {
      clearTimeout(timer);
    }
  };
  const until = async (text: string, from = 0): Promise<number> => {
    await wait(() => seen.findIndex((event, n) => n >= from && event.text === text) !== -1, text);
    return seen.findIndex((event, n) => n >= from && event.text === text) + 1;
  };
  let markers = 0;
  return {
    root,
    watcher,
    seen,
    errors,
    texts: () => seen.map(({ text }) => text).filter((text) => !text.includes('marker-')),
    at: (name) => path.join(root, name),
    write: (name, content) => writeFile(path.join(root, name), content),
    read: (name) => fs.readFileSync(path.join(root, name), 'utf8'),
    until,
    untilContent: (name, content) =>
      wait(() => seen.findLast(({ text }) => text.endsWith(` ${name}`))?.content === content, `${name} with ${JSON.stringify(content)}`),
    async settled() {
      // A removal is believed after 100 ms, later than any second look at what was before it.
      const name = `marker-${++markers}`;
      writeFile(path.join(root, name), 'x');
      await until(`add ${name}`);
      fs.rmSync(path.join(root, name));
      await until(`unlink ${name}`);
    },
  };
}

function contentOf(filePath: string): string | undefined {
  try {
    return fs.readFileSync(filePath, 'utf8');
  } catch {
    return undefined; // ENOENT: it was an unlink, or is one by now.
  }
}
