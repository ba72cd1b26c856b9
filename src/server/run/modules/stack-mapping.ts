/**
 * Stacks with the author's lines. `Error.prepareStackTrace` and not Node's source map support: that reads a map for every script when it is
 * compiled, while a map is asked for by one error in a thousand scripts. A program that sets its own takes this one's place, as it would Node's.
 */
import { createHash } from 'node:crypto';
import { originalPosition, type RawSourceMap } from '../../compile/source-map.ts';

/** What a script was made of. */
export interface MappedScript {
  readonly scriptText: string;
  map(): RawSourceMap | undefined;
}

interface Known {
  readonly script: WeakRef<MappedScript>;
  map?: RawSourceMap | undefined;
}

/** By the name of the script, the newest first. Older ones as long as a version runs them. */
const scripts = new Map<string, Known[]>();
let isInstalled = false;
let nodes: typeof Error.prepareStackTrace;

/** Maps the places of a script in all stacks of the process. */
export function mapStacks(url: string, script: MappedScript): void {
  const older = (scripts.get(url) ?? []).filter((known) => known.script.deref());
  scripts.set(url, [{ script: new WeakRef(script) }, ...older]);
  if (isInstalled) return;
  isInstalled = true;
  const { prepareStackTrace } = Error;
  // Of what ran before the program (`--import`): it stays.
  if (prepareStackTrace && !/prepareStackTrace$/i.test(prepareStackTrace.name)) return;
  nodes = prepareStackTrace;
  Error.prepareStackTrace = formatStack;
}

/** V8's and Node's format. */
function formatStack(error: Error, frames: readonly NodeJS.CallSite[]): string {
  const header = headerOf(error);
  const shown = frames.some(isOfProgram) ? frames.filter((frame, index) => !isOurs(frame, frames[index - 1])) : frames;
  return [header, ...shown.map((frame) => `\n    at ${describe(frame)}`)].join('');
}

function describe(frame: NodeJS.CallSite): string {
  const text = `${frame as unknown as string}`;
  const name = scriptOf(frame);
  const line = frame.getLineNumber();
  const column = frame.getColumnNumber();
  const map = line === null || column === null ? undefined : mapOf(name, frame);
  if (!map || line === null || column === null) return text;
  // Where the text is not the author's it belongs to what is in front of it.
  const place = originalPosition(map, line, column) ?? originalPosition(map, line, 1);
  const written = `${name}:${line}:${column}`;
  const at = text.lastIndexOf(written);
  if (!place || at === -1) return text;
  return `${text.slice(0, at)}${name}:${place.line}:${place.column}${text.slice(at + written.length)}`;
}

function mapOf(name: string, frame: NodeJS.CallSite): RawSourceMap | undefined {
  const known = scripts.get(name) ?? [];
  const found = known.length <= 1 ? known[0] : known.find(({ script }) => hashOf(script.deref()?.scriptText) === hashOfFrame(frame));
  if (!found) return undefined;
  try {
    return (found.map ??= found.script.deref()?.map());
  } catch {
    return undefined; // A stack must not fail.
  }
}

function hashOf(text: string | undefined): string | undefined {
  return text === undefined ? undefined : createHash('sha256').update(text).digest('hex');
}

function hashOfFrame(frame: NodeJS.CallSite): string | undefined {
  return (frame as { getScriptHash?(): string }).getScriptHash?.();
}

function scriptOf(frame: NodeJS.CallSite): string {
  return frame.getScriptNameOrSourceURL() ?? '';
}

function isOfProgram(frame: NodeJS.CallSite): boolean {
  return scripts.has(scriptOf(frame));
}

/** What runs the program is no part of it. */
function isOurs(frame: NodeJS.CallSite, before: NodeJS.CallSite | undefined): boolean {
  const name = scriptOf(frame);
  if (name.startsWith(OWN_FOLDER) && !isOfProgram(frame)) return true;
  return frame.getFunctionName() === 'next' && frame.getTypeName() === 'Generator' && before !== undefined && isOfProgram(before);
}

/** In a package all files of this program are in one folder. */
const OWN_FOLDER = new URL('.', import.meta.url).href.replace(/\/src\/server\/run\/modules\/$/, '/src/');

/** Node's own, which knows what else belongs into the first line: the codes of its errors. */
function headerOf(error: Error): string {
  try {
    return nodes ? String(nodes(error, [])) : Error.prototype.toString.call(error);
  } catch {
    return '<error>'; // A proxy, or a getter that throws: as V8 says it.
  }
}
