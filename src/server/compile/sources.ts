/**
 * The text of a module before anything is made of it: a file as it is on disk, or what a plugin loads for it. Whoever reads a file notes what
 * was in it, so that a save which changes nothing is known for one.
 */
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { HmrError } from '../errors.ts';
import type { Loader } from './esbuild.ts';
import { EMPTY_PATIENCE_MS, TICK_MS } from '../versions.ts';
import type { PluginHost, PluginSource } from './plugins/plugin-host.ts';
import { FILE, virtualFile, type PluginModule } from './plugins/plugin-modules.ts';

export interface Source {
  readonly content: Buffer;
  /** What a plugin says that it is; undefined for a file as it is on disk. */
  readonly loader: Loader | undefined;
  /** What its imports start from, where a plugin says so. */
  readonly resolveDir: string | undefined;
  /** For the plugin that resolves its imports. */
  readonly pluginData: unknown;
  /** What else it was made of: files, and folders whose names matter. */
  readonly watched: readonly string[];
}

export interface Sources {
  /** A promise where a plugin loads it, or it is about to be written. @throws HmrError `READ`, or of the plugin */
  read(module: PluginModule): Source | Promise<Source>;
  /** What a plugin loads; undefined, at once or later: none does. Rejects with HmrError. */
  make(module: PluginModule): Promise<Source | undefined> | undefined;
  /** Whether a plugin would be asked. */
  mayMake(module: PluginModule): boolean;
  /** As on disk. @throws HmrError `READ` */
  readFile(filePath: string): Buffer;
}

export interface SourcesOptions {
  readonly root: string;
  readonly plugins: Pick<PluginHost, 'loaderOf'>;
  /** What was read, for telling a real change from a mere save. */
  readonly onRead: (filePath: string, content: Buffer) => void;
  /** A plugin read this file, after that time on the wall clock. */
  readonly onReadByPlugin: (filePath: string, sinceMs: number) => void;
}

export function createSources({ root, plugins, onRead, onReadByPlugin }: SourcesOptions): Sources {
  const readFile = (filePath: string): Buffer => {
    const content = readSource(root, filePath);
    onRead(filePath, content);
    return content;
  };

  const fromDisk = ({ path: filePath, namespace }: PluginModule): Source | Promise<Source> => {
    if (namespace !== FILE) throw notLoaded(filePath, namespace);
    const whole = readWhole(root, filePath);
    const sourceOf = (content: Buffer): Source => {
      onRead(filePath, content);
      return { content, loader: undefined, resolveDir: undefined, pluginData: undefined, watched: [] };
    };
    return whole instanceof Promise ? whole.then(sourceOf) : sourceOf(whole);
  };

  const fromPlugin = async (module: PluginModule, load: () => Promise<PluginSource | undefined>): Promise<Source | undefined> => {
    const { path: filePath, namespace } = module;
    // Before the plugin reads it: what is saved in between is then seen to be newer.
    const isFile = namespace === FILE && isReadable(() => readFile(filePath));
    const sinceMs = Date.now();
    const loaded = await load();
    if (!loaded) return undefined;
    const { contents, loader, resolveDir, pluginData } = loaded;
    const content =
      typeof contents === 'string' ? Buffer.from(contents) : Buffer.from(contents.buffer, contents.byteOffset, contents.byteLength);
    const itself = isFile ? [] : [virtualFile(module)];
    const others = loaded.watched.filter((file) => path.isAbsolute(file) && file !== filePath);
    for (const file of others) onReadByPlugin(file, sinceMs);
    const watched = [...itself, ...others];
    return { content, loader, resolveDir, pluginData, watched };
  };

  const make: Sources['make'] = (module) => {
    const load = plugins.loaderOf(module);
    return load && fromPlugin(module, load);
  };
  const readAfter = async (module: PluginModule, made: Promise<Source | undefined>): Promise<Source> => (await made) ?? fromDisk(module);

  return {
    readFile,
    make,
    mayMake: (module) => plugins.loaderOf(module) !== undefined,
    read(module) {
      const made = make(module);
      return made ? readAfter(module, made) : fromDisk(module);
    },
  };
}

/** A file as on disk. @throws HmrError `READ` */
export function readSource(root: string, filePath: string): Buffer {
  if (isEnvFile(filePath)) throw secret(root, filePath);
  let descriptor: number | undefined;
  try {
    // Synchronous: for the thousand small files of a cold start the thread pool costs five times the read.
    descriptor = openSync(filePath, 'r');
    return readFileSync(descriptor);
  } catch (cause) {
    throw unreadable(root, filePath, cause);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/**
 * Between truncate and write a file is empty, and whoever asks in that moment would get another module: one that accepts nothing. The watcher
 * waits for that; this is for requests, which nobody has told that a save is coming.
 */
function readWhole(root: string, filePath: string): Buffer | Promise<Buffer> {
  const content = readSource(root, filePath);
  return content.length > 0 ? content : readEmpty(root, filePath);
}

async function readEmpty(root: string, filePath: string): Promise<Buffer> {
  // The system empties a file first, and then sets its time.
  if (!isRecent(filePath)) await delay(TICK_MS);
  if (isRecent(filePath)) await delay(EMPTY_PATIENCE_MS);
  return readSource(root, filePath);
}

function isRecent(filePath: string): boolean {
  const { mtimeMs = 0 } = statSync(filePath, { throwIfNoEntry: false }) ?? {};
  return Date.now() - mtimeMs <= EMPTY_PATIENCE_MS;
}

/** A page gets its public names, and nothing else of it. */
function isEnvFile(filePath: string): boolean {
  return /^\.env(?:\.[\w.-]+)?$/i.test(path.basename(filePath)) && !/\.[cm]?[jt]sx?$/i.test(filePath);
}

function secret(root: string, filePath: string): HmrError {
  return new HmrError('READ', `${path.relative(root, filePath)} may hold secrets, and is not sent to pages.`, {
    hint: 'What of it is public is in import.meta.env.',
  });
}

export function unreadable(root: string, filePath: string, cause?: unknown): HmrError {
  return new HmrError('READ', `${path.relative(root, filePath)} could not be read.`, {
    location: { file: filePath, line: 1, column: 1 },
    cause,
  });
}

function notLoaded(name: string, namespace: string): HmrError {
  return new HmrError('PLUGIN', `No plugin loads "${name}" of the namespace "${namespace}".`, {
    hint: 'The plugin that resolved it needs an onLoad for that namespace.',
  });
}

function isReadable(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false; // HmrError READ: a path of the plugin's own making.
  }
}
