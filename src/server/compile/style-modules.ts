/**
 * The modules that stand for stylesheets, as text to be linked like any other. They accept themselves: a changed rule is shown without an
 * importer knowing.
 */
import { STYLE_API_PATH } from '../../protocol.ts';

/** Inserts or updates a `<style>` when it runs. */
export function styleModule(text: string): string {
  return [
    `import { style, remove } from ${JSON.stringify(STYLE_API_PATH)};`,
    `style(${JSON.stringify(text)});`,
    'import.meta.hot.accept();',
    'import.meta.hot.prune(remove);',
  ].join('\n');
}

/** Exports one CSSStyleSheet that is the same for ever. */
export function sheetModule(text: string): string {
  return [
    `import { sheet } from ${JSON.stringify(STYLE_API_PATH)};`,
    `export default sheet(${JSON.stringify(text)});`,
    'import.meta.hot.accept();',
  ].join('\n');
}

/** Exports the class names. One that came or went concerns importers; a new rule for a known one does not. */
export function classNameExports(names: Readonly<Record<string, string>>): string {
  const key = JSON.stringify(Object.keys(names).sort());
  const lines = [`const names = ${JSON.stringify(names)};`, 'export default names;'];
  for (const [name, value] of Object.entries(names)) {
    if (/^[A-Za-z_$][\w$]*$/.test(name) && !RESERVED.has(name)) lines.push(`export const ${name} = ${JSON.stringify(value)};`);
  }
  lines.push(
    `const before = import.meta.hot.data.names;`,
    `import.meta.hot.data.names = ${JSON.stringify(key)};`,
    `if (before !== undefined && before !== ${JSON.stringify(key)}) import.meta.hot.invalidate('its class names changed');`,
  );
  return lines.join('\n');
}

// Binding names that a module may not declare, and the two that the emitted code declares itself.
const RESERVED = new Set(
  (
    'arguments await before break case catch class const continue debugger default delete do else enum eval export extends false ' +
    'finally for function if implements import in instanceof interface let names new null package private protected public remove ' +
    'return static style super switch this throw true try typeof var void while with yield'
  ).split(' '),
);
