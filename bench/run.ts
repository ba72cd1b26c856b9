/**
 * The benchmark: `node --import tsx bench/run.ts [--modules 100,1000 | --packages | --html | --swap] [--servers hmr-dev,vite,bun] [--saves 30] [--reloads 5]`.
 * `--run` measures `hmr-dev run` beside other ways to run a server that is edited (`[--modules 51,1000] [--servers hmr-dev,bun,node,tsx,nodemon]`).
 * `--packages` measures an app of npm packages instead, installed for it, and loads a page for each of them alone besides; `--html` edits of HTML,
 * `--swap` what hot-swap costs.
 * All servers are measured one after the other on the same machine in the same run, because figures of different runs do not
 * compare.
 */
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { generateApp, type App } from './generate.ts';
import { benchHtml } from './html-merge.ts';
import { measure } from './measure.ts';
import { installPackages, packagesApp } from './packages.ts';
import { benchReloads } from './server-reloads.ts';
import { benchSwap } from './swap.ts';
import { markdownTable, type Row } from './report.ts';
import { prepareServer, type ServerName } from './servers.ts';

const SERVERS: readonly ServerName[] = ['hmr-dev', 'vite', 'bun'];

const { values } = parseArgs({
  options: {
    modules: { type: 'string' },
    packages: { type: 'boolean', default: false },
    servers: { type: 'string' },
    saves: { type: 'string', default: '30' },
    reloads: { type: 'string', default: '5' },
    html: { type: 'boolean', default: false },
    swap: { type: 'boolean', default: false },
    run: { type: 'boolean', default: false },
  },
});

if (values.html || values.swap) {
  await (values.html ? benchHtml() : benchSwap());
  process.exit();
}

if (values.run) {
  await benchReloads({ sizes: (values.modules ?? '51,1000').split(',').map(Number), names: values.servers?.split(',') });
  process.exit();
}

const names = SERVERS.filter((name) => values.servers?.split(',').includes(name) ?? true);
const runs = { saves: Number(values.saves), reloads: Number(values.reloads) };

const work = await fs.mkdtemp(path.join(os.tmpdir(), 'hmr-dev-bench-'));
try {
  const rows: Row[] = [];
  const servers = [];
  for (const name of names) servers.push(await prepareServer(name, work));
  for (const { title, make } of await subjects()) {
    for (const server of servers) {
      const app = await make(path.join(work, `${server.name}-app`));
      const figures = await measure(() => server.start(app.folder), app, runs);
      rows.push({ app: title, server: server.name, figures });
      await fs.rm(app.folder, { recursive: true });
      console.error(`${server.name} ${server.version}, ${title}: done`);
    }
  }
  const versions = servers.map(({ name, version }) => `${name} ${version}`).join(', ');
  console.log(`${os.cpus().length} × ${os.cpus()[0]?.model.trim() ?? 'unknown'}; Node ${process.versions.node}; ${versions}\n`);
  console.log(markdownTable(rows, 'hmr-dev'));
} finally {
  await fs.rm(work, { recursive: true, force: true });
}

interface Subject {
  readonly title: string;
  /** The same app for every server, each in a folder of its own. */
  readonly make: (folder: string) => Promise<App>;
}

async function subjects(): Promise<Subject[]> {
  if (!values.packages) {
    return (values.modules ?? '100,1000,5000').split(',').map((size) => ({
      title: `${Number(size).toLocaleString('en')} modules`,
      make: (folder) => generateApp(folder, Number(size)),
    }));
  }
  const installed = path.join(work, 'installed');
  await installPackages(installed);
  return [{ title: 'packages', make: (folder) => packagesApp(folder, installed) }];
}
