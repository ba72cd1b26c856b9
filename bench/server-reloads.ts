/**
 * `npm run bench -- --run`: what a save costs the clients of a server that is being edited, and what it costs the server, for each tool and size of
 * program, in one table. Every request is one connection, as from a client that has none yet; those of one tool end before the next begins.
 */
import fs from 'node:fs/promises';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { quantile } from './measure.ts';
import { startProcess, type ProcessTree } from './process-tree.ts';
import { generateServer, wordSource, type ServerApp } from './server-app.ts';
import { prepareTool, type ServerTool, TOOL_NAMES } from './server-tools.ts';
import { freePort } from './servers.ts';

const STARTS = 5;
const SAVES = 20;
const SAVES_UNDER_LOAD = 10;
const RELOADS = 100;
const IN_FLIGHT = 10;
const BETWEEN_REQUESTS_MS = 20;
/** As a person saves. */
const BETWEEN_SAVES_MS = 400;
const LIMIT_MS = 30_000;
/** Who has no answer by then has failed. */
const REQUEST_LIMIT_MS = 5_000;

interface Figures {
  /** Of the first start, with nothing on disk. */
  readonly firstStartMs: number;
  readonly startMs: number;
  readonly saveMs?: number;
  readonly saveP95Ms?: number;
  readonly failed?: number;
  readonly requests?: number;
  readonly kept?: number;
  readonly heapPerReloadKb?: number;
}

interface Running {
  readonly tree: ProcessTree;
  readonly ask: (urlPath?: string, begun?: () => void) => Promise<string>;
  readonly app: ServerApp;
}

export async function benchReloads({
  sizes,
  names,
}: {
  readonly sizes: readonly number[];
  readonly names: readonly string[] | undefined;
}): Promise<void> {
  const work = await fs.mkdtemp(path.join(os.tmpdir(), 'hmr-dev-bench-'));
  try {
    const tools: ServerTool[] = [];
    for (const name of names ?? TOOL_NAMES) tools.push(await prepareTool(name, work));
    const rows: string[] = [];
    for (const size of sizes) {
      for (const tool of tools) {
        rows.push(row(tool, size, await measureTool(tool, size, work)));
        console.error(`${tool.title} ${tool.version}, ${size} modules: done`);
      }
    }
    const versions = tools.map(({ title, version }) => `${title} ${version}`).join(', ');
    console.log(`${os.cpus().length} × ${os.cpus()[0]?.model.trim() ?? 'unknown'}; Node ${process.versions.node}; ${versions}\n`);
    console.log([...HEAD, ...rows].join('\n'));
  } finally {
    await fs.rm(work, { recursive: true, force: true });
  }
}

const HEAD = [
  '| modules | tool | first start, ms | start, ms | save → answer, ms | p95, ms | failed of requests, 10 saves | in flight, kept | heap a reload, kB |',
  '|---|---|---|---|---|---|---|---|---|',
];

function row({ title }: ServerTool, size: number, figures: Figures): string {
  const cell = (value: number | undefined, digits = 0): string => (value === undefined ? '–' : value.toFixed(digits));
  const cells = [
    cell(figures.firstStartMs),
    cell(figures.startMs),
    cell(figures.saveMs),
    cell(figures.saveP95Ms),
    figures.failed === undefined ? '–' : `${figures.failed} of ${figures.requests ?? 0}`,
    figures.kept === undefined ? '–' : `${figures.kept} of ${IN_FLIGHT}`,
    cell(figures.heapPerReloadKb, 1),
  ];
  return `| ${size.toLocaleString('en')} | ${title} | ${cells.join(' | ')} |`;
}

