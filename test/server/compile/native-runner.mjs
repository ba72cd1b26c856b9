/**
 * Child process that runs modules as Node itself does, away from the loader that runs the tests (which rewrites what it loads).
 * Plain JavaScript for the same reason. Told the URL of an entry, it answers with what the program logged.
 */
import { inspect } from 'node:util';

process.on('message', async (url) => {
  const said = [];
  globalThis.log = (...values) => void said.push(values.map((value) => (typeof value === 'string' ? value : inspect(value))).join(' '));
  try {
    await import(url);
  } catch (error) {
    said.push(error instanceof Error ? `${error.name}: ${error.message}` : `thrown: ${inspect(error)}`);
  }
  process.send(said);
});
