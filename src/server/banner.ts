/**
 * What the terminal shows once the server listens: version, time since the process started, addresses, keys. Pure text, so that a test
 * needs no terminal. The time counts from the process and not from the call, because that is what the developer waited for.
 */
import { type Paint, stripColors } from './colors.ts';
import type { ServerUrls } from './http/server-urls.ts';
import { formatMs } from './logger.ts';

export interface BannerOptions {
  readonly version: string;
  readonly urls: ServerUrls;
  /** Since the start of the process. */
  readonly readyMs: number;
  /** The line of keys; undefined where nobody can press one. */
  readonly keys: string | undefined;
  readonly paint: Paint;
}

export function renderBanner({ version, urls, readyMs, keys, paint }: BannerOptions): string {
  const name = `${paint(['green', 'bold'], 'hmr-dev')} ${paint('green', version)}`;
  const lines = ['', `  ${name}  ${paint('dim', 'ready in')} ${formatMs(readyMs)}`, '', renderUrls(urls, paint)];
  if (keys !== undefined) lines.push('', `  ${paint('dim', keys)}`);
  return [...lines, ''].join('\n');
}

/** One line an address. */
export function renderUrls({ local, network }: ServerUrls, paint: Paint): string {
  const row = (label: string, value: string): string => `  ${paint('bold', label.padEnd(9))}${value}`;
  const lines = local.map((url) => row('Local:', paint('cyan', url)));
  for (const url of network) lines.push(row('Network:', paint('cyan', url)));
  if (network.length === 0) lines.push(row('Network:', paint('dim', 'off, --host turns it on')));
  return lines.join('\n');
}

/** Address in a banner that a script has captured; the tests of the command line read it so. */
export function urlFromBanner(output: string): string | undefined {
  return /^ {2}(?:Local|Network): +(https?:\S+)/m.exec(stripColors(output))?.[1];
}
