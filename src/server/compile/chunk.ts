/**
 * Scripts made of linked modules: the answer to a module script (defines a graph, starts the entry, exports what it exports), the
 * answer to an `import()` of the runtime (defines only), and the definitions of one update.
 */
import { createHash } from 'node:crypto';
import { RUNTIME_KEY, type ErrorReport, type ModuleId } from '../../protocol.ts';
import type { External, Form } from './compiler.ts';

/** What a chunk needs of a module of the graph. */
export interface ChunkModule {
  readonly id: ModuleId;
  readonly text: string;
  readonly hash: string;
  readonly lineCount: number;
  /** Modules of other origins it imports; the chunk imports them natively. */
  readonly externals: readonly External[];
}

export interface Chunk {
  readonly hash: string;
  readonly text: string;
  /** Which module's definition starts at which line, from 0. */
  readonly layout: readonly LayoutEntry[];
}

export interface LayoutEntry {
  readonly id: ModuleId;
  readonly hash: string;
  /** From 0. */
  readonly line: number;
  readonly form?: Form;
}

/**
 * `start` runs the entry and exports its names; `define` leaves that to the runtime and exports the entry's id. `start-alone` is for where the
 * client may not be: a worker gets its first message when its script has run, and would not wait for an `await` in it.
 */
export type ChunkMode = 'start' | 'start-alone' | 'define';

export interface ChunkOptions {
  readonly modules: readonly ChunkModule[];
  readonly entry: ModuleId;
  /** The path that was asked for, when it is not the entry's id. */
  readonly alias: string | undefined;
  readonly mode: ChunkMode;
  /** For `start`: what the entry exports. */
  readonly exportNames: readonly string[];
  /** For `start`: something in the graph awaits at top level. */
  readonly async: boolean;
  /** Address of the client. */
  readonly clientUrl: string;
  /** Where the chunk's source map is found, given its hash. */
  readonly mapUrl: (hash: string) => string;
}

const RUNTIME = `globalThis[Symbol.for(${JSON.stringify(RUNTIME_KEY)})]`;

export function createChunk(options: ChunkOptions): Chunk {
  const { modules, entry, alias, mode } = options;
  const externals = [...new Map(modules.flatMap((module) => module.externals.map((external) => [external.url, external]))).values()];
  const hash = chunkHash(options);
  const client = JSON.stringify(options.clientUrl);
  const lines = [
    ...externals.map((external, index) => `import * as $external${index} from ${requestOf(external)};`),
    // A page without the injected client (served by another program) loads it here.
    `${mode === 'start-alone' ? `import${client};const $runtime=${RUNTIME}` : `const $runtime=${RUNTIME}??(await import(${client}),${RUNTIME})`},$define=$runtime.define;$runtime.chunk(${JSON.stringify(hash)});`,
    ...externals.map(({ url }, index) => `$runtime.external(${JSON.stringify(url)},$external${index});`),
  ];
  const layout: { id: ModuleId; hash: string; line: number }[] = [];
  let line = lines.length;
  for (const module of modules) {
    layout.push({ id: module.id, hash: module.hash, line });
    line += module.lineCount;
  }
  const tail = [
    ...(alias === undefined ? [] : [`$runtime.alias(${JSON.stringify(alias)},${JSON.stringify(entry)});`]),
    ...(mode !== 'define' ? startLines(options) : [`export const id=${JSON.stringify(entry)};`]),
  ];
  const body = modules.map((module) => module.text).join('');
  const text = `${lines.join('\n')}\n${body}${tail.join('\n')}\n//# sourceMappingURL=${options.mapUrl(hash)}\n`;
  return { hash, text, layout };
}

function requestOf({ url, attributes }: External): string {
  return JSON.stringify(url) + (Object.keys(attributes).length > 0 ? ` with${JSON.stringify(attributes)}` : '');
}

function chunkHash({ mode, alias, modules }: ChunkOptions): string {
  const hash = createHash('sha1').update(`${mode}\n${alias ?? ''}\n`);
  for (const module of modules) hash.update(`${module.id}\n${module.hash}\n`);
  return hash.digest('base64url').slice(0, 12);
}

/** Native importers get live bindings: locals that the runtime sets. */
function startLines({ entry, exportNames, async }: ChunkOptions): string[] {
  const id = JSON.stringify(entry);
  const start = `${async ? 'await ' : ''}$runtime.start(${id});`;
  if (exportNames.length === 0) return [start];
  const names = exportNames.map((name, index) => ({ local: `$${index}`, name: JSON.stringify(name) }));
  return [
    `let ${names.map(({ local }) => local).join(',')};export{${names.map(({ local, name }) => `${local} as ${name}`).join(',')}};`,
    start,
    `$runtime.mirror(${id},{__proto__:null,${names.map(({ local, name }) => `[${name}](v){${local}=v}`).join(',')}});`,
  ];
}

/**
 * A script for the element or the import that applies an update; modules are only defined. Classic and module form are the same text.
 */
export function createDefinitions(texts: readonly string[]): string {
  return createCalls('define', texts);
}

/** The same for what puts modules into running ones. */
export function createPatches(texts: readonly string[]): string {
  return createCalls('patch', texts);
}

/** Says what versions are that were defined without: by their hashes, as expressions. */
export function createDescribing(descriptions: ReadonlyMap<string, string>): string {
  const lines = [...descriptions].map(([hash, description]) => `$describe(${JSON.stringify(hash)},${description});\n`);
  return createCalls('describe', lines);
}

function createCalls(name: 'define' | 'patch' | 'describe', lines: readonly string[]): string {
  return `"use strict";{const $${name}=${RUNTIME}.${name};\n${lines.join('')}}\n`;
}

/**
 * In place of a graph that does not compile: says why to the client, which waits for the fix, and fails as the browser's own loader
 * would. The mark tells the client's listeners that this error is shown already.
 */
export function createFailedChunk(entry: ModuleId, errors: readonly ErrorReport[]): string {
  const message = JSON.stringify(errors[0]?.message ?? `${entry} does not compile`);
  return [
    `${RUNTIME}?.failed(${JSON.stringify(entry)},${JSON.stringify(errors)});`,
    `throw Object.assign(new SyntaxError(${message}),{[Symbol.for(${JSON.stringify(RUNTIME_KEY)})]:true});\n`,
  ].join('\n');
}
