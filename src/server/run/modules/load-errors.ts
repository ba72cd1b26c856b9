/**
 * Mistakes that are found before anything runs, as a developer reads them: with place, code frame and next step. `cause` is the error that Node
 * has for it, which the program gets where it asked by `import()`.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { findMissingExport, type MetaLookup, type MissingExport } from '../../../runtime/linking.ts';
import { isLinked } from '../../../runtime/record.ts';
import { atSpecifier, placeOfImport } from '../../compile/source-places.ts';
import { codeFrame, errorCode, HmrError } from '../../errors.ts';
import { fileOfId } from './file-ids.ts';
import { UnresolvedImport } from './module-meta.ts';
import type { ProgramModule } from './modules.ts';
import { missingCommonJsName } from './node-errors.ts';

/** Of reading, compiling or resolving a file. */
export function toHmrError(error: unknown, filePath: string): unknown {
  if (error instanceof UnresolvedImport) return unresolved(error, filePath);
  if (error instanceof HmrError) return error;
  if (error instanceof SyntaxError) return syntaxError(error, filePath);
  if (errorCode(error) === 'ENOENT') {
    return new HmrError('READ', `${filePath} is not there.`, { hint: 'Create the file, or correct the path.', cause: error });
  }
  return error instanceof Error ? new HmrError('RESOLVE', error.message, { cause: error }) : error;
}

/** The error as the program would get it from Node. */
export function asNative(error: unknown): unknown {
  if (error instanceof UnresolvedImport) return error.cause;
  if (!(error instanceof HmrError)) return error;
  if (error.code === 'SYNTAX' || error.code === 'MISSING_EXPORT') return new SyntaxError(error.message, { cause: error });
  let cause: unknown = error;
  while (cause instanceof HmrError && cause.cause !== undefined) cause = cause.cause;
  return cause;
}

function unresolved({ specifier, cause }: UnresolvedImport, filePath: string): HmrError {
  const message = cause instanceof Error ? cause.message : String(cause);
  const isPackage = /^Cannot find package '([^']*)'/.exec(message)?.[1];
  const hint = isPackage === undefined ? hintOf(errorCode(cause)) : `npm install ${isPackage}`;
  const error = new HmrError('RESOLVE', message, { cause, hint });
  const placed = atSpecifier(error, specifier, { code: readText(filePath), language: true }, filePath);
  return new HmrError('RESOLVE', message, { location: placed.location, frame: placed.frame, hint, cause });
}

function hintOf(code: string): string | undefined {
  if (code === 'ERR_MODULE_NOT_FOUND') return 'Create the file, or correct the path.';
  if (code === 'ERR_UNSUPPORTED_DIR_IMPORT') return 'Name the file in it, as in "./folder/index.js".';
  if (code.startsWith('ERR_IMPORT_A')) return `Write "with { type: 'json' }" behind it.`;
  return undefined;
}

/** Of V8, which says in the stack where. */
function syntaxError(error: SyntaxError, filePath: string): HmrError {
  const [, file = filePath, line = '1', caret = ''] = /^(.*):(\d+)\n(?:.*\n)?( *)\^/.exec(error.stack ?? '') ?? [];
  const place = { line: Number(line), column: caret.length + 1 };
  const frame = codeFrame(readText(filePath), place.line, place.column);
  return new HmrError('SYNTAX', error.message, { location: { file: file.replace(/^file:\/\//, ''), ...place }, frame, cause: error });
}

function readText(filePath: string): string {
  try {
    return readFileSync(filePath, 'utf8');
  } catch {
    return ''; // Gone meanwhile: then there is no frame.
  }
}

export interface LinkCheck {
  readonly lookup: (id: string) => ProgramModule | undefined;
  /** Names of a module that is Node's; undefined as long as it has not run. */
  readonly namesOfNative: (url: string) => ReadonlySet<string> | undefined;
  readonly cwd: string;
}

/** @throws HmrError `MISSING_EXPORT` that names both files */
export function checkLinks(modules: Iterable<ProgramModule>, { lookup, namesOfNative, cwd }: LinkCheck): void {
  const metaOf: MetaLookup = (id) => lookup(id)?.meta;
  for (const module of modules) {
    const missing = findMissingExport(metaOf, module.meta) ?? missingOfNative(module, namesOfNative);
    if (missing) throw missingExport(module, missing, lookup(module.meta.deps[missing.dep] ?? ''), cwd);
  }
}

function missingOfNative({ meta }: ProgramModule, namesOf: LinkCheck['namesOfNative']): MissingExport | undefined {
  const wanted = [...meta.imports, ...meta.reexports.map(([, dep, name]) => [dep, name] as const)];
  for (const [dep, name] of wanted) {
    const url = meta.deps[dep] ?? '';
    if (name === '*' || isLinked(url)) continue;
    if (namesOf(url)?.has(name) === false) return { importer: meta.id, dep, name, why: 'missing' };
  }
  return undefined;
}

function missingExport(
  importer: ProgramModule,
  { dep, name, why }: MissingExport,
  owner: ProgramModule | undefined,
  cwd: string,
): HmrError {
  const { code, source, filePath, meta } = importer;
  const relative = (file: string): string => path.relative(cwd, file).split(path.sep).join('/');
  const target = meta.deps[dep] ?? '';
  const targetName = isLinked(target) ? relative(owner?.filePath ?? fileOfId(target)) : target;
  const by = ` (imported by ${relative(filePath)})`;
  const message =
    why === 'ambiguous'
      ? `The requested module '${targetName}' contains conflicting star exports for name '${name}'${by}`
      : owner?.code.format === 'commonjs'
        ? missingCommonJsName(name, targetName) + by
        : `The requested module '${targetName}' does not provide an export named '${name}'${by}`;
  const place =
    code.format === 'module'
      ? placeOfImport(code.linked, { code: source.text, isCompiled: code.isCompiled }, filePath, dep, name)
      : undefined;
  const hint = why === 'ambiguous' ? `Export '${name}' by name in ${targetName}.` : hintOfMissing(name, targetName, owner);
  return new HmrError('MISSING_EXPORT', message, { location: place?.location, frame: place?.frame, hint });
}

function hintOfMissing(name: string, targetName: string, owner: ProgramModule | undefined): string {
  const names = owner?.meta.exports.filter((one) => one !== 'module.exports') ?? [];
  const offered = names.length === 0 ? 'nothing by name' : names.slice(0, 8).join(', ');
  return owner ? `${targetName} exports ${offered}.` : `Correct the name "${name}".`;
}
