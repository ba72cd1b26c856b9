/**
 * The picture of the README, made from a real run: the counter example is clicked to 3, one line of its view is edited on disk, and the page
 * is photographed before and after. `node --import tsx scripts/picture.ts` after a build.
 */
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { createDevServer } from '../src/server/dev-server.ts';
import { findChromium } from './ensure-chromium.ts';

const repository = fileURLToPath(new URL('..', import.meta.url));
const target = path.join(repository, 'docs/counter.png');
const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'hmr-dev-picture-'));
await fs.cp(path.join(repository, 'examples/counter'), folder, { recursive: true });

const lines: string[] = [];
const server = createDevServer({ root: folder, port: 0, logLevel: 'silent' });
server.on('outcome', ({ text }) => lines.push(text));
const { port } = await server.listen();
const executablePath = findChromium();
const browser = await chromium.launch({ ...(executablePath !== undefined && { executablePath }), args: ['--no-sandbox'] });
try {
  const page = await browser.newPage({ viewport: { width: 400, height: 400 }, deviceScaleFactor: 2 });
  await page.goto(`http://localhost:${port}/`);
  for (let click = 0; click < 3; click++) await page.getByRole('button', { name: 'Count up' }).click();
  const before = await page.screenshot();

  const view = path.join(folder, 'view.js');
  const source = await fs.readFile(view, 'utf8');
  await fs.writeFile(view, source.replace("const title = 'Counter';", "const title = 'Steps today';"));
  await page.getByRole('heading', { name: 'Steps today' }).waitFor();
  const after = await page.screenshot();

  const sheet = await browser.newPage({ viewport: { width: 1000, height: 470 }, deviceScaleFactor: 1 });
  await sheet.setContent(composition(before, after));
  await fs.writeFile(target, await sheet.screenshot());
  console.log(`docs/counter.png: ${lines.join('; ')}`);
} finally {
  await browser.close();
  await server.close();
  await fs.rm(folder, { recursive: true });
}

function composition(before: Buffer, after: Buffer): string {
  const image = (png: Buffer): string => `<img src="data:image/png;base64,${png.toString('base64')}">`;
  return `<style>
body { margin: 0; display: grid; grid-template-columns: 400px 200px 400px; align-items: center; background: #f6f7fb; font: 14px system-ui; }
img { width: 400px; display: block } figure { margin: 0 } figcaption { padding: 1rem; text-align: center; color: #333 }
code { display: block; padding: 1rem; background: #1e1e2e; color: #cdd6f4; border-radius: 8px; white-space: pre; font-size: 12px } del { color: #f38ba8; text-decoration: none } ins { color: #a6e3a1; text-decoration: none }
div { text-align: center; color: #555 } code { text-align: left }</style>
<figure>${image(before)}<figcaption>counted to 3</figcaption></figure>
<div><code>view.js
<del>- title = 'Counter'</del>
<ins>+ title = 'Steps today'</ins></code><br>saved →</div>
<figure>${image(after)}<figcaption>the new view, still at 3</figcaption></figure>`;
}
