import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { stopEsbuild, withEsbuild } from '../../../src/server/compile/esbuild.ts';

after(stopEsbuild);

const transform = (code: string): Promise<string> => withEsbuild(async (esbuild) => (await esbuild.transform(code, { loader: 'ts' })).code);

/** Runs code in a process of its own, with the module's URL in `url`. */
async function runAlone(body: string): Promise<string> {
  const url = pathToFileURL('src/server/compile/esbuild.ts').href;
  const script = `const url = ${JSON.stringify(url)};\n${body}`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script]);
  return stdout.trim();
}

/** Child processes from here on. tsx may have started esbuild for itself before. */
const WATCH_CHILDREN = `
  const { default: childProcess } = await import('node:child_process');
  const children = [];
  const { spawn } = childProcess;
  childProcess.spawn = (...options) => {
    const child = spawn(...options);
    children.push(child);
    return child;
  };`;

describe('withEsbuild', () => {
  it('answers, also many at once', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => transform(`let a: number = ${index};`)));
    assert.deepEqual(
      answers,
      Array.from({ length: 50 }, (_, index) => `let a = ${index};\n`),
    );
  });

  it('passes on what failed', async () => {
    await assert.rejects(transform('let ='), /Transform failed/);
    await assert.rejects(
      withEsbuild(() => Promise.reject(new Error('mine'))),
      /mine/,
    );
  });
});

describe('stopEsbuild', () => {
  it('waits for what is under way', async () => {
    const answers = Promise.all(Array.from({ length: 20 }, () => transform('let a: 1')));
    await stopEsbuild();
    assert.equal((await answers).length, 20);
  });

  it('can be called twice, at once and before anything was started', async () => {
    await Promise.all([stopEsbuild(), stopEsbuild()]);
    await stopEsbuild();
  });

  it('lets the next use start again, also while it is stopping', async () => {
    const stopping = stopEsbuild();
    assert.equal(await transform('let a: 1'), 'let a;\n');
    await stopping;
    assert.equal(await transform('let b: 1'), 'let b;\n');
  });

  it('does not wait for failures for ever', async () => {
    const failing = transform('let =');
    await Promise.all([stopEsbuild(), assert.rejects(failing)]);
  });

  it('ends the process of esbuild', async () => {
    const body = `
      const { withEsbuild, stopEsbuild } = await import(url);
      ${WATCH_CHILDREN}
      await withEsbuild((esbuild) => esbuild.transform('1'));
      const [child] = children;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      await stopEsbuild();
      child.ref();
      await ended;
      console.log(children.length, 'ended');`;
    assert.equal(await runAlone(body), '1 ended');
  });

  it('starts nothing, and neither does importing', async () => {
    const body = `
      ${WATCH_CHILDREN}
      const { stopEsbuild } = await import(url);
      const before = children.length;
      await stopEsbuild();
      console.log(children.length - before);`;
    assert.equal(await runAlone(body), '0');
  });
});
