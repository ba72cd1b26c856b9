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

export function envModule(options: EnvModuleOptions): string {
  return `export default ${JSON.stringify(envOf(options, false))};\n`;
}

/** For a bundler: the whole, and each part, so that code for development goes. */
export function envDefine(options: EnvModuleOptions): Record<string, string> {
  const env = envOf(options, true);
  const parts = Object.entries(env).map(([name, value]) => [`import.meta.env.${name}`, JSON.stringify(value)]);
  return { 'import.meta.env': JSON.stringify(env), ...(Object.fromEntries(parts) as Record<string, string>) };
}

function envOf({ base, mode, variables }: EnvModuleOptions, isBuild: boolean): Readonly<Record<string, string | boolean>> {
  return { BASE_URL: base, DEV: !isBuild, MODE: mode, PROD: isBuild, SSR: false, ...variables };
}
