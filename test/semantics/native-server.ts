/**
 * The native side of the comparison: serves the files of all cases as they are, each with its type, and nothing else. Written here
 * instead of using our own static handler, because the expectation must not depend on what is tested.
 */
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

export interface NativeServer extends AsyncDisposable {
  readonly origin: string;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.css': 'text/css; charset=utf-8',
};

/** @param files path without a leading slash → text */
export async function startNativeServer(files: Readonly<Record<string, string>>): Promise<NativeServer> {
  const server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const name = pathname.slice(1) + (pathname.endsWith('/') ? 'index.html' : '');
    const text = files[name];
    response.writeHead(text === undefined ? 404 : 200, {
      'content-type': TYPES[path.extname(name)] ?? 'text/plain',
      'cache-control': 'no-store',
    });
    response.end(text);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://localhost:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
