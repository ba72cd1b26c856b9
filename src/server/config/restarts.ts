/**
 * Restarts within the process, when the configuration changes: read anew, told, and where it does not work, waited for until it does. One at a
 * time, and one more for what was saved meanwhile.
 */
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { resolveOptions, type ResolvedOptions } from './config.ts';
import { ConfigError, type ConfigSources } from './config-sources.ts';
import type { Configured } from '../command-line.ts';
import type { DevServer } from '../dev-server.ts';
import { HmrError, stackText, toReport } from '../errors.ts';
import { nameFiles } from '../logger.ts';

export interface RestartsOptions {
  readonly server: Pick<DevServer, 'on' | 'restart' | 'watchConfiguration'>;
  /** In force from the start. */
  readonly options: ResolvedOptions;
  /** What they were read from. */
  readonly sources: ConfigSources;
  /** @throws HmrError */
  readonly read: () => Promise<Configured>;
}

/** What is set once, when the process starts. */
const FIXED = ['root', 'port', 'strictPort', 'host', 'base', 'https', 'cert', 'key', 'logLevel', 'run'] as const;

export function restartOnChange({ server, options, sources: initial, read }: RestartsOptions): void {
  const { root, logger } = options;
  /** Names of the files that were saved and not yet read. */
  const due = new Set<string>();
  let isRunning = false;

  const warnOfFixed = (next: ResolvedOptions): void => {
    const changed = FIXED.filter((key) => !isDeepStrictEqual(next[key], options[key]));
    if (changed.length > 0) logger.warn(`The configuration has another ${changed.join(', ')}; that counts when hmr-dev is started anew.`);
  };

  const tell = (error: unknown): void => {
    if (error instanceof HmrError) logger.error(toReport(error, (file) => path.relative(process.cwd(), file)));
    else logger.error(stackText(error));
  };

  /** @returns what has been read; undefined where not even that is known */
  const run = async (names: string): Promise<ConfigSources | undefined> => {
    const startMs = performance.now();
    let sources: ConfigSources | undefined;
    try {
      const next = await read();
      sources = next.sources;
      warnOfFixed(resolveOptions({ ...next.configured, logger }));
      await server.restart({ ...next.configured, logger });
      logger.info(`restarted in ${Math.round(performance.now() - startMs)} ms: ${names} changed`);
    } catch (error) {
      tell(error);
      logger.info(`${names} changed, and does not work: the server goes on as it was.`);
      if (error instanceof ConfigError) sources = error.sources;
    }
    return sources;
  };

  const runAll = async (): Promise<void> => {
    if (isRunning) return;
    isRunning = true;
    while (due.size > 0) {
      const names = nameFiles([...due]);
      due.clear();
      const sources = await run(names);
      if (sources) look(sources);
    }
    isRunning = false;
  };

  /** From here on it is watched; what was saved between reading and now nobody has told. */
  const look = (sources: ConfigSources): void => {
    server.watchConfiguration(sources.files);
    if (!sources.isCurrent()) due.add('the configuration');
  };

  server.on('configuration', (files) => {
    for (const file of files) due.add(path.relative(root, file));
    void runAll();
  });
  look(initial);
  if (due.size > 0) void runAll();
}
