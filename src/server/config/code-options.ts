/**
 * Options that only code can give (a configuration file, or a program that uses the server), checked: what their author meant is told where it
 * is not what they wrote.
 */
import type { Plugin } from '../compile/plugins/plugin.ts';
import { HmrError } from '../errors.ts';

/** An empty one would make everything public. */
export function toPrefixes(value: unknown): readonly string[] {
  const prefixes: readonly unknown[] = Array.isArray(value) ? value : [value];
  return prefixes.map((prefix) => {
    if (typeof prefix === 'string' && prefix !== '') return prefix;
    throw new HmrError('OPTION', '"envPrefix" takes a text that is not empty, or several: what the names that pages may read begin with.');
  });
}

export function toDefine(value: unknown): Readonly<Record<string, string>> {
  const define = toTexts(value, 'define');
  for (const [name, text] of Object.entries(define)) {
    if (!MEMBERS.test(name)) throw new HmrError('OPTION', `"define" takes names and members of names; "${name}" is neither.`);
    if (MEMBERS.test(text) || isJson(text)) continue;
    const hint = `For a text, write JSON.stringify(${JSON.stringify(text)}).`;
    throw new HmrError('OPTION', `"define" takes JSON or a name as text; that of "${name}" is neither.`, { hint });
  }
  return define;
}

/** `__VERSION__`, `process.env.NODE_ENV`: what esbuild can put in, or put something else in for. */
const MEMBERS = /^[\p{ID_Start}$_][\p{ID_Continue}$]*(?:\.[\p{ID_Start}$_][\p{ID_Continue}$]*)*$/u;

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false; // SyntaxError.
  }
}

export function toAlias(value: unknown): Readonly<Record<string, string>> {
  const alias = toTexts(value, 'alias');
  if (Object.entries(alias).every(([name, target]) => name !== '' && target !== '')) return alias;
  throw new HmrError('OPTION', '"alias" takes names and targets that are not empty.');
}

function toTexts(value: unknown, key: string): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new HmrError('OPTION', `"${key}" takes an object of texts.`);
  for (const [name, text] of Object.entries(value)) {
    const hint = key === 'define' ? `Write JavaScript as text: { ${JSON.stringify(name)}: JSON.stringify(value) }.` : undefined;
    if (typeof text !== 'string') throw new HmrError('OPTION', `"${key}" takes texts; that of "${name}" is a ${typeof text}.`, { hint });
  }
  return value as Readonly<Record<string, string>>;
}

export function toPlugins(value: unknown): readonly Plugin[] {
  if (!Array.isArray(value)) throw new HmrError('OPTION', '"plugins" takes a list of plugins.');
  const list: readonly unknown[] = value;
  return list.flatMap((entry, index) => {
    if (entry === undefined || entry === null || entry === false) return [];
    if (Array.isArray(entry)) return toPlugins(entry);
    if (isPlugin(entry)) return entry;
    const hint =
      typeof entry === 'function'
        ? 'It is a function: call it, as in plugins: [sass()].'
        : 'A plugin is an object with a name and a setup function.';
    throw new HmrError('OPTION', `"plugins" has something at ${index + 1} that is no plugin.`, { hint });
  });
}

function isPlugin(value: unknown): value is Plugin {
  return typeof value === 'object' && value !== null && 'name' in value && typeof value.name === 'string';
}
