/**
 * Clients of the tests of `run`: one request on a connection that is kept, a burst of requests that counts what failed, and raw text.
 */
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { withDeadline } from '../../harness/diagnostics.ts';

/** One connection that is kept between requests; a second one is never opened. */
export function createKeptConnection(options: http.RequestOptions): Disposable & { get(urlPath?: string): Promise<string> } {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  let first: net.Socket | undefined;
  return {
    async get(urlPath = '/') {
      const request = http.get({ ...options, agent, path: urlPath });
      const [socket] = (await once(request, 'socket')) as [net.Socket];
      first ??= socket;
      if (first !== socket) throw new Error('The kept connection was closed.');
      return withDeadline(bodyOf(request), `the answer to ${urlPath}`);
    },
    [Symbol.dispose]() {
      agent.destroy();
    },
  };
}

export async function bodyOf(request: http.ClientRequest): Promise<string> {
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += String(chunk);
  return text;
}

/** On a connection of its own. */
export function get(options: http.RequestOptions, urlPath = '/'): Promise<string> {
  return withDeadline(bodyOf(http.get({ ...options, agent: false, path: urlPath })), `the answer to ${urlPath}`);
}

export interface Load {
  readonly answers: readonly string[];
  readonly failures: readonly string[];
  /** Resolves when so many more requests have been answered. */
  more(count: number): Promise<void>;
  stop(): Promise<void>;
}

/** Asks on and on, half of it on kept connections: as fast as the answers come, which is more than 50 a second. */
export function startLoad(ask: (isKept: boolean) => Promise<string>, clients = 4): Load {
  const answers: string[] = [];
  const failures: string[] = [];
  const waiting = new Set<() => void>();
  let isOver = false;
  const client = async (isKept: boolean): Promise<void> => {
    while (!isOver) {
      await ask(isKept).then(
        (answer) => answers.push(answer),
        (error: unknown) => failures.push(String(error)),
      );
      for (const check of waiting) check();
    }
  };
  const running = Array.from({ length: clients }, (_, index) => client(index % 2 === 0));
  return {
    answers,
    failures,
    more(count) {
      const enough = answers.length + failures.length + count;
      return new Promise((resolve) => {
        const check = (): void => {
          if (answers.length + failures.length < enough) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
      });
    },
    async stop() {
      isOver = true;
      await Promise.all(running);
    },
  };
}

export interface Talk {
  /** Sends text and reads until the answer matches. */
  say(text: string, answer: RegExp): Promise<void>;
  /** Sends text and reads until the server closes. */
  sayLast(text: string): Promise<string>;
}

/** Raw text on one connection. */
export function openTalk(options: net.TcpNetConnectOpts): Talk {
  const socket = net.connect(options).setEncoding('utf8');
  return {
    async say(text, answer) {
      socket.write(text);
      let heard = '';
      while (!answer.test(heard)) heard += String((await once(socket, 'data'))[0]);
    },
    async sayLast(text) {
      socket.write(text);
      let heard = '';
      for await (const chunk of socket) heard += String(chunk);
      return heard;
    },
  };
}
