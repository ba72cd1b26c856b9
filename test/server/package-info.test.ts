import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { packageRoot, packageVersion } from '../../src/server/package-info.ts';
import { REPOSITORY } from '../harness/built.ts';

test('the package root is the folder of package.json', () => {
  assert.equal(path.resolve(packageRoot()), path.resolve(REPOSITORY));
});

test('the version is the one in package.json', () => {
  const manifest: unknown = JSON.parse(fs.readFileSync(path.join(REPOSITORY, 'package.json'), 'utf8'));
  assert.deepEqual(manifest, { ...(manifest as object), version: packageVersion() });
});
