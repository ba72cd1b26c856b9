/**
 * A page's debugger as DevTools is one: what its frontend makes of source maps, over the protocol that it speaks. It sets a breakpoint in every
 * script whose map has the line, those that come later too, steps with the ranges of the same place in the author's file left out, has ranges on a map's ignore list
 * stepped over by the engine, and leaves frames out that begin in one.
 */
import { AnyMap, eachMapping } from '@jridgewell/trace-mapping';
import type { CDPSession, Page } from 'playwright-core';

export interface Frame {
  readonly name: string;
  /** `/main.js:3`; where no author's file is behind it, the script's. */
  readonly place: string;
}

interface Mapping {
  /** From 0, as all numbers here. */
  readonly line: number;
  readonly column: number;
  readonly source: string;
  readonly originalLine: number;
  readonly originalColumn: number;
  readonly isIgnored: boolean;
}

interface Script {
  readonly scriptId: string;
  readonly url: string;
  readonly mappings: readonly Mapping[];
}

interface Location {
  readonly scriptId: string;
  readonly lineNumber: number;
  readonly columnNumber?: number;
}

export interface DevTools {
  readonly session: CDPSession;
  /** Where the debugger stops next. */
  nextPause(): Promise<Pause>;
  /** Sets a breakpoint in all scripts whose maps have the line, and in each that is known later. @param line from 1 */
  breakAt(file: string, line: number): Promise<void>;
  /** Takes all breakpoints away. */
  clear(): Promise<void>;
  /** Every script that the page has by now is known with its map. */
  settled(): Promise<void>;
  frameOf(name: string, location: Location): Frame | undefined;
}

export interface Pause {
  /** What the author sees of the stack, innermost first. */
  readonly frames: readonly Frame[];
  /** Steps, and resolves where that ends. */
  stepInto(): Promise<Pause>;
  stepOver(): Promise<Pause>;
  resume(): Promise<void>;
}

export async function openDevTools(page: Page): Promise<DevTools> {
  const session = await page.context().newCDPSession(page);
  const scripts = new Map<string, Promise<Script | undefined>>();
  session.on('Debugger.scriptParsed', ({ scriptId, url, sourceMapURL }) => {
    if (!sourceMapURL) return;
    const read = readScript(page, session, { scriptId, url, sourceMapURL });
    // Told to who waits for it, in `settled`: a script that came at the page's end (hot-swap's own comes when there is time) has nobody.
    read.catch(() => undefined);
    scripts.set(scriptId, read);
  });
  await session.send('Debugger.enable');

  const known = new Map<string, Script>();
  /** What the author has set, in files. */
  const wanted = new Map<string, { readonly file: string; readonly line: number }>();
  /** Ids by place. */
  const breakpoints = new Map<string, string>();
  const settled = async (): Promise<void> => {
    // An answer comes behind what has happened before the question.
    await session.send('Debugger.setBreakpointsActive', { active: true });
    for (const script of await Promise.all(scripts.values())) if (script) known.set(script.scriptId, script);
    for (const { file, line } of wanted.values()) await setBreakpoints(file, line);
  };

  const setBreakpoints = async (file: string, line: number): Promise<void> => {
    for (const { url, mappings } of known.values()) {
      const places = mappings
        .filter(({ source, originalLine }) => source === file && originalLine === line - 1)
        .sort((a, b) => a.originalColumn - b.originalColumn || a.line - b.line || a.column - b.column);
      const [first] = places;
      const key = first ? `${url}:${first.line}:${first.column}` : '';
      if (!first || breakpoints.has(key)) continue;
      const place = { url, lineNumber: first.line, columnNumber: first.column };
      const { breakpointId } = await session.send('Debugger.setBreakpointByUrl', place);
      breakpoints.set(key, breakpointId);
    }
  };
  await settled();

  const mappingAt = ({ scriptId, lineNumber, columnNumber = 0 }: Location): Mapping | undefined =>
    known.get(scriptId)?.mappings.findLast(({ line, column }) => line < lineNumber || (line === lineNumber && column <= columnNumber));

  const frameOf = (name: string, location: Location): Frame | undefined => {
    const found = mappingAt(location);
    if (found?.isIgnored) return undefined;
    return { name, place: found ? `${found.source}:${found.originalLine + 1}` : `script ${location.scriptId}:${location.lineNumber + 1}` };
  };

  /** Ranges that mean the same place in the author's file. */
  const samePlace = (location: Location): object[] => {
    const found = mappingAt(location);
    const mappings = known.get(location.scriptId)?.mappings ?? [];
    return mappings.flatMap((mapping, index) => {
      const isSame =
        mapping.source === found?.source && mapping.originalLine === found.originalLine && mapping.originalColumn === found.originalColumn;
      if (!isSame) return [];
      const end = mappings[index + 1];
      return [
        {
          scriptId: location.scriptId,
          start: { lineNumber: mapping.line, columnNumber: mapping.column },
          end: { lineNumber: end?.line ?? 2 ** 31 - 1, columnNumber: end?.column ?? 2 ** 31 - 1 },
        },
      ];
    });
  };

  const nextPause = (): Promise<Pause> =>
    new Promise((resolve) => {
      session.once('Debugger.paused', ({ callFrames }) => {
        void (async (): Promise<void> => {
          await settled();
          const [top] = callFrames;
          const step = async (method: 'Debugger.stepInto' | 'Debugger.stepOver'): Promise<Pause> => {
            const next = nextPause();
            await session.send(method, { skipList: top ? (samePlace(top.location) as never[]) : [] });
            return next;
          };
          resolve({
            frames: callFrames.flatMap(({ functionName, location }) => frameOf(functionName, location) ?? []),
            stepInto: () => step('Debugger.stepInto'),
            stepOver: () => step('Debugger.stepOver'),
            resume: () => session.send('Debugger.resume').then(() => undefined),
          });
        })();
      });
    });

  return {
    session,
    nextPause,
    settled,
    frameOf,
    async clear() {
      wanted.clear();
      for (const breakpointId of breakpoints.values()) await session.send('Debugger.removeBreakpoint', { breakpointId });
      breakpoints.clear();
    },
    async breakAt(file, line) {
      wanted.set(`${file}:${line}`, { file, line });
      await settled();
    },
  };
}

