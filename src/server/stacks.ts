/**
 * Stacks of the running page, in the author's terms: frames in the formats of V8 and of Firefox and Safari, mapped from the scripts
 * that were served to files, lines and columns of the folder.
 */
import { NO_BASE, type Base } from './base.ts';
import { INTERNAL_PREFIX, type ErrorReport, type ModuleId, type PageErrorReport, type Place, type StackFrame } from '../protocol.ts';
import type { Form } from './compile/compiler.ts';
import { OWN_SOURCE } from './compile/own-code.ts';
import { originalPosition, type RawSourceMap } from './compile/source-map.ts';
import { codeFrame } from './errors.ts';
import { resolveRequest } from './http/resolve-request.ts';

export interface StacksOptions {
  readonly base?: Base;
  /** The definition's line (from 1) behind a line of a served script. */
  readonly locate: (url: string, line: number) => { readonly id: ModuleId; readonly line: number; readonly form: Form } | undefined;
  /** From a module's definition to the author's text; costs as much as compiling it. */
  readonly map: (id: ModuleId, form: Form) => Promise<RawSourceMap | undefined>;
  /** Text of a file of the folder by its relative path; undefined if there is none. */
  readonly read: (file: string) => Promise<string | undefined>;
}

// Folders of routers are named `(app)`.
const V8_FRAME = /^\s*at (?:async )?(?:(.*?) \()?((?:[a-z-]+:\/\/|\/)\S*?):(\d+):(\d+)\)?$/;
const GECKO_FRAME = /^(.*?)@((?:[a-z-]+:\/\/|\/)\S*?):(\d+):(\d+)$/;
const FRAME_LIMIT = 30;
const LINES_LIMIT = 1_000;
const LINE_LIMIT = 2_000;

export async function mapPageError(report: PageErrorReport, options: StacksOptions): Promise<ErrorReport> {
  // Whoever sends a longer line wants to see how long the expressions take.
  const isFrame = (line: string): boolean => line.length <= LINE_LIMIT && (V8_FRAME.test(line) || GECKO_FRAME.test(line));
  const lines = report.stack.split('\n', LINES_LIMIT).filter(isFrame);
  const maps = new Map<string, Promise<RawSourceMap | undefined>>();
  /** Most frames of a stack are of a few modules. */
  const mapOnce = (id: ModuleId, form: Form): Promise<RawSourceMap | undefined> => {
    const key = `${form} ${id}`;
    const map = maps.get(key) ?? options.map(id, form);
    maps.set(key, map);
    return map;
  };
  const mapped = await Promise.all(lines.slice(0, FRAME_LIMIT).map((line) => mapFrame(line, { ...options, map: mapOnce })));
  const stack = mapped.filter((frame) => frame !== undefined);
  const place = stack.find((frame) => frame.place)?.place;
  const source = place && (await options.read(place.file));
  return {
    key: `runtime:${report.message}:${place ? `${place.file}:${place.line}:${place.column}` : ''}`,
    kind: 'runtime',
    title: report.kind === 'rejection' ? 'Unhandled rejection' : 'Error',
    message: report.message,
    ...(place && { place }),
    ...(place && source !== undefined && { frame: codeFrame(source, place.line, place.column) }),
    stack,
  };
}

/** Undefined for a frame of our own: nobody looks for an error there. */
async function mapFrame(raw: string, options: StacksOptions): Promise<StackFrame | undefined> {
  const [, name = '', address = '', line = '', column = ''] = V8_FRAME.exec(raw) ?? GECKO_FRAME.exec(raw) ?? [];
  const url = URL.canParse(address, 'http://page/') ? new URL(address, 'http://page/') : undefined;
  const path = url && (options.base ?? NO_BASE).toId(url.pathname);
  if (path?.startsWith(INTERNAL_PREFIX)) return undefined;
  const place = url && (await placeOf(path + url.search, Number(line), Number(column), options));
  if (place && `/${place.file}` === OWN_SOURCE) return undefined;
  return { functionName: name, ...(place && { place }), raw: raw.trim() };
}

async function placeOf(url: string, line: number, column: number, options: StacksOptions): Promise<Place | undefined> {
  const request = resolveRequest(url);
  if (request.kind !== 'ok') return undefined;
  const file = request.segments.join('/');
  const located = options.locate(url, line) ?? options.locate(url.replace(/\?.*$/, ''), line);
  if (!located) return (await options.read(file)) === undefined ? undefined : { file, line, column };
  const map = await options.map(located.id, located.form);
  const original = map && originalPosition(map, located.line, column);
  return original && { file: original.source, line: original.line, column: original.column };
}
