/**
 * The JSON body of a request by our own client: small, UTF-8, complete. Anything else is the sender's fault and gets a 4xx, so the outcome is
 * a value and not an exception.
 */
import type { IncomingMessage } from 'node:http';

/** A page of 10,000 modules lists them all after a server restart; that is about a megabyte. */
const LIMIT_BYTES = 16 * 1024 * 1024;

export type JsonBody =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'refused'; readonly status: 400 | 413; readonly message: string };

export async function readJson(req: IncomingMessage): Promise<JsonBody> {
  // Behind `express.json()` there is nothing left to read.
  if (req.readableEnded && 'body' in req) return { kind: 'json', value: req.body };
  const parts: Buffer[] = [];
  let sizeBytes = 0;
  try {
    for await (const part of req as AsyncIterable<Buffer>) {
      sizeBytes += part.length;
      if (sizeBytes > LIMIT_BYTES) return { kind: 'refused', status: 413, message: 'The body is too large.' };
      parts.push(part);
    }
  } catch {
    // ECONNRESET: the client left in the middle, and nobody will read this.
    return { kind: 'refused', status: 400, message: 'The body has no end.' };
  }
  try {
    return { kind: 'json', value: JSON.parse(Buffer.concat(parts).toString('utf8')) as unknown };
  } catch {
    // SyntaxError: truncated or not JSON.
    return { kind: 'refused', status: 400, message: 'The body is not JSON.' };
  }
}