async function readScript(
  page: Page,
  session: CDPSession,
  { scriptId, url, sourceMapURL }: { readonly scriptId: string; readonly url: string; readonly sourceMapURL: string },
): Promise<Script | undefined> {
  const own = new URL(url, page.url()).href;
  const address = new URL(sourceMapURL, own).href;
  const text = address.startsWith('data:') ? await (await fetch(address)).text() : await (await page.request.get(address)).text();
  interface Plain {
    readonly sources: readonly string[];
    readonly ignoreList?: readonly number[];
  }
  const raw = JSON.parse(text) as Plain & { readonly sections?: readonly { readonly map: Plain }[] };
  const base = address.startsWith('data:') ? own : address;
  const pathOf = (source: string): string => new URL(source, base).pathname + new URL(source, base).search;
  const maps = raw.sections?.map((section) => section.map) ?? [raw];
  const ignored = new Set(maps.flatMap(({ sources, ignoreList = [] }) => ignoreList.map((index) => pathOf(sources[index] ?? ''))));
  const mappings: Mapping[] = [];
  eachMapping(new AnyMap(raw as ConstructorParameters<typeof AnyMap>[0], base), (found) => {
    if (found.source === null) return;
    const source = pathOf(found.source);
    mappings.push({
      line: found.generatedLine - 1,
      column: found.generatedColumn,
      source,
      originalLine: found.originalLine - 1,
      originalColumn: found.originalColumn,
      isIgnored: ignored.has(source),
    });
  });
  const positions: { lineNumber: number; columnNumber: number }[] = [];
  let isInside = false;
  for (const { line, column, isIgnored } of mappings) {
    if (isIgnored === isInside) continue;
    isInside = isIgnored;
    const isFirst = positions.length === 0 && mappings[0]?.isIgnored;
    positions.push(isFirst ? { lineNumber: 0, columnNumber: 0 } : { lineNumber: line, columnNumber: column });
  }
  if (positions.length > 0) await session.send('Debugger.setBlackboxedRanges', { scriptId, positions });
  return { scriptId, url, mappings };
}
