/**
 * The tsconfig.json or jsconfig.json that a file is compiled by: the nearest above it, also above the served folder (`hmr-dev ./src` has its
 * tsconfig one up). A "solution" that only refers to others (`tsconfig.app.json`) hands on to the one that includes the file. The package reads
 * `extends` and `paths`, but takes broken JSON for an empty object, so that is checked here first.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createFilesMatcher, createPathsMatcher, parseTsconfig, type TsConfigJsonResolved, type TsConfigResult } from 'get-tsconfig';
import { codeFrame, HmrError, placeAt } from '../errors.ts';
import type { TsconfigRaw } from './esbuild.ts';
import { readRelaxedJsonText } from './json-syntax.ts';

export interface Tsconfig {
  /** Itself, those it extends (not a package's) and the solution that handed on to it: what it says stands in these. */
  readonly files: readonly string[];
  /** The options that esbuild knows. */
  readonly raw: TsconfigRaw;
  /** Absolute paths, without extensions, that `paths` and `baseUrl` give a specifier, best first. */
  pathCandidates(specifier: string): readonly string[];
}

export interface TsconfigFinder {
  /** Undefined when there is none, and for files of packages. @throws HmrError with location when it is broken */
  find(filePath: string): Tsconfig | undefined;
  /** For esbuild; empty when there is none. @throws HmrError with location when it is broken */
  rawFor(filePath: string): TsconfigRaw;
  /** Whether a file has been part of a tsconfig, also of one that is broken. */
  reads(filePath: string): boolean;
  /** Forgets everything: a tsconfig came, went or changed. */
  invalidate(): void;
}

export interface TsconfigFinderOptions {
  readonly root: string;
}

const NAMES = ['tsconfig.json', 'jsconfig.json'];

export function createTsconfigFinder({ root }: TsconfigFinderOptions): TsconfigFinder {
  /** By folder: the file that governs it. */
  const nearest = new Map<string, string | undefined>();
  /** By tsconfig: itself and those it refers to. An error is remembered too: reading again would not mend it. */
  const solutions = new Map<string, Solution | HmrError>();
  const filesRead = new Set<string>();

  const nearestOf = (folder: string): string | undefined => {
    if (nearest.has(folder)) return nearest.get(folder);
    const own = NAMES.map((name) => path.join(folder, name)).find((file) => existsSync(file));
    const parent = path.dirname(folder);
    const found = own ?? (parent === folder ? undefined : nearestOf(parent));
    nearest.set(folder, found);
    return found;
  };

  const solutionOf = (configPath: string): Solution => {
    const known = solutions.get(configPath) ?? attempt(() => readSolution(configPath, filesRead));
    solutions.set(configPath, known);
    if (known instanceof HmrError) throw known;
    return known;
  };

  const find = (filePath: string): Tsconfig | undefined => {
    const absolute = path.resolve(root, filePath);
    if (absolute.split(path.sep).includes('node_modules')) return undefined;
    const configPath = nearestOf(path.dirname(absolute));
    if (configPath === undefined) return undefined;
    const { own, references } = solutionOf(configPath);
    if (references.length === 0 || own.includes(absolute)) return own.tsconfig;
    return references.find((reference) => reference.includes(absolute))?.tsconfig ?? own.tsconfig;
  };

  return {
    find,
    rawFor: (filePath) => find(filePath)?.raw ?? {},
    reads: (filePath) => filesRead.has(filePath),
    invalidate() {
      nearest.clear();
      solutions.clear();
    },
  };
}

interface Project {
  readonly tsconfig: Tsconfig;
  includes(filePath: string): boolean;
}

interface Solution {
  readonly own: Project;
  readonly references: readonly Project[];
}

function attempt(read: () => Solution): Solution | HmrError {
  try {
    return read();
  } catch (error) {
    if (error instanceof HmrError) return error;
    throw error;
  }
}

