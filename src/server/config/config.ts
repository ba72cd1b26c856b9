/**
 * The options of the server, declared once: `OPTIONS` feeds `--help`, the checks of values from the command line and from the API, and
 * the test that compares the README's table. A schema library would bring more code than the six kinds of value that there are.
 */
import { HmrError } from '../errors.ts';
import type { ProxyTarget, ProxyTargets } from '../http/proxy-request.ts';
import { createLogger, LOG_LEVELS, type Logger, type LogLevel } from '../logger.ts';
import { toBoolean, toFile, toHost, toLevel, toList, toName, toPort, wrong } from './option-values.ts';
import type { Plugin } from '../compile/plugins/plugin.ts';
import { toAlias, toDefine, toPlugins, toPrefixes } from './code-options.ts';
import { toBase } from '../base.ts';
import { toHotswap, type HotswapOption } from './hotswap-option.ts';
import { toProxy } from './proxy-option.ts';
import { type ProgramOptions, type ResolvedProgram, toProgram } from './run-option.ts';
import { toPublicDir } from '../public-folder.ts';
import { resolveRoot } from './served-root.ts';
import { closest } from '../suggest.ts';

/** What `createDevServer` takes. Everything has a default; `root` is the current folder. */
export interface DevServerOptions {
  /** The folder to serve; relative to the current one. */
  readonly root?: string | undefined;
  /** 0 picks any free port. */
  readonly port?: number | undefined;
  readonly strictPort?: boolean | undefined;
  /** Host name or address to listen on; `true` for all of the machine's. */
  readonly host?: string | true | undefined;
  readonly open?: boolean | undefined;
  /** The path that everything is served under: `/app/`. */
  readonly base?: string | undefined;
  readonly spa?: boolean | undefined;
  readonly ignore?: string | readonly string[] | undefined;
  /** Keeps linked modules of large projects in the user's cache folder, for the next start. Default: true. */
  readonly cache?: boolean | undefined;
  /** Outlines for a moment what an edit of HTML has changed in the page. */
  readonly highlight?: boolean | undefined;
  /** How much of a changed module is replaced in place: `off`, `bindings`, `classes` or `closures`; `always`: also without a callback. */
  readonly hotswap?: HotswapOption | undefined;
  readonly logLevel?: LogLevel | undefined;
  readonly allowedHosts?: string | readonly string[] | undefined;
  /** `import.meta.env.MODE`, and which `.env.<mode>` files are read. Default: development. */
  readonly mode?: string | undefined;
  /** Prefixes of the variables that pages may read. Default: PUBLIC_ and VITE_. */
  readonly envPrefix?: string | readonly string[] | undefined;
  /** JavaScript by name, as text: `{ __VERSION__: '"1.2"' }`. */
  readonly define?: Readonly<Record<string, string>> | undefined;
  /** Folders or packages by the beginning of a specifier: `{ '@': './src' }`; relative ones start from the project's folder. */
  readonly alias?: Readonly<Record<string, string>> | undefined;
  /** esbuild's, and hmr-dev's own, in the order in which they are asked. */
  readonly plugins?: readonly PluginOption[] | undefined;
  /** Absolute paths; a change of them, also before they are there, is told as `configuration`, and as nothing else. */
  readonly configurationFiles?: readonly string[] | undefined;
  /** By the path that requests begin with: the address of the program that answers them. */
  readonly proxy?: Readonly<Record<string, string | ProxyTarget>> | undefined;
  /** The program that answers what the folder does not have; a text is its file. It gets new code as it is saved. */
  readonly run?: string | ProgramOptions | false | undefined;
  /** A page that does not listen for a change of that program loads again. Default: false. */
  readonly runReload?: boolean | undefined;
  /** With a certificate of its own, unless `cert` and `key` name one. */
  readonly https?: boolean | undefined;
  /** Path of a certificate (with its chain) in PEM form. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** Folder in the served one whose files also have an address without its name; false for none. Default: `public`. */
  readonly publicDir?: string | false | undefined;
  /** Takes the place of the logger that writes to the terminal; `logLevel` is then up to it. */
  readonly logger?: Logger | undefined;
}

/** Lists of plugins are taken apart, and what is false is passed over: `isFast && plugin()`. */
export type PluginOption = Plugin | false | null | undefined | readonly PluginOption[];

