/**
 * From a module id to its definition: take its JavaScript, link, resolve, hash. Stateless but for what is handed in; the module
 * graph decides when. Maps are made by doing it again when a debugger asks, so that no save pays for them.
 */
import path from 'node:path';
import type { ModuleId, ModuleMeta } from '../../protocol.ts';
import { isLinked } from '../../runtime/record.ts';
import type { Descriptions } from '../descriptions.ts';
import { HmrError } from '../errors.ts';
import { hashOf } from '../content-hash.ts';
import { createBarrels, isSelection, type Selection } from './barrels.ts';
import type { Format, Formats } from './formats.ts';
import type { GlobImporter, Globs } from './globs.ts';
import { link, type LinkedFacts, type LinkOptions } from './link.ts';
import type { CachedLink, LinkCache } from './link-cache.ts';
import { linkSource, linkSourcePatch } from './link-source.ts';
import { createSpecifiers, type Importer, type SpecifiersOptions } from './specifiers.ts';
import type { ModuleScripts, Script } from './module-scripts.ts';
import { composeMaps, type RawSourceMap } from './source-map.ts';
import { placeOfImport } from './source-places.ts';

export interface CompilerOptions extends SpecifiersOptions {
  readonly scripts: ModuleScripts;
  readonly cache: LinkCache;
  readonly descriptions: Pick<Descriptions, 'add'>;
  readonly globs: Globs;
  readonly formats: Formats;
}

/** A module of another origin, which the browser imports. */
export interface External {
  readonly url: string;
  /** Without `type: 'json'` the browser would refuse JSON. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface Compiled {
  readonly meta: ModuleMeta;
  readonly text: string;
  readonly lineCount: number;
  readonly patch?: CompiledPatch | undefined;
  readonly files: readonly string[];
  readonly watched: readonly string[];
  readonly externals: readonly External[];
  locate(dep: number, name: string): Pick<HmrError, 'location' | 'frame'> | undefined;
  /** Whether all that it names still resolves to the same. */
  resolvesAlike(): boolean;
  /** Whether a specifier in it has the name of this file in it, or a pattern finds it. */
  names(filePath: string): boolean;
  /** Whether a pattern in it has found this file. */
  hasFound(filePath: string): boolean;
}

/** See `Patch` in hot/module-graph.ts. */
export interface CompiledPatch {
  make(): Promise<void>;
  /** See descriptions.ts. */
  describe(): Promise<string | undefined>;
  readonly made: { readonly text: string; readonly lineCount: number } | undefined;
}

/** Which text of a module a line is in: what defines it, or what is put into a running version. */
export type Form = 'module' | 'patch';

export interface Compiler {
  /** @throws HmrError with place and frame */
  compile(id: ModuleId): Promise<Compiled>;
  /** From the lines of a form to the author's; undefined for modules that have no source of their own (assets, JSON). */
  map(id: ModuleId, form?: Form): Promise<RawSourceMap | undefined>;
}

/** In front of the linked text, in both forms. */
const LINES_BEFORE = 1;

