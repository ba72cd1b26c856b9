/**
 * The target of hostile requests: a real server whose folder has secrets in it and around it, and requests made by hand, since
 * `fetch` would repair what has to be sent broken.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import { request, type IncomingMessage } from 'node:http';
import type { TestContext } from 'node:test';
import { withDeadline } from '../harness/diagnostics.ts';
import { fixture, type Fixture } from '../harness/fixture.ts';
import { SCRIPT, startServer, type TestServer } from '../harness/server.ts';

/** In everything that must not be given away. */
export const CANARY: string = 'canary-5e1f';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

export interface AskOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface Target {
  readonly files: Fixture;
  readonly server: TestServer;
  readonly token: string;
  ask(target: string, options?: AskOptions): Promise<Answer>;
  /** A POST with the token, as our own client sends it. */
  post(target: string, body: unknown): Promise<Answer>;
  /** Still alive. */
  assertWell(): Promise<void>;
}

export async function startTarget(t: TestContext): Promise<Target> {
  const files = await fixture({
    'secret.txt': CANARY,
    'secret.ts': `export const secret = '${CANARY}';`,
    'secret.css': `.x::after { content: '${CANARY}' }`,
    'secret.json': `{ "secret": "${CANARY}" }`,
    'node_modules/reached/package.json': '{ "name": "reached", "type": "module", "main": "a.js" }',
    'node_modules/reached/a.js': `export const reached = 'reached';`,
    'node_modules/reached/b.js': `export const b = '${CANARY}';`,
    'src/index.html': '<!doctype html><script type="module" src="/main.ts"></script>',
    'src/main.ts': `import { reached } from 'reached'; console.log(reached);`,
    'src/style.css': 'p {}',
    'src/.env': CANARY,
    'src/.git/config': CANARY,
    'src/server.key': CANARY,
    'src/.hidden/a.ts': `export const a = '${CANARY}';`,
  });
  t.after(() => files[Symbol.asyncDispose]());
  for (const name of ['secret.ts', 'secret.css', 'secret.txt']) await fs.symlink(`../${name}`, files.resolve(`src/linked-${name}`));
  const server = await startServer(files.resolve('src'), { logLevel: 'debug' });
  t.after(() => server.close());

  const ask = (target: string, { method = 'GET', headers = {}, body }: AskOptions = {}): Promise<Answer> =>
    withDeadline(rawRequest(server.port, target, method, headers, body), `an answer to ${method} ${target}`);
  const token = await tokenOf(server);
  return {
    files,
    server,
    token,
    ask,
    post: (target, body) =>
      ask(target, { method: 'POST', headers: { 'x-hmr-dev-token': token }, body: typeof body === 'string' ? body : JSON.stringify(body) }),
    async assertWell() {
      const answer = await ask('/main.ts', { headers: SCRIPT });
      assert.equal(answer.status, 200);
      assert.match(answer.text, /reached/);
      assert.doesNotMatch(server.log.lines.join('\n'), new RegExp(CANARY));
    },
  };
}

async function rawRequest(
  port: number,
  target: string,
  method: string,
  headers: AskOptions['headers'],
  body: AskOptions['body'],
): Promise<Answer> {
  const req = request({ port, host: 'localhost', method, path: target, headers: { ...headers }, agent: false });
  // Not `once`, which fails on an error: the server may hang up on a body that is too large; what counts is its answer.
  const response = new Promise<IncomingMessage>((resolve) => req.once('response', resolve));
  req.on('error', () => undefined);
  req.end(body);
  const res = await response;
  const text = (await res.setEncoding('utf8').toArray()).join('');
  return { status: res.statusCode ?? 0, headers: res.headers, text };
}

async function tokenOf(server: TestServer): Promise<string> {
  const stream = await fetch(server.url('/changes'));
  let text = '';
  for await (const part of stream.body ?? []) {
    text += Buffer.from(part).toString();
    const token = /"token":"([^"]+)"/.exec(text)?.[1];
    if (token !== undefined) return token;
  }
  throw new Error('no token');
}
