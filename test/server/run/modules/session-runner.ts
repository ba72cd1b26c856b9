/**
 * A program in a process of its own, driven over IPC step by step: load and evaluate a version, tell of changes, apply them. What modules say by
 * `say(…)` comes back with each answer.
 */
import path from 'node:path';
import { linker } from '../../../../src/server/run/modules/linker.ts';
import { createProgram, type ProgramOptions } from '../../../../src/server/run/modules/program.ts';
import type { Version } from '../../../../src/server/run/modules/version.ts';
import { HmrError } from '../../../../src/server/errors.ts';

export type Command =
  | { readonly kind: 'load' }
  | { readonly kind: 'changed'; readonly files: readonly string[] }
  | { readonly kind: 'apply'; readonly files: readonly string[] }
  | { readonly kind: 'dispose' }
  | { readonly kind: 'files' };

export interface Answer {
  readonly value?: unknown;
  readonly error?: string;
  readonly said: readonly unknown[];
}

const [folder = '', options = '{}'] = process.argv.slice(2);
const said: unknown[] = [];
Object.assign(globalThis, { say: (...values: unknown[]) => void said.push(values.length === 1 ? values[0] : values) });

const given = JSON.parse(options) as Partial<ProgramOptions>;
const program = createProgram({
  linker: () => linker,
  entry: 'main',
  cwd: folder,
  logger: { warn: (text) => void said.push(text), debug: () => undefined },
  ...given,
});
const absolute = (files: readonly string[]): string[] => files.map((file) => path.join(folder, file));
let version: Version | undefined;

async function answer(command: Command): Promise<unknown> {
  switch (command.kind) {
    case 'load': {
      const next = await program.load();
      await next.evaluate();
      version?.retire();
      version = next;
      return next.number;
    }
    case 'changed':
      return program.changed(absolute(command.files));
    case 'apply': {
      if (!version) return undefined;
      const outcome = await program.apply(version, absolute(command.files));
      return outcome.kind === 'updated'
        ? { kind: outcome.kind, swapped: outcome.swapped.length, errors: outcome.errors.map(String) }
        : { kind: outcome.kind };
    }
    case 'dispose':
      return (await version?.dispose())?.map(String);
    case 'files':
      return [...program.files].map((file) => path.relative(folder, file));
  }
}

function textOf(error: unknown): string {
  if (!(error instanceof HmrError)) return String(error instanceof Error ? error.stack : error);
  const { code, message, location, frame, hint } = error;
  const place = location && `${path.relative(folder, location.file)}:${location.line}:${location.column}`;
  return [code, message.replaceAll(folder, '.'), place, frame, hint].filter(Boolean).join('\n');
}

process.on('message', (command: Command) => {
  answer(command)
    .then(
      (value) => ({ value }),
      (error: unknown) => ({ error: textOf(error) }),
    )
    .then((result) => process.send?.({ ...result, said: said.splice(0) } satisfies Answer))
    .catch((error: unknown) => console.error(error));
});
