/**
 * `import.meta.env` is the default export of a module that stands for it: a changed `.env` file reaches those who read it as any changed
 * dependency does, and nobody else.
 */
import type { ModuleId } from '../../protocol.ts';

export const ENV_MODULE_ID: ModuleId = '/@env';

export interface EnvModuleOptions {
  /** `BASE_URL`. */
  readonly base: string;
  readonly mode: string;
  readonly variables: Readonly<Record<string, string>>;
}

export function envModule({ base, mode, variables }: EnvModuleOptions): string {
  const env = { BASE_URL: base, DEV: true, MODE: mode, PROD: false, SSR: false, ...variables };
  return `export default ${JSON.stringify(env)};\n`;
}