export function createCompiler(options: CompilerOptions): Compiler {
  const { scripts, cache } = options;
  const specifiers = createSpecifiers(options);

  const linkOptionsFor = (importer: Importer & GlobImporter): LinkOptions => ({
    file: importer.filePath,
    assetOf: (specifier) => specifiers.assetOf(specifier, importer.importerPath),
    globOf: (call) => options.globs.find(call, importer),
  });

  const linkScript = async (script: Script): Promise<CachedLink> => {
    const { code, language } = script;
    const linkOptions = linkOptionsFor(importerOf(script));
    return language ? cache.link(code, { ...linkOptions, ...language }) : { linked: link(code, linkOptions), isCompiled: false };
  };

  /** Linked to see what they export, before they were asked for. */
  const ahead = new Map<ModuleId, { readonly code: string; readonly link: Promise<CachedLink> }>();

  const barrels = createBarrels({
    root: options.root,
    formats: options.formats,
    async facts(id) {
      const script = await scripts.read(id);
      const link = linkScript(script);
      ahead.set(id, { code: script.code, link });
      return (await link).linked;
    },
    resolve: specifiers.fileOf,
  });

  const compileSelection = (id: ModuleId, { linked, files, resolvesAlike }: Selection): Compiled => {
    const deps = linked.requests.map(({ specifier }) => specifier);
    const meta = createMeta(id, { linked, deps, specifiers: {}, format: undefined, comparable: '' });
    const text = definition(meta, linked);
    const nothing = { watched: [], externals: [], locate: () => undefined, names: () => false, hasFound: () => false };
    return { meta, text, lineCount: countLines(text), files, resolvesAlike, ...nothing };
  };

  const compile = async (id: ModuleId): Promise<Compiled> => {
    const selection = await barrels.read(id);
    if (selection) return compileSelection(id, selection);
    const script = await scripts.read(id);
    const filePath = script.module.path;
    const importer = importerOf(script);
    const early = ahead.get(id);
    ahead.delete(id);
    const { linked, isCompiled } = await (early?.code === script.code ? early.link : linkScript(script));
    const names = importedNames(linked);
    const answers = await Promise.all(linked.requests.map((request, dep) => specifiers.resolve(request, script, names[dep] ?? NO_NAMES)));
    const named = answers.map((answer) => answer.id);
    // Of each barrel only what is asked for.
    const deps = await Promise.all(named.map((dep, index) => barrels.select(dep, selectable(linked, index, names[index] ?? NO_NAMES))));
    const externals = linked.requests
      .map(({ attributes }, index) => ({ url: deps[index] ?? '', attributes }))
      .filter(({ url }) => !isLinked(url));
    const meta = createMeta(id, {
      linked,
      deps,
      specifiers: await specifiers.resolveDynamic(linked, script),
      format: script.language?.format,
      comparable:
        (script.unversioned ?? (script.isPart ? withoutPlace(linked.factory, script.code) : linked.factory)) +
        script.contentKey +
        JSON.stringify(externals),
    });
    // Kept as long as the module, and so not more than they need: neither the factory again nor what it was made of.
    const { requests, dynamic, imports, reexports } = linked;
    const globbed = options.globs.follow(linked, importer);
    const source = script.language && { code: script.code, isCompiled };
    const text = definition(meta, linked);
    const patch = script.language?.hotswap === undefined ? undefined : patchOf(script, meta);
    if (patch) options.descriptions.add(id, meta.hash, patch.describe);
    return {
      meta,
      text,
      lineCount: countLines(text),
      patch,
      files: script.files,
      watched: [...script.watched, ...answers.flatMap((answer) => answer.watched)],
      externals,
      locate: (dep, name) => source && placeOfImport({ requests, imports, reexports }, source, filePath, dep, name),
      resolvesAlike: () => specifiers.isSame({ deps: named, specifiers: meta.specifiers }, { requests, dynamic }, globbed, importer),
      names(changedPath) {
        const names = [path.basename(changedPath), encodeURIComponent(path.basename(changedPath))];
        if ([...requests, ...dynamic].some(({ specifier }) => names.some((name) => specifier.includes(name)))) return true;
        return globbed.wouldHave(changedPath);
      },
      hasFound: globbed.has,
    };
  };

  const patchOf = (script: Script, { id, hash }: ModuleMeta): CompiledPatch | undefined => {
    const { language } = script;
    if (!language) return undefined;
    let making: Promise<string | undefined> | undefined;
    let made: CompiledPatch['made'];
    const make = async (): Promise<string | undefined> => {
      try {
        const { linked } = await linkSourcePatch(script.code, { ...linkOptionsFor(importerOf(script)), ...language });
        if (!linked) return undefined;
        const text = `$patch(${JSON.stringify(id)},${JSON.stringify(hash)},\n${linked.text});\n`;
        made = { text, lineCount: countLines(text) };
        return linked.description;
      } catch (error) {
        // What links as a module may nest too deeply for this.
        if (!(error instanceof HmrError)) throw error;
        return undefined;
      }
    };
    const describe = (): Promise<string | undefined> => (making ??= make());
    return {
      describe,
      make: async () => void (await describe()),
      get made() {
        return made;
      },
    };
  };

  const map = async (id: ModuleId, form: Form = 'module'): Promise<RawSourceMap | undefined> => {
    if (isSelection(id)) return undefined;
    const script = await scripts.read(id);
    if (!script.language) return undefined;
    const linkAs = form === 'patch' ? linkSourcePatch : linkSource;
    const { linked, compiled } = await linkAs(script.code, {
      ...linkOptionsFor(importerOf(script)),
      ...script.language,
      withMap: true,
    });
    if (!linked) return undefined;
    return composeMaps({
      link: linked.map(),
      compile: compiled?.map,
      made: script.map,
      source: id.replace(/\?.*$/, ''),
      content: script.code,
      linesBefore: LINES_BEFORE,
    });
  };

  return { compile, map };
}

