/**
 * A folder as the server knows it, without watcher, sockets and browser: files are saved, the batch is handed over, and what would be told is
 * returned. The wiring is that of hot-server.ts.
 */
import fs from 'node:fs/promises';
import type { TestContext } from 'node:test';
import type { Change, ModuleId, ServerEvent } from '../../../src/protocol.ts';
import type { FileEventKind } from '../../../src/server/hot/settle.ts';
import type { Plugin } from '../../../src/server/compile/plugins/plugin.ts';
import { createUpdates, type Updates } from '../../../src/server/hot/updates.ts';
import type { Project } from '../../../src/server/project.ts';
import { openProject } from '../../harness/project.ts';
import { fixture, type Fixture, type FixtureFiles } from '../../harness/fixture.ts';

export interface UpdatesFolder {
  readonly files: Fixture;
  readonly project: Project;
  readonly updates: Updates;
  /** Files that were asked to be watched. */
  readonly included: readonly string[];
  /** Files of which was asked whether they are written to their end. */
  readonly askedForEnd: readonly string[];
  /** The changed files that were named with errors. */
  readonly blamed: readonly (readonly string[])[];
  /** How often names were looked up anew. */
  readonly counts: { namesChanged: number };
  /** A page asks for a module script and gets it. */
  load(id: ModuleId): Promise<void>;
  /** A page asks for its HTML. */
  open(name: string): Promise<string>;
  /** Writes files (null: removes them), then handles the batch. Resolves with what was published. */
  save(changes: Readonly<Record<string, string | null>>): Promise<ServerEvent[]>;
  /** A batch of what is on the disk already. */
  batch(kinds: Readonly<Record<string, FileEventKind>>): Promise<ServerEvent[]>;
}

/** @param root of the served folder, in the one that the content is in */
export async function openUpdates(
  t: TestContext,
  content: FixtureFiles,
  root = '',
  plugins: readonly Plugin[] = [],
): Promise<UpdatesFolder> {
  const files = await fixture(content);
  t.after(() => files[Symbol.asyncDispose]());
  const included: string[] = [];
  const project = openProject(files.resolve(root), { onFile: (filePath) => included.push(filePath), plugins });
  const { graph, versions } = project;
  const askedForEnd: string[] = [];
  const blamed: (readonly string[])[] = [];
  const counts = { namesChanged: 0 };
  let published: ServerEvent[] = [];
  const updates = createUpdates({
    ...project,
    hasChanged: versions.hasChanged,
    isSettled(filePath) {
      askedForEnd.push(project.relative(filePath));
      return versions.isSettled(filePath);
    },
    contentHash: versions.noted,
    isConfiguration: project.resolver.isConfiguration,
    beforeBatch: async () => true,
    afterBatch: async () => undefined,
    pagesMadeOf: project.pages.madeOf,
    onNamesChanged() {
      counts.namesChanged++;
      project.resolver.clear();
    },
    publish: (event) => `1-${published.push(event)}`,
    nextId: () => `1-${published.length + 1}`,
    code: (nodes) => ({ code: nodes.map(({ built }) => built?.text).join('') }),
    workersReaching: () => [],
    nowMs: () => performance.now(),
    onUpdate: () => undefined,
    onErrors: (_, { files: changed }) => void blamed.push(changed),
    onFixed: () => undefined,
  });
  const batch: UpdatesFolder['batch'] = async (kinds) => {
    published = [];
    const named = new Map(Object.entries(kinds).map(([name, kind]) => [files.resolve(name), kind]));
    await updates.onBatch({ files: named, firstEventAt: performance.now(), isOvertaken: async () => false });
    return published;
  };
  return {
    files,
    project,
    updates,
    included,
    askedForEnd,
    blamed,
    counts,
    async load(id) {
      for (const node of await graph.closure(id, { entry: true })) node.toldHash ??= node.built?.meta.hash;
      updates.checkErrors();
    },
    async open(name) {
      const source = await fs.readFile(files.resolve(name));
      return String(await project.pages.transform({ source, urlPath: `/${name}`, filePath: files.resolve(name), isGenerated: false }));
    },
    batch,
    async save(changes) {
      const kinds: Record<string, FileEventKind> = {};
      for (const [name, text] of Object.entries(changes)) {
        const isThere = await fs.access(files.resolve(name)).then(
          () => true,
          () => false, // ENOENT: it is made now.
        );
        kinds[name] = text === null ? 'unlink' : isThere ? 'change' : 'add';
        await (text === null ? files.remove(name) : files.write(name, text));
      }
      return batch(kinds);
    },
  };
}

/** What an update changes, as `module /a.js`. */
export function changesIn(events: readonly ServerEvent[]): string[] {
  return updatesIn(events).map((change) => `${change.kind} ${'id' in change ? change.id : change.url}`);
}

export function updatesIn(events: readonly ServerEvent[]): Change[] {
  return events.flatMap((event) => (event.type === 'update' ? event.changes : []));
}
