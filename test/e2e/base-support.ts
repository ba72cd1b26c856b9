/**
 * A folder served under `/app/`, and a page of it: opened at the server itself, or through a reverse proxy that hands it what begins with
 * `/app/` and has another program at all other addresses.
 */
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';
import type { TestContext } from 'node:test';
import { openPage, type TestPage } from '../harness/browser.ts';
import { fixture, type Fixture, type FixtureFiles } from '../harness/fixture.ts';
import { startServer, type TestServer } from '../harness/server.ts';

export const WAYS = ['directly', 'behind a proxy'] as const;
export type Way = (typeof WAYS)[number];

export interface Proxy {
  readonly origin: string;
  /** Of requests that were handed on and have not ended. */
  readonly streams: number;
  /** Addresses that no server was asked for. */
  readonly outside: readonly string[];
}

/** @param ports of the servers behind it, by base */
export async function startProxy(t: TestContext, ports: Readonly<Record<string, number>>): Promise<Proxy> {
  const outside: string[] = [];
  let streams = 0;
  const server = createServer((req, res) => {
    const { url: path = '', method, headers } = req;
    const [base, port] = Object.entries(ports).find(([prefix]) => path.startsWith(prefix)) ?? [];
    if (base === undefined) {
      outside.push(path);
      return void res.writeHead(404).end('another program');
    }
    if (path.startsWith(`${base}changes`)) {
      streams++;
      res.on('close', () => streams--);
    }
    const onward = request({ host: 'localhost', port, path, method, headers }, (answer) => {
      res.writeHead(answer.statusCode ?? 500, answer.headers);
      // Where the server ends in the middle, so does the answer.
      pipeline(answer, res, () => undefined);
    });
    onward.on('error', () => res.destroy());
    res.on('close', () => onward.destroy());
    req.pipe(onward);
  }).listen(0, 'localhost');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    outside,
    get streams() {
      return streams;
    },
  };
}

export interface BaseSite {
  readonly files: Fixture;
  readonly server: TestServer;
  readonly origin: string;
  readonly tab: TestPage;
  /** Paths that the page asked for. */
  readonly paths: readonly string[];
}

/** Resolves when the page is connected. */
export async function openUnderBase(t: TestContext, way: Way, content: FixtureFiles): Promise<BaseSite> {
  const files = await fixture(content);
  t.after(() => files[Symbol.asyncDispose]());
  const server = await startServer(files.path, { base: '/app/' });
  t.after(() => server.close());
  const origin = way === 'directly' ? server.origin : (await startProxy(t, { '/app/': server.port })).origin;
  const paths: string[] = [];
  const tab = await openPage(`${origin}/app/`, {
    prepare: async (page) => void page.on('request', (asked) => paths.push(new URL(asked.url()).pathname)),
  });
  t.after(() => tab.close());
  await tab.waitForConsole(/^\[hmr-dev\] connected/);
  await tab.markDocument();
  return { files, server, origin, tab, paths };
}
