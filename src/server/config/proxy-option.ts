/**
 * The values of `--proxy` (`/api=http://localhost:3000`, several with commas between or the option repeated) and of `proxy` in the API, as one
 * map from prefix to target. Every address is checked at the start: a wrong one would show as a puzzling answer much later.
 */
import type { HmrError } from '../errors.ts';
import type { ProxyTarget, ProxyTargets } from '../http/proxy-request.ts';

type Wrong = (flag: string, expected: string, value: unknown) => HmrError;

/** @param wrong makes the error that is thrown for a value of another form */
export function toProxy(value: unknown, wrong: Wrong): ProxyTargets {
  const refused = (given: unknown): HmrError => wrong('proxy', 'a path and an address, such as /api=http://localhost:3000', given);
  if (isRecord(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([prefix, given]) => {
        const target = toTarget(prefix, typeof given === 'string' ? { target: given } : given);
        if (!target) throw refused({ [prefix]: given });
        return [prefix, target];
      }),
    );
  }
  const targets: Record<string, ProxyTarget> = {};
  const entries: readonly unknown[] = Array.isArray(value) ? value : [value];
  for (const entry of entries) {
    if (typeof entry !== 'string') throw refused(entry);
    // A comma in an address belongs to it; the next prefix begins with a slash.
    for (const part of entry.split(/,(?=\s*\/)/)) {
      const [, prefix = '', address] = /^\s*([^=]*)=(.*?),?\s*$/s.exec(part) ?? [];
      const target = toTarget(prefix, { target: address });
      if (!target) throw refused(entry);
      targets[prefix] = target;
    }
  }
  return targets;
}

function toTarget(prefix: string, given: unknown): ProxyTarget | undefined {
  if (!/^\/[^?#\s]*$/.test(prefix) || !isRecord(given)) return undefined;
  const { target, rewrite, headers } = given;
  // Also by the names that WebSockets have for the same.
  const address = typeof target === 'string' ? target.trim().replace(/^ws(?=s?:)/i, 'http') : '';
  if (!/^https?:\/\//i.test(address) || !URL.canParse(address)) return undefined;
  if (rewrite !== undefined && typeof rewrite !== 'function') return undefined;
  if (headers !== undefined && !(isRecord(headers) && Object.values(headers).every((header) => typeof header === 'string')))
    return undefined;
  return { ...given, target: address };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
