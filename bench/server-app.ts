/**
 * The program of `npm run bench -- --run`: a server of any number of modules, in plain JavaScript, so that everybody can run it. What is edited is the
 * word of its deepest module, which it answers with.
 */
import fs from 'node:fs/promises';
import path from 'node:path';

export interface ServerApp {
  readonly folder: string;
  readonly entry: string;
  /** The file that is edited. */
  readonly leaf: string;
}

/** Answers to `/slow` begin at once and end after that: longer than any reload takes. */
export const SLOW_MS = 1_500;

export function wordSource(word: string): string {
  return `export const word = '${word}';\n`;
}

const SERVER = `
import http from 'node:http';
import v8 from 'node:v8';
import vm from 'node:vm';
import { total, word } from './m1.js';

async function heap() {
  if (globalThis.Bun) {
    globalThis.Bun.gc(true);
    return (await import('bun:jsc')).heapStats().heapSize;
  }
  v8.setFlagsFromString('--expose-gc');
  globalThis.collect ??= vm.runInNewContext('gc');
  for (let n = 0; n < 5; n++) {
    globalThis.collect();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return process.memoryUsage().heapUsed;
}

const server = http.createServer(async (request, response) => {
  if (request.url === '/heap') return response.end(String(await heap()));
  if (request.url !== '/slow') return response.end(word + ' ' + total);
  response.write('begun ');
  setTimeout(() => response.end('done'), ${SLOW_MS});
});
server.listen(Number(process.env.PORT), '127.0.0.1');
`;

const CHILDREN = 3;

/** A tree of `size` modules with the server's, each with some code of its own. */
export async function generateServer(folder: string, size: number): Promise<ServerApp> {
  await fs.mkdir(folder, { recursive: true });
  const count = size - 2;
  const module = (index: number): string => {
    const children = Array.from({ length: CHILDREN }, (_, nth) => (index - 1) * CHILDREN + nth + 2).filter((child) => child <= count);
    const [first] = children;
    return [
      ...children.map((child) => `import { total as total${child} } from './m${child}.js';`),
      `export { word } from './${first === undefined ? 'leaf' : `m${first}`}.js';`,
      `const own = new Map([['name', 'module ${index}'], ['index', ${index}]]);`,
      `export class Record${index} { #parts = []; add(part) { this.#parts.push(part); return this; } get size() { return this.#parts.length; } }`,
      `export function describe${index}({ separator = ': ', limit = 40 } = {}) { return [...own].map(([key, value]) => key + separator + value).join(', ').slice(0, limit); }`,
      `export const total = [${children.map((child) => `total${child}`).join(', ')}].reduce((sum, part) => sum + part, new Record${index}().add(1).size);`,
    ].join('\n');
  };
  const files: [string, string][] = [
    ['package.json', '{ "type": "module" }'],
    ['server.js', SERVER],
    ['leaf.js', wordSource('start')],
    ...Array.from({ length: count }, (_, index): [string, string] => [`m${index + 1}.js`, module(index + 1)]),
  ];
  for (const [name, text] of files) await fs.writeFile(path.join(folder, name), text);
  return { folder, entry: 'server.js', leaf: path.join(folder, 'leaf.js') };
}
