/**
 * Puts the client into a page that another program answers with, as it streams by: held back is only what stands in front of the client's place, and
 * that is known with the first element or text.
 */
import { Transform } from 'node:stream';
import { hasPlace, injectClient, looksLikeDocument } from './html-inject.ts';

export interface InjectionOptions {
  /** Makes the markup; the nonce is safe to stand in a quoted attribute. */
  readonly tag: (nonce: string | null) => string;
  /** What the answer's own policy lets run; null where it names none. */
  readonly nonce: string | null;
  /** It is loaded into a tab or frame. Else only a whole page gets the client, and a fragment stays what it is. */
  readonly isPage: boolean;
}

/** As far as the first element is looked for. */
const LOOK_BYTES = 64 * 1024;

export function clientInjection({ tag, nonce, isPage }: InjectionOptions): Transform {
  let held: Buffer[] | undefined = [];
  const release = (): Buffer => {
    const html = Buffer.concat(held ?? []);
    held = undefined;
    const isEmpty = html.length === 0;
    return isEmpty || !(isPage || looksLikeDocument(html)) ? html : injectClient(html, (own) => tag(nonce ?? own));
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (held === undefined) return done(null, chunk);
      held.push(chunk);
      const html = Buffer.concat(held);
      if (html.length >= LOOK_BYTES || hasPlace(html)) done(null, release());
      else done();
    },
    flush(done) {
      done(null, held === undefined ? undefined : release());
    },
  });
}

const NONCE = /(?:^|[\s;,])(?:script-src|script-src-elem|default-src)\s[^;]*?'nonce-([\w+/=-]+)'/i;

/** What a `Content-Security-Policy` lets run. */
export function nonceOfPolicy(policy: string | readonly string[] | undefined): string | null {
  return NONCE.exec(String(policy ?? ''))?.[1] ?? null;
}