/** Options with every default filled in and every value checked. */
export interface ResolvedOptions {
  /** Real path of the folder to serve: what the watcher, the resolver and the checks of containment report and compare. */
  readonly root: string;
  /** The folder's name for messages. */
  readonly rootName: string;
  readonly port: number;
  readonly strictPort: boolean;
  readonly host: string;
  readonly open: boolean;
  /** With a slash at both ends. */
  readonly base: string;
  readonly spa: boolean;
  readonly ignore: readonly string[];
  readonly cache: boolean;
  readonly highlight: boolean;
  readonly hotswap: HotswapOption;
  readonly logLevel: LogLevel;
  readonly allowedHosts: readonly string[];
  readonly mode: string;
  readonly envPrefix: readonly string[];
  readonly define: Readonly<Record<string, string>>;
  readonly alias: Readonly<Record<string, string>>;
  readonly plugins: readonly Plugin[];
  readonly configurationFiles: readonly string[];
  readonly proxy: ProxyTargets;
  readonly run: ResolvedProgram | false;
  readonly runReload: boolean;
  readonly https: boolean;
  /** Path; empty without one, as `key` then is. */
  readonly cert: string;
  readonly key: string;
  readonly publicDir: string | false;
  readonly logger: Logger;
}

/** What only code can give. */
const CODE_KEYS = ['root', 'logger', 'envPrefix', 'define', 'alias', 'plugins', 'configurationFiles', 'publicDir'] as const;

type OptionKey = Exclude<keyof DevServerOptions, (typeof CODE_KEYS)[number]>;

export interface OptionDeclaration<K extends string = OptionKey> {
  readonly key: K;
  /** As on the command line, without the dashes. */
  readonly flag: string;
  readonly short?: string;
  readonly type:
    | 'base'
    | 'boolean'
    | 'port'
    | 'host'
    | 'list'
    | 'level'
    | 'name'
    | 'proxy'
    | 'program'
    | 'number'
    | 'file'
    | 'folder'
    | 'hotswap';
  readonly default: boolean | number | string | readonly string[] | ProxyTargets;
  readonly description: string;
}

export const OPTIONS: readonly OptionDeclaration[] = [
  // 467 is "hmr" on a phone's keypad. Not one of the usual ports: other projects leave service workers and storage behind there.
  { key: 'port', flag: 'port', short: 'p', type: 'port', default: 4670, description: 'Port; the next free one if it is taken' },
  { key: 'strictPort', flag: 'strict-port', type: 'boolean', default: false, description: 'Fail if the port is taken' },
  { key: 'host', flag: 'host', type: 'host', default: 'localhost', description: 'Address to listen on; without a value, all of them' },
  { key: 'open', flag: 'open', short: 'o', type: 'boolean', default: false, description: 'Open the page in the browser' },
  { key: 'base', flag: 'base', type: 'base', default: '/', description: 'Path that everything is served under, such as /app/' },
  { key: 'spa', flag: 'spa', type: 'boolean', default: false, description: 'Answer unknown pages with index.html' },
  {
    key: 'ignore',
    flag: 'ignore',
    type: 'list',
    default: [],
    description: 'Names or globs that are not watched (what a page imports is); may be repeated',
  },
  {
    key: 'cache',
    flag: 'cache',
    type: 'boolean',
    default: true,
    description: 'Keep linked modules for the next start, if many; off: --no-cache',
  },
  {
    key: 'highlight',
    flag: 'highlight',
    type: 'boolean',
    default: false,
    description: 'Outline what an HTML edit has changed in the page',
  },
  {
    key: 'hotswap',
    flag: 'hotswap',
    type: 'hotswap',
    default: 'classes',
    description: 'Replace code in live objects: off, bindings, classes, closures; always: also where no callback draws',
  },
  {
    key: 'mode',
    flag: 'mode',
    type: 'name',
    default: 'development',
    description: 'Name for `.env.<mode>` files and `import.meta.env.MODE`',
  },
  { key: 'logLevel', flag: 'log-level', type: 'level', default: 'info', description: LOG_LEVELS.join(', ') },
  { key: 'allowedHosts', flag: 'allowed-hosts', type: 'list', default: [], description: 'Further host names that requests may name' },
  {
    key: 'proxy',
    flag: 'proxy',
    type: 'proxy',
    default: {},
    description: 'Path and the program that answers below it: /api=http://localhost:3000; may be repeated',
  },
  {
    key: 'run',
    flag: 'run',
    type: 'program',
    default: false,
    description: 'Program that answers what the folder does not have: server.ts',
  },
  {
    key: 'runReload',
    flag: 'run-reload',
    type: 'boolean',
    default: false,
    description: 'Reload pages when that program has changed, unless they listen for it',
  },
  { key: 'https', flag: 'https', type: 'boolean', default: false, description: 'Serve over https, with a certificate of its own' },
  { key: 'cert', flag: 'cert', type: 'file', default: '', description: 'Certificate for https, a PEM file; with --key' },
  { key: 'key', flag: 'key', type: 'file', default: '', description: 'Private key of the certificate, a PEM file' },
];

