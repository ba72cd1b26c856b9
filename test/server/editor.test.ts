import assert from 'node:assert/strict';
import { chmod } from 'node:fs/promises';
import { test } from 'node:test';
import { openInEditor } from '../../src/server/editor.ts';
import { HmrError } from '../../src/server/errors.ts';
import { withDeadline } from '../harness/diagnostics.ts';
import { fixture } from '../harness/fixture.ts';

const quiet = { warn() {} };
const ERROR = { key: '', kind: 'program', title: '', message: '' } as const;

test('a file outside the folder, and one that is not there, are refused', async () => {
  await using files = await fixture({ 'app/a.js': '', 'secret.js': '' });
  for (const file of ['../secret.js', 'none.js', '.'])
    await assert.rejects(openInEditor({ file, line: 1, column: 1 }, { root: files.resolve('app'), errors: [], logger: quiet }), HmrError);
});

test('an editor that cannot be started is one warning, and nothing is printed beside it', async (t) => {
  await using files = await fixture({ 'a.js': '' });
  const editor = process.env['LAUNCH_EDITOR'];
  process.env['LAUNCH_EDITOR'] = files.resolve('no-editor');
  t.after(() => (editor === undefined ? delete process.env['LAUNCH_EDITOR'] : (process.env['LAUNCH_EDITOR'] = editor)));
  const print = t.mock.method(process.stdout, 'write');
  const warnings: string[] = [];
  let told: () => void = () => {};
  const warned = new Promise<void>((resolve) => (told = resolve));
  const warn = (message: string): void => {
    warnings.push(message);
    told();
  };
  await openInEditor({ file: 'a.js', line: 3, column: 7 }, { root: files.path, errors: [], logger: { warn } });
  await withDeadline(warned, 'the warning');
  assert.match(warnings.join('\n'), /^No editor could be opened: .*no-editor.*$/);
  assert.doesNotMatch(print.mock.calls.map(({ arguments: [text] }) => String(text)).join(), /Could not open/);
});

for (const [name, root, file, errors] of [
  ['in the folder', '.', 'a.js', []],
  ['beside it, of an error that stands', 'app', '../a.js', [{ ...ERROR, place: { file: '../a.js', line: 3, column: 7 } }]],
] as const) {
  test(`the editor gets the place: ${name}`, async (t) => {
    await using files = await fixture({
      'app/b.js': '',
      'a.js': '',
      code: '#!/bin/sh\nprintf "%s " "$@" > "$(dirname "$0")/args"\nexit 1\n',
    });
    await chmod(files.resolve('code'), 0o755);
    const editor = process.env['LAUNCH_EDITOR'];
    process.env['LAUNCH_EDITOR'] = files.resolve('code');
    t.after(() => (editor === undefined ? delete process.env['LAUNCH_EDITOR'] : (process.env['LAUNCH_EDITOR'] = editor)));
    // It ends with an error, so that its end is heard of.
    const ended = new Promise<void>((resolve) => {
      const logger = { warn: () => resolve() };
      void openInEditor({ file, line: 3, column: 7 }, { root: files.resolve(root), errors, logger });
    });
    await withDeadline(ended, 'the end of the editor');
    assert.match(await files.read('args'), /a\.js:3:7/);
  });
}
