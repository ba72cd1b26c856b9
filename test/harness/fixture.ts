/**
 * A folder of files for one test, written from an object literal and gone when the test is (`await using`). Its path is a real path, as
 * the server reports paths: on some systems the folder for temporary files is itself behind a link.
 */
import { writeFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

export type FixtureFiles = Readonly<Record<string, string | Uint8Array>>;

export interface Fixture extends AsyncDisposable {
  /** Absolute real path of the folder. */
  readonly path: string;
  /** Absolute path of a file in it. */
  resolve(name: string): string;
  read(name: string): Promise<string>;
  /** As most editors save: truncate and write, at once. Makes folders as needed. */
  write(name: string, content: string | Uint8Array): Promise<void>;
  /** As careful editors save: into a temporary file beside it, renamed over it. */
  atomicWrite(name: string, content: string | Uint8Array): Promise<void>;
  /** Reads, replaces, writes. Throws when there is nothing to replace, since the test would wait for ever. */
  edit(name: string, from: string | RegExp, to: string): Promise<void>;
  remove(name: string): Promise<void>;
}

export async function fixture(files: FixtureFiles = {}): Promise<Fixture> {
  const folder = await fs.realpath(await fs.mkdtemp(path.join(os.tmpdir(), 'hmr-dev-test-')));
  const resolve = (name: string): string => path.join(folder, name);
  const write = async (name: string, content: string | Uint8Array): Promise<void> => {
    await fs.mkdir(path.dirname(resolve(name)), { recursive: true });
    // On a busy machine a write through the thread pool leaves the file empty for long enough to be believed.
    writeFileSync(resolve(name), content);
  };
  for (const [name, content] of Object.entries(files)) await write(name, content);
  return {
    path: folder,
    resolve,
    write,
    read: (name) => fs.readFile(resolve(name), 'utf8'),
    async atomicWrite(name, content) {
      const temporary = path.join(path.dirname(resolve(name)), `.${path.basename(name)}.${process.pid}.tmp`);
      await fs.writeFile(temporary, content);
      await fs.rename(temporary, resolve(name));
    },
    async edit(name, from, to) {
      const before = await fs.readFile(resolve(name), 'utf8');
      const after = before.replace(from, () => to);
      if (after === before) throw new Error(`${name} holds nothing like ${String(from)}:\n${before}`);
      writeFileSync(resolve(name), after);
    },
    remove: (name) => fs.rm(resolve(name), { recursive: true }),
    [Symbol.asyncDispose]: () => fs.rm(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}