/** Of the command line only: where the other options may come from. */
export const CONFIG_OPTION: OptionDeclaration<'config'> = {
  key: 'config',
  flag: 'config',
  type: 'file',
  default: 'hmr.config.{ts,js,mjs}',
  description: 'Configuration file, if it has another name; none: --no-config',
};

/** What the command line takes. */
export const FLAGS: readonly OptionDeclaration<string>[] = [...OPTIONS, CONFIG_OPTION];

/** What the terminal and the README show as default; empty where there is nothing to say. */
export function defaultText(option: OptionDeclaration<string>): string {
  return typeof option.default === 'object' || option.default === false ? '' : String(option.default);
}

/**
 * Checks the options of the API and fills in the defaults.
 * @throws HmrError `OPTION` for a wrong value, `ROOT` for a folder that cannot be served
 */
export function resolveOptions(raw: DevServerOptions = {}): ResolvedOptions {
  const values: Readonly<Record<string, unknown>> = { ...raw };
  const value = (key: OptionKey): unknown => values[key] ?? OPTIONS.find((option) => option.key === key)?.default;
  const logLevel = toLevel(value('logLevel'));
  return {
    ...resolveRoot(values['root'] ?? '.'),
    port: toPort(value('port')),
    strictPort: toBoolean(value('strictPort'), 'strict-port'),
    host: toHost(value('host')),
    open: toBoolean(value('open'), 'open'),
    base: toBase(value('base'), wrong),
    spa: toBoolean(value('spa'), 'spa'),
    ignore: toList(value('ignore'), 'ignore'),
    cache: toBoolean(value('cache'), 'cache'),
    highlight: toBoolean(value('highlight'), 'highlight'),
    hotswap: toHotswap(value('hotswap'), wrong),
    logLevel,
    allowedHosts: toList(value('allowedHosts'), 'allowed-hosts'),
    mode: toName(value('mode'), 'mode'),
    envPrefix: toPrefixes(values['envPrefix'] ?? ['PUBLIC_', 'VITE_']),
    define: toDefine(values['define'] ?? {}),
    alias: toAlias(values['alias'] ?? {}),
    plugins: toPlugins(values['plugins'] ?? []),
    configurationFiles: raw.configurationFiles ?? [],
    proxy: toProxy(value('proxy'), wrong),
    run: toProgram(value('run'), wrong),
    runReload: toBoolean(value('runReload'), 'run-reload'),
    https: toBoolean(value('https'), 'https'),
    cert: toFile(value('cert'), 'cert'),
    key: toFile(value('key'), 'key'),
    publicDir: toPublicDir(values['publicDir'] ?? 'public'),
    logger: raw.logger ?? createLogger({ level: logLevel }),
  };
}

/**
 * What the command line says, as options: numbers are still text there, and a missing value is an empty text, which `resolveOptions` understands.
 * @param flags those that were given
 * @param declared what the command takes; where the configuration lies is no option
 */
export function optionsOfFlags(
  flags: Readonly<Record<string, unknown>>,
  declared: readonly OptionDeclaration<string>[] = FLAGS,
): DevServerOptions {
  const given = declared.filter((option) => option !== CONFIG_OPTION && flags[option.flag] !== undefined);
  return Object.fromEntries(given.map(({ key, flag }) => [key, flags[flag]]));
}

/** Of an options object that somebody else wrote. @throws HmrError `OPTION` for a key that is none */
export function checkKeys(options: object, where: string): void {
  const known = [...CODE_KEYS, ...OPTIONS.map(({ key }) => key)];
  const unknown = Object.keys(options).find((key) => !known.some((name) => name === key));
  if (unknown === undefined) return;
  const meant = closest(unknown, known);
  const hint = meant === undefined ? `There are ${known.join(', ')}.` : `Did you mean "${meant}"?`;
  throw new HmrError('OPTION', `${where} has an option "${unknown}", which hmr-dev does not know.`, { hint });
}
