/**
 * What an HTML file loads: its scripts, modules, import maps, base and nonce. Read from the source and not from the page, because
 * the server has to know before a browser does (which modules to compile, what an edit of the file changes). Inert parts do not count:
 * comments, `<template>`, `<noscript>`, and a script that is never closed.
 */
import { setImmediate } from 'node:timers/promises';
import { createHtmlText, type HtmlText } from './html-encoding.ts';
import { htmlTokens, readAttributes, type AttributeRanges, type HtmlToken } from './html-tokens.ts';

export interface InlineModule {
  /** Range of the script's text in bytes of the file. */
  readonly start: number;
  readonly end: number;
  /** Where the text begins, from 1; columns in UTF-16 units. */
  readonly line: number;
  readonly column: number;
  /** Among the inline modules of the file, from 0. */
  readonly index: number;
  readonly text: string;
}

export interface HtmlScan {
  /** `<script type="module" src>` in order. */
  readonly moduleScripts: readonly { readonly src: string }[];
  readonly inlineModules: readonly InlineModule[];
  /** Those that a browser with modules runs (no `nomodule`). */
  readonly classicScripts: readonly { readonly src: string; readonly crossorigin: boolean }[];
  /** Texts of `<script type="importmap">`. */
  readonly importMaps: readonly string[];
  /** `href` of the first `<base>` that has one. */
  readonly base: string | null;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer Item)[] ? Item[] : T[K] };
type StartTag = Extract<HtmlToken, { kind: 'start' }>;
type RawText = Extract<HtmlToken, { kind: 'raw' }>;

// HTML §4.12.1.1 and the MIME Sniffing standard's "JavaScript MIME type".
const JAVASCRIPT = /^(?:(?:text|application)\/(?:x-)?(?:java|ecma)script|text\/(?:javascript1\.[0-5]|jscript|livescript))$/;
/** What a policy may hold as a nonce; nothing else, so that it can be put into an attribute as it is. */
const NONCE = /^[A-Za-z0-9+/_-]+={0,2}$/;

/** Some milliseconds of work. */
const TURN_UNITS = 1024 * 1024;

export function scanHtml(html: Buffer): HtmlScan {
  const steps = scanInSteps(html);
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}

/** The same, and whoever else asks the server meanwhile has a turn: a page of 50 MB takes half a second. */
export async function scanHtmlInTurns(html: Buffer): Promise<HtmlScan> {
  const steps = scanInSteps(html);
  let step = steps.next();
  for (; step.done !== true; step = steps.next()) await setImmediate();
  return step.value;
}

function* scanInSteps(html: Buffer): Generator<void, HtmlScan> {
  const text = createHtmlText(html);
  const found: Mutable<HtmlScan> = {
    moduleScripts: [],
    inlineModules: [],
    classicScripts: [],
    importMaps: [],
    base: null,
  };
  const placeOf = createPlaceFinder(text);
  let templateDepth = 0;
  let script: AttributeRanges | null = null;
  let turnEnd = TURN_UNITS;
  for (const token of htmlTokens(text.units)) {
    if (token.end > turnEnd) {
      turnEnd = token.end + TURN_UNITS;
      yield;
    }
    if (token.kind === 'end' && token.name === 'template') templateDepth = Math.max(0, templateDepth - 1);
    if (token.kind === 'raw' && script !== null) {
      addScript(found, text, script, token, placeOf);
      script = null;
    }
    if (token.kind !== 'start' || token.isForeign) continue;
    if (token.name === 'template') templateDepth++;
    if (templateDepth > 0) continue;
    if (token.name === 'script') script = readAttributes(text.units, token);
    if (token.name === 'base' && found.base === null)
      found.base = text.attribute(readAttributes(text.units, token), 'href')?.trim() ?? null;
  }
  return found;
}

/** Of the first script or style that has one, or of a `<meta>` policy. */
export function findNonce(text: HtmlText): string | null {
  // Most pages have none, and one of megabytes takes long to walk.
  if (!/nonce/i.test(text.units.toString('latin1'))) return null;
  for (const token of htmlTokens(text.units)) {
    const nonce = token.kind === 'start' ? nonceOf(text, token) : null;
    if (nonce !== null) return nonce;
  }
  return null;
}

function addScript(found: Mutable<HtmlScan>, text: HtmlText, attributes: AttributeRanges, raw: RawText, placeOf: PlaceFinder): void {
  if (!raw.isClosed) return;
  const src = text.attribute(attributes, 'src')?.trim();
  switch (scriptKind(text, attributes)) {
    case 'module':
      if (src) found.moduleScripts.push({ src });
      else if (src === undefined) {
        const range = { start: text.byteAt(raw.start), end: text.byteAt(raw.end) };
        const index = found.inlineModules.length;
        found.inlineModules.push({ ...range, ...placeOf(raw.start), index, text: text.decode(raw.start, raw.end) });
      }
      return;
    case 'importmap':
      if (src === undefined) found.importMaps.push(text.decode(raw.start, raw.end));
      return;
    case 'classic':
      if (src && !attributes.has('nomodule')) found.classicScripts.push({ src, crossorigin: attributes.has('crossorigin') });
      return;
    case 'data':
  }
}

/** "Prepare the script element", the steps that decide its type. */
export function scriptKind(text: HtmlText, attributes: AttributeRanges): 'module' | 'importmap' | 'classic' | 'data' {
  const type = text.attribute(attributes, 'type');
  const language = text.attribute(attributes, 'language');
  if (type === '' || (type === null && !language)) return 'classic';
  const name = (type === null ? `text/${language ?? ''}` : type.trim()).toLowerCase();
  if (name === 'module' || name === 'importmap') return name;
  return JAVASCRIPT.test(name) ? 'classic' : 'data';
}

function nonceOf(text: HtmlText, tag: StartTag): string | null {
  if (tag.name === 'script' || tag.name === 'style') {
    const nonce = text.attribute(readAttributes(text.units, tag), 'nonce');
    return nonce !== null && NONCE.test(nonce) ? nonce : null;
  }
  if (tag.name !== 'meta') return null;
  const attributes = readAttributes(text.units, tag);
  if (text.attribute(attributes, 'http-equiv')?.toLowerCase() !== 'content-security-policy') return null;
  const nonce = /'nonce-([^'\s;]+)'/.exec(text.attribute(attributes, 'content') ?? '')?.[1];
  return nonce !== undefined && NONCE.test(nonce) ? nonce : null;
}

type PlaceFinder = (index: number) => { line: number; column: number };

/** Places are asked for in rising order, so each goes on where the last one ended. */
function createPlaceFinder(text: HtmlText): PlaceFinder {
  const newlineFrom = (from: number): number => {
    const found = text.units.indexOf(0x0a, from);
    return found === -1 ? text.units.length : found;
  };
  let at = 0;
  let line = 1;
  let column = 1;
  let newline = newlineFrom(0);
  return (index) => {
    for (; newline < index; newline = newlineFrom(at)) {
      line++;
      column = 1;
      at = newline + 1;
    }
    column += text.decode(at, index).length;
    at = index;
    return { line, column };
  };
}
