/**
 * Runs a program in the registry as `node <entry>` would natively: the smallest supervisor. Bundled by run-driver.ts and run without tsx, whose hooks
 * would take part in what Node loads.
 */
import path from 'node:path';
import { linker } from '../../../../src/server/run/modules/linker.ts';
import { createProgram } from '../../../../src/server/run/modules/program.ts';
import { HmrError } from '../../../../src/server/errors.ts';

process.argv.splice(1, 1);
const entry = path.resolve(process.argv[1] ?? '');
process.argv[1] = entry;

const cacheFolder = process.env['HMR_DEV_CACHE'];
const program = createProgram({
  linker: () => linker,
  entry,
  cwd: process.cwd(),
  ...(cacheFolder !== undefined && { cacheFolder }),
  logger: { warn: console.error, debug: () => undefined },
});
process.on('exit', () => program.close());

/** What Node says of a module that never comes to its end. */
const UNSETTLED = 13;
let isPending = true;
process.on('exit', () => {
  if (isPending) process.exitCode ??= UNSETTLED;
});

try {
  const version = await program.load();
  const running = version.evaluate();
  if (running) await running;
  isPending = false;
} catch (error) {
  isPending = false;
  if (error instanceof HmrError) {
    const { location } = error;
    console.error(`${error.code} ${error.message}`);
    if (location) console.error(`${path.relative(process.cwd(), location.file)}:${location.line}:${location.column}`);
    if (error.frame !== undefined) console.error(error.frame);
    if (error.hint !== undefined) console.error(`hint ${error.hint}`);
    const { code } = (error.cause ?? {}) as { code?: string };
    if (code !== undefined) console.error(`code ${code}`);
    process.exitCode = 1;
  } else throw error;
}
