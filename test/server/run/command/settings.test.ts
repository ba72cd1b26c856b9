/**
 * Files whose change restarts a program: a change is another content than the process had that runs.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSettings } from '../../../../src/server/run/command/settings.ts';
import { fixture } from '../../../harness/fixture.ts';

test('a setting that is saved with another content, comes or goes has changed; one that is saved as it was has not', async () => {
  await using folder = await fixture({ '.env': 'A=1', 'package.json': '{}', 'more.env': 'B=1' });
  const settings = createSettings(folder.path, ['more.env']);
  settings.note();
  const changed = (name: string): boolean => settings.changedOf([folder.resolve('server.mjs'), folder.resolve(name)]) !== undefined;
  await folder.write('.env', 'A=1');
  assert.equal(changed('.env'), false);
  await folder.write('.env', 'A=2');
  assert.equal(changed('.env'), true);
  await folder.write('tsconfig.json', '{}');
  assert.equal(changed('tsconfig.json'), true);
  await folder.remove('package.json');
  assert.equal(changed('package.json'), true);
  await folder.write('more.env', 'B=2');
  assert.equal(changed('more.env'), true);
  assert.equal(changed('server.mjs'), false);
  settings.note();
  assert.equal(changed('.env'), false);
});
