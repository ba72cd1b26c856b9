/**
 * `hmr-dev preview`: a built site, served as a host would serve it. Read-only, nothing watched, nothing added to a page; the server's own way from an
 * address to a file, so that both answer alike.
 */
import { createServer } from 'node:http';
import { createBase } from '../base.ts';
import { underBase } from '../base-requests.ts';
import { readBuildList } from './build-output.ts';
import { OPTIONS, resolveOptions, type DevServerOptions, type OptionDeclaration } from '../config/config.ts';
import { stackText } from '../errors.ts';
import { listen, prepareServer } from '../http/listen.ts';
import { createRequestChecks, sendRefusal } from '../http/request-checks.ts';
import { serverUrls, type ServerUrls } from '../http/server-urls.ts';
import { createStaticFiles } from '../http/static-files.ts';

/** `root` is the folder of the build. Default: `dist`; of `base`: that of the build. */
export type PreviewOptions = Pick<
  DevServerOptions,
  'root' | 'port' | 'strictPort' | 'host' | 'open' | 'base' | 'spa' | 'allowedHosts' | 'logLevel' | 'logger'
>;

export interface PreviewServer {
  readonly port: number;
  readonly urls: ServerUrls;
  /** May be called twice. */
  close(): Promise<void>;
}

// The dev server's with a "p" behind: what browsers keep for the one is not for the other.
const PORT = 4677;

const FLAGS_OF_SERVER = ['strictPort', 'host', 'open', 'base', 'spa', 'allowedHosts', 'logLevel'];

/** What the command line of `preview` takes. */
export const PREVIEW_FLAGS: readonly OptionDeclaration<string>[] = OPTIONS.flatMap((option): OptionDeclaration<string>[] => {
  if (option.key === 'port') return [{ ...option, default: PORT }];
  if (option.key === 'base')
    return [{ ...option, default: '', description: 'Path that everything is served under; default: that of the build' }];
  return FLAGS_OF_SERVER.includes(option.key) ? [option] : [];
});

/** Hashed names are for ever. */
const IMMUTABLE = 'public, max-age=31536000, immutable';

/** Serves a built site until it is closed. @throws HmrError `ROOT`, `OPTION`, `PORT` */
export async function preview(options: PreviewOptions = {}): Promise<PreviewServer> {
  const { root = 'dist', port: wanted = PORT } = options;
  const list = readBuildList(root);
  const resolved = resolveOptions({ ...options, root, port: wanted, base: options.base ?? list?.base });
  const { port, host, strictPort, spa, allowedHosts, logger } = resolved;
  const base = createBase(resolved.base);
  const hashed = new Set(list?.hashed.map((name) => `/${name}`));
  const onError = (error: unknown): void => logger.error(stackText(error));
  const files = createStaticFiles({
    root: resolved.root,
    spa,
    toUrl: base.toUrl,
    onError,
    cacheControl: (urlPath) => (hashed.has(decodeURIComponent(urlPath)) ? IMMUTABLE : undefined),
  });
  const check = createRequestChecks({ allowedHosts: [...allowedHosts, host] });
  const answer = underBase(base, async (req, res) => void (await files.serve(req, res)), { lookup: files.lookup, onMissing: () => {} });
  const server = createServer((req, res) => {
    const refusal = check(req);
    if (refusal) sendRefusal(req, res, refusal);
    else answer(req, res, undefined).catch(onError);
  });
  const close = prepareServer(server);
  const address = await listen(server, { host, port, strictPort });
  if (port !== 0 && address.port !== port) logger.info(`Port ${port} is taken; this is ${address.port}.`);
  return { port: address.port, urls: serverUrls({ host, port: address.port, base: base.path }), close };
}
