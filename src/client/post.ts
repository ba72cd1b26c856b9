/**
 * The page's requests to the server: JSON out, JSON back, with the token that `hello` brought. What is asked before the token is
 * known waits for it, because the first errors of a page happen before its stream is open. `fetch` is taken at the start, so that
 * a page that mocks it (service mocks, tests) does not catch ours.
 */
import { TOKEN_HEADER } from '../protocol.ts';
import { toUrl } from './base.ts';

export interface PostOptions {
  readonly fetch?: typeof globalThis.fetch;
}

export interface SendOptions {
  /** Also when the page is left right after. Browsers allow 64 KB for this. */
  readonly outlivesPage?: boolean;
}

export interface Post {
  /**
   * Resolves with the parsed answer, undefined for an empty one.
   * @throws Error naming path and status when the server refuses, the `fetch` error when it cannot be reached
   */
  send(path: string, body: unknown, options?: SendOptions): Promise<unknown>;
  /** Empty before the first `hello`. */
  token(): string;
  /** Called with every `hello`; a restarted server has another token. */
  setToken(token: string): void;
}

export function createPost({ fetch = globalThis.fetch.bind(globalThis) }: PostOptions = {}): Post {
  let token: string | undefined;
  let release: () => void = () => {};
  const known = new Promise<void>((resolve) => {
    release = resolve;
  });
  return {
    async send(path, body, { outlivesPage = false } = {}) {
      if (token === undefined) await known;
      const answer = await fetch(toUrl(path), {
        method: 'POST',
        headers: { 'content-type': 'application/json', [TOKEN_HEADER]: token ?? '' },
        body: JSON.stringify(body),
        ...(outlivesPage && { keepalive: true }),
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${path} answered ${answer.status}${text === '' ? '' : `: ${text}`}`);
      return text === '' ? undefined : (JSON.parse(text) as unknown);
    },
    token: () => token ?? '',
    setToken(value) {
      token = value;
      release();
    },
  };
}