async function measureTool(tool: ServerTool, size: number, work: string): Promise<Figures> {
  const app = await generateServer(path.join(work, `${tool.title.replaceAll(/\W+/g, '-')}-${size}`), size);
  const starts: number[] = [];
  for (let n = 0; n <= STARTS; n++) {
    const { running, startMs } = await start(tool, app);
    await using _end = running.tree;
    starts.push(startMs);
    // Long enough for what is written down for the next start.
    if (n === 0) await delay(3_000);
  }
  const [firstStartMs = Number.NaN, ...later] = starts;
  const startFigures = { firstStartMs, startMs: quantile(later, 0.5) };
  if (tool.args.length === 0) return startFigures;
  const { running } = await start(tool, app);
  await using _end = running.tree;
  try {
    // What a session has warm.
    for (let n = 0; n < 3; n++) await save(running);
    const saves: number[] = [];
    for (let n = 0; n < SAVES; n++) saves.push(await save(running));
    const load = await underLoad(running);
    const kept = await inFlight(running);
    const heapPerReloadKb = tool.reloads ? await heapPerReload(running) : undefined;
    const figures = { ...startFigures, ...load, kept, saveMs: quantile(saves, 0.5), saveP95Ms: quantile(saves, 0.95) };
    return heapPerReloadKb === undefined ? figures : { ...figures, heapPerReloadKb };
  } catch (cause) {
    throw new Error(`${tool.title}: ${String(cause)}\nIt printed:\n${running.tree.output().slice(-2_000)}`, { cause });
  }
}

async function start(tool: ServerTool, app: ServerApp): Promise<{ readonly running: Running; readonly startMs: number }> {
  const port = await freePort();
  const ask: Running['ask'] = (urlPath = '/', begun) => get(port, urlPath, begun);
  const from = performance.now();
  const env = { ...tool.env, PORT: String(port) };
  const tree = startProcess(tool.command, [...tool.args, app.entry], { cwd: app.folder, env });
  const running = { tree, ask, app };
  try {
    await until(running, () => true);
    return { running, startMs: performance.now() - from };
  } catch (error) {
    await tree[Symbol.asyncDispose]();
    throw error;
  }
}

let saved = 0;

/** @returns from the save to the first answer of the new code */
async function save(running: Running, pauseMs = BETWEEN_SAVES_MS): Promise<number> {
  await delay(pauseMs);
  const word = `word${++saved}`;
  const from = performance.now();
  await fs.writeFile(running.app.leaf, wordSource(word));
  await until(running, (answer) => answer.startsWith(`${word} `));
  return performance.now() - from;
}

async function until({ ask, tree }: Running, isWanted: (answer: string) => boolean): Promise<void> {
  const limit = performance.now() + LIMIT_MS;
  while (performance.now() < limit && !tree.exited()) {
    try {
      if (isWanted(await ask())) return;
    } catch {
      // ECONNREFUSED, ECONNRESET: it starts.
    }
    await delay(1);
  }
  throw new Error(`No such answer. It printed:\n${tree.output().slice(-2_000)}`);
}

async function underLoad(running: Running): Promise<{ readonly failed: number; readonly requests: number }> {
  const answers: Promise<boolean>[] = [];
  const timer = setInterval(() => {
    answers.push(
      running.ask().then(
        () => true,
        () => false,
      ),
    );
  }, BETWEEN_REQUESTS_MS);
  for (let n = 0; n < SAVES_UNDER_LOAD; n++) await save(running);
  clearInterval(timer);
  const results = await Promise.all(answers);
  return { failed: results.filter((isAnswered) => !isAnswered).length, requests: results.length };
}

/** How many of the answers that have begun before a save end as they should. */
async function inFlight(running: Running): Promise<number> {
  const begun: Promise<void>[] = [];
  const ends = Array.from({ length: IN_FLIGHT }, () => {
    let begin = (): void => undefined;
    begun.push(new Promise((resolve) => (begin = resolve)));
    return running.ask('/slow', begin).then(
      (text) => text === 'begun done',
      () => false,
    );
  });
  await Promise.all(begun);
  await save(running, 0);
  return (await Promise.all(ends)).filter(Boolean).length;
}

async function heapPerReload(running: Running): Promise<number> {
  for (let n = 0; n < 10; n++) await save(running, 50);
  const before = Number(await running.ask('/heap'));
  for (let n = 0; n < RELOADS; n++) await save(running, 50);
  const after = Number(await running.ask('/heap'));
  return (after - before) / RELOADS / 1024;
}

/** @param begun called with the head of the answer */
function get(port: number, urlPath: string, begun?: () => void): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = http.get({ port, host: '127.0.0.1', path: urlPath, agent: false, timeout: REQUEST_LIMIT_MS }, (response) => {
      begun?.();
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => (response.statusCode === 200 ? resolve(text) : reject(new Error(`${response.statusCode}`))));
      response.on('error', reject);
    });
    request.on('timeout', () => request.destroy(new Error('no answer in time')));
    request.on('error', reject);
  });
}