const definition = (meta: ModuleMeta, { factory }: LinkedFacts): string => `$define(${JSON.stringify(meta)},\n${factory});\n`;

const importerOf = ({ module, importerPath, resolveDir }: Script): Importer & GlobImporter => ({
  filePath: module.path,
  importerPath,
  resolveDir,
  module,
});

const NO_NAMES: ReadonlySet<string> = new Set();

/** By request: the names that are imported from it; `*` for its namespace, and for all that it exports. */
function importedNames({ requests, imports, reexports, stars }: LinkedFacts): ReadonlySet<string>[] {
  const names = requests.map(() => new Set<string>());
  for (const { dep, name } of [...imports, ...reexports]) names[dep]?.add(name);
  for (const dep of stars) names[dep]?.add('*');
  return names;
}

/** Those names, if they are all that a module wants of another; else none. */
function selectable({ requests, dynamic }: LinkedFacts, dep: number, names: ReadonlySet<string>): readonly string[] {
  const { id, attributes = {}, specifier = '' } = requests[dep] ?? {};
  const isAccepted = dynamic.some((request) => request.kind === 'accept' && request.specifier === specifier);
  return id !== undefined || names.has('*') || isAccepted || Object.keys(attributes).length > 0 ? [] : [...names];
}

interface MetaOptions {
  readonly linked: LinkedFacts;
  readonly deps: readonly string[];
  readonly specifiers: Record<string, ModuleId>;
  readonly format: Format | undefined;
  /** What is compared besides. */
  readonly comparable: string;
}

/** Two specifiers may name one module: it is then listed, and handed to the factory, twice; linking does not mind. */
function createMeta(id: ModuleId, { linked, deps, specifiers, format, comparable }: MetaOptions): ModuleMeta {
  const facts = {
    deps,
    imports: linked.imports.map(({ dep, name }) => [dep, name] as const),
    exports: linked.exports,
    reexports: linked.reexports.map(({ as, dep, name }) => [as, dep, name] as const),
    stars: linked.stars,
    async: linked.async,
    specifiers,
    ...((format === 'commonjs' || format === 'node') && { format }),
  };
  const hash = hashOf(JSON.stringify(facts) + comparable);
  return { id, hash, ...facts };
}

/** A script that other lines of its file have moved is the same. */
function withoutPlace(factory: string, code: string): string {
  const [blank = ''] = /^\s*/.exec(code) ?? [];
  const moved = factory.replace(blank, '');
  // In a template, and after a line that goes on, it may be part of a text.
  return /`|\\\r?\n/.test(code) ? moved : moved.replaceAll(/^[ \t]+/gm, '');
}

function countLines(text: string): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}