/** @param filesRead gets what is read, also when that is broken */
function readSolution(configPath: string, filesRead: Set<string>): Solution {
  const own = parse(configPath, filesRead);
  const references = (own.config.references ?? []).map(({ path: reference }) => {
    const target = path.resolve(path.dirname(configPath), reference);
    const referred = parse(target.endsWith('.json') ? target : path.join(target, 'tsconfig.json'), filesRead);
    return createProject(referred, [...referred.files, ...own.files]);
  });
  return { own: createProject(own, own.files), references };
}

function createProject(result: TsConfigResult, sources: readonly string[]): Project {
  const paths = createPathsMatcher(result);
  const files = createFilesMatcher(result);
  return {
    tsconfig: {
      files: sources,
      raw: { compilerOptions: rawOptions(result.config) },
      pathCandidates: (specifier) => paths?.(specifier) ?? [],
    },
    includes: (filePath) => files(filePath) !== undefined,
  };
}

/** Not what the package adds: `strict` stands for ten others, of which esbuild knows one. */
function rawOptions({ compilerOptions = {} }: TsConfigJsonResolved): NonNullable<TsconfigRaw['compilerOptions']> {
  const { jsx, target, importsNotUsedAsValues, ...options } = compilerOptions;
  // To keep JSX is to leave it to another tool, which here is this one: what those tools make of it is the automatic form.
  const form = jsx === 'preserve' || jsx === 'react-native' ? 'react-jsx' : jsx;
  return compact({
    jsx: form,
    target,
    importsNotUsedAsValues,
    alwaysStrict: options.alwaysStrict,
    experimentalDecorators: options.experimentalDecorators,
    jsxFactory: options.jsxFactory,
    jsxFragmentFactory: options.jsxFragmentFactory,
    jsxImportSource: options.jsxImportSource,
    preserveValueImports: options.preserveValueImports,
    strict: options.strict,
    useDefineForClassFields: options.useDefineForClassFields,
    verbatimModuleSyntax: options.verbatimModuleSyntax,
  });
}

function compact<T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const present: { [K in keyof T]?: Exclude<T[K], undefined> } = {};
  return Object.assign(present, Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)));
}

interface Parsed extends TsConfigResult {
  readonly files: readonly string[];
}

function parse(configPath: string, filesRead: Set<string>): Parsed {
  const chain = new Set<string>();
  try {
    checkChain(configPath, chain);
  } finally {
    for (const file of chain) filesRead.add(file);
  }
  try {
    return { path: configPath, config: parseTsconfig(configPath), files: [...chain] };
  } catch (cause) {
    throw extendsError(configPath, cause);
  }
}

/** The file and those of its own folders that it extends. A package's are taken to be well-formed. */
function checkChain(configPath: string, seen: Set<string>): void {
  if (seen.has(configPath)) return;
  seen.add(configPath);
  const text = readRelaxedJsonText(configPath);
  const [, list = ''] = /"extends"\s*:\s*("[^"]*"|\[[^\]]*\])/.exec(text) ?? [];
  for (const [, specifier = ''] of list.matchAll(/"([^"]*)"/g)) {
    if (!/^\.\.?\//.test(specifier) && !path.isAbsolute(specifier)) continue;
    const target = path.resolve(path.dirname(configPath), specifier);
    const file = [target, `${target}.json`].find((candidate) => candidate.endsWith('.json') && existsSync(candidate));
    if (file !== undefined) checkChain(file, seen);
  }
}

function extendsError(configPath: string, cause: unknown): HmrError {
  const text = readRelaxedJsonText(configPath);
  const place = placeAt(text, Math.max(0, text.indexOf('"extends"')));
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new HmrError('RESOLVE', `${path.basename(configPath)} could not be read: ${reason}`, {
    location: { file: configPath, ...place },
    frame: codeFrame(text, place.line, place.column),
    hint: 'Correct its "extends".',
    cause,
  });
}
