/**
 * Writes the app that the servers are measured with: a tree of small TypeScript modules as people write them (types, a class, a few
 * functions, some state), one stylesheet, and one leaf that accepts itself. Generated, so that a size can be chosen, and the same
 * bytes for every server.
 */
import fs from 'node:fs/promises';
import path from 'node:path';

export interface App {
  readonly folder: string;
  /** The module that is saved again and again. */
  readonly leaf: string;
  /** Further pages, which must run too and are not timed. */
  readonly pages?: readonly string[];
}

/** Imports of a module; chosen so that the tree is three to five deep. */
function fanOut(count: number): number {
  return Math.min(10, Math.max(3, Math.round(count ** (1 / 3.3))));
}

/** @param count modules, entry and leaf not counted */
export async function generateApp(folder: string, count: number): Promise<App> {
  const fan = fanOut(count);
  const source = path.join(folder, 'src');
  await fs.mkdir(source, { recursive: true });
  const files = new Map<string, string>();
  files.set('../index.html', page);
  files.set('../tsconfig.json', '{ "compilerOptions": { "target": "es2022", "module": "esnext", "strict": true } }\n');
  files.set('../package.json', '{ "name": "bench-app", "private": true, "type": "module" }\n');
  files.set('style.css', style);
  files.set('main.ts', main);
  files.set('leaf.ts', leafSource(versionName(0)));
  for (let index = 0; index < count; index++) {
    const children = Array.from({ length: fan }, (_, n) => index * fan + n + 1).filter((child) => child < count);
    files.set(`${moduleName(index)}.ts`, moduleSource(index, children));
  }
  for (const [name, text] of files) await fs.writeFile(path.join(source, name), text);
  return { folder, leaf: path.join(source, 'leaf.ts') };
}

const moduleName = (index: number): string => `module-${index}`;

/** Versions are of one length, so that a save can be written over the one before. */
export const versionName = (n: number): string => `v${String(n).padStart(4, '0')}`;

/** The leaf's text; what it was saved as is reported when it runs. */
export function leafSource(version: string): string {
  return `const version: string = '${version}';
export const label = (text: string): string => \`\${text} \${version}\`;
(globalThis as { __bench?: (message: string) => void }).__bench?.(\`leaf \${version}\`);
if (import.meta.hot) import.meta.hot.accept();
`;
}

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>bench</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="./src/style.css" />
    <script type="module" src="./src/main.ts"></script>
  </head>
  <body><output id="total"></output></body>
</html>
`;

const style = `:root { --ink: #223; }
body { margin: 2rem; color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
#total { font-size: 3rem; }
`;

const main = `import { label } from './leaf';
import { Record0, describe, total } from './module-0';

const output = document.querySelector('#total');
if (output) output.textContent = label(describe(new Record0(1, String(total), ['main'])));
const page = globalThis as { __bench?: (message: string) => void; __ready?: boolean };
page.__ready = true;
page.__bench?.('ready');
`;

function moduleSource(index: number, children: readonly number[]): string {
  const imports = children.map(
    (child) => `import { Record${child}, total as total${child}, type Options as Options${child} } from './${moduleName(child)}';`,
  );
  const parts = children.map((child) => `new Record${child}(${child}, 'part ${child}')`);
  return `${imports.join('\n')}

export interface Options {
  readonly separator?: string;
  readonly limit?: number;
}

${children.length > 0 ? `export type AllOptions = Options & ${children.map((child) => `Options${child}`).join(' & ')};\n` : ''}
/** One entry of module ${index}. */
export class Record${index} {
  readonly id: number;
  name: string;
  #tags: string[];

  constructor(id: number, name: string, tags: readonly string[] = []) {
    this.id = id;
    this.name = name;
    this.#tags = [...tags];
  }

  get size(): number {
    return this.#tags.length;
  }

  tag(name: string): this {
    if (!this.#tags.includes(name)) this.#tags.push(name);
    return this;
  }

  toString(): string {
    return \`\${this.name}#\${this.id}\`;
  }
}

const known = new Map<string, { toString(): string }>();

export function lookUp(key: string): string | undefined {
  return known.get(key)?.toString();
}

export function sum(values: readonly number[]): number {
  let result = 0;
  for (const value of values) result += value;
  return result;
}

export function describe(record: { toString(): string; readonly size: number }, { separator = ': ', limit = 40 }: Options = {}): string {
  return \`\${record}\${separator}\${record.size}\`.slice(0, limit);
}

const parts: readonly { readonly name: string }[] = [${parts.join(', ')}];
for (const part of parts) known.set(part.name, part);
export const total: number = sum([${[index, ...children.map((child) => `total${child}`)].join(', ')}]);
`;
}
