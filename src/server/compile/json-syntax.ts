/**
 * Where a JSON text is broken. JSON.parse knows, but Node 20 tells the offset in some messages and not in others, and tsconfig.json may
 * have comments and trailing commas, which it refuses. Values are nobody's business here: this only runs when a place is wanted.
 */
import { readFileSync } from 'node:fs';
import { codeFrame, HmrError, placeAt } from '../errors.ts';

export interface JsonError {
  readonly offset: number;
  readonly message: string;
}

export interface JsonDialect {
  /** Comments and trailing commas, as in tsconfig.json. */
  readonly relaxed: boolean;
}

const STRING = /"(?:[^"\\\0-\x1f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y; // oxlint-disable-line no-control-regex -- JSON forbids them
const SCALAR = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;
const SPACE = /[ \t\n\r]*/y;
const SPACE_AND_COMMENTS = /(?:[ \t\n\r]|\/\/[^\n\r]*|\/\*[^]*?\*\/)*/y;

/** Undefined when the text is well-formed. */
export function findJsonError(text: string, { relaxed }: JsonDialect): JsonError | undefined {
  let at = text.startsWith('\ufeff') ? 1 : 0;
  const skip = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    if (!pattern.test(text)) return false;
    at = pattern.lastIndex;
    return true;
  };
  const space = (): boolean => skip(relaxed ? SPACE_AND_COMMENTS : SPACE);
  const take = (character: string): boolean => {
    space();
    if (text[at] !== character) return false;
    at++;
    return true;
  };
  const expect = (found: boolean, what: string): void => {
    if (!found) throw new JsonMismatch(`Expected ${what}, found ${nameOf(text, at)}`);
  };
  const member = (): void => {
    space();
    expect(skip(STRING), text[at] === '"' ? 'a string that ends on its line and has no wrong escape' : 'a name in double quotes');
    expect(take(':'), `':'`);
    value();
  };
  const list = (end: string, entry: () => void): void => {
    if (take(end)) return;
    do {
      if (relaxed && take(end)) return;
      entry();
    } while (take(','));
    expect(take(end), `',' or '${end}'`);
  };
  const value = (): void => {
    if (take('{')) list('}', member);
    else if (take('[')) list(']', value);
    else expect(skip(STRING) || skip(SCALAR), text[at] === '"' ? 'a string that ends on its line and has no wrong escape' : 'a value');
  };
  try {
    value();
    space();
    expect(at === text.length, 'the end of the file');
    return undefined;
  } catch (error) {
    if (error instanceof JsonMismatch) return { offset: at, message: error.message };
    throw error;
  }
}

class JsonMismatch extends Error {}

function nameOf(text: string, at: number): string {
  if (at >= text.length) return 'the end of the file';
  const rest = text.slice(at, at + 30);
  if (/^\/[/*]/.test(rest)) return 'a comment';
  return /^(?:[\w$]+|[^\s])/u.exec(rest)?.[0] ?? 'white space';
}

/** As the error that a developer reads; undefined when the text is well-formed. */
export function jsonSyntaxError(text: string, filePath: string, dialect: JsonDialect): HmrError | undefined {
  const found = findJsonError(text, dialect);
  if (!found) return undefined;
  const { line, column } = placeAt(text, found.offset);
  const isComment = found.message.endsWith('found a comment');
  return new HmrError('SYNTAX', found.message, {
    location: { file: filePath, line, column },
    frame: codeFrame(text, line, column),
    ...(isComment && { hint: 'JSON has no comments.' }),
  });
}

/** Of a package.json. @returns an empty object for JSON that is none @throws HmrError `SYNTAX`, `READ` */
export function readJsonObject(filePath: string): Readonly<Record<string, unknown>> {
  const text = readText(filePath);
  const error = jsonSyntaxError(text, filePath, { relaxed: false });
  if (error) throw error;
  const value: unknown = JSON.parse(text.replace(/^\ufeff/, ''));
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** Of a tsconfig. @throws HmrError `SYNTAX`, `READ` */
export function readRelaxedJsonText(filePath: string): string {
  const text = readText(filePath);
  const error = jsonSyntaxError(text, filePath, { relaxed: true });
  if (error) throw error;
  return text;
}

function readText(filePath: string): string {
  try {
    return readFileSync(filePath, 'utf8');
  } catch (cause) {
    throw new HmrError('READ', `${filePath} could not be read.`, { location: { file: filePath, line: 1, column: 1 }, cause });
  }
}
