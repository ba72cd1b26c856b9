/**
 * What esbuild says that it has made, as far as a build wants it: esbuild writes a sheet for every module that may be imported later, and these are
 * part of their importer's sheet already.
 */
import path from 'node:path';
import { VIRTUAL } from './bundle-plugin.ts';

export interface Metafile {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<
    Record<string, { readonly entryPoint?: string; readonly cssBundle?: string; readonly imports: readonly { readonly path: string }[] }>
  >;
}

export interface MadeFiles {
  readonly entries: readonly { readonly entry: string; readonly file: string; readonly css: string | undefined }[];
  readonly files: readonly (readonly [string, Uint8Array])[];
  readonly inputs: readonly string[];
}

/** What the entries reach: a module that is imported later has a sheet of its own too, which is part of its importer's. */
export function readMetafile(
  { inputs, outputs }: Metafile,
  folder: string,
  contents: ReadonlyMap<string, Uint8Array>,
  names: ReadonlySet<string>,
): MadeFiles {
  const absolute = (name: string): string => path.resolve(folder, name);
  const reached = new Set<string>();
  const reach = (name: string | undefined): void => {
    if (name === undefined || reached.has(name) || !outputs[name]) return;
    reached.add(name);
    for (const { path: imported } of outputs[name].imports) reach(imported);
    reach(`${name}.map`);
  };
  const sheets = new Set(Object.values(outputs).map(({ cssBundle }) => cssBundle));
  const entries = Object.entries(outputs).flatMap(([name, { entryPoint, cssBundle }]) =>
    entryPoint === undefined || sheets.has(name) ? [] : { name, entry: entryOf(entryPoint, absolute), css: cssBundle },
  );
  const wanted = entries.filter(({ entry }) => names.has(entry));
  for (const { name, css } of wanted) {
    reach(name);
    reach(css);
  }
  return {
    entries: wanted.map(({ name, entry, css }) => ({ entry, file: absolute(name), css: css === undefined ? undefined : absolute(css) })),
    files: [...reached].flatMap((name) => {
      const content = contents.get(absolute(name));
      return content ? [[absolute(name), content] as const] : [];
    }),
    inputs: Object.keys(inputs).map((name) => absolute(name.replace(/\?.*$/, ''))),
  };
}

function entryOf(entryPoint: string, absolute: (name: string) => string): string {
  const prefix = `${VIRTUAL}:`;
  return entryPoint.startsWith(prefix) ? entryPoint.slice(prefix.length) : absolute(entryPoint);
}
