import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import vm from 'node:vm';
import { createClientFiles } from '../../src/server/client-files.ts';
import { HmrError } from '../../src/server/errors.ts';
import { ensureBuilt } from '../harness/built.ts';
import { fixture } from '../harness/fixture.ts';

/** Without the map that keeps debuggers out. */
const textOf = ({ content }: { readonly content: Buffer }): string => content.toString().split('\n//# sourceMappingURL=')[0] ?? '';

describe('client files', () => {
  test('are read once and kept', async () => {
    await using folder = await fixture({ 'client.js': 'one' });
    const files = createClientFiles({ folder: folder.path });
    const first = files.get('client.js');
    assert.equal(textOf(first), 'one');
    await folder.write('client.js', 'two');
    assert.equal(files.get('client.js'), first);
  });
  test('have an etag that follows the content', async () => {
    await using folder = await fixture({ 'client.js': 'one', 'api.js': 'one', 'stream-worker.js': 'two' });
    const files = createClientFiles({ folder: folder.path });
    assert.match(files.get('client.js').etag, /^"[\w-]{22}"$/);
    assert.equal(files.get('client.js').etag, files.get('api.js').etag);
    assert.notEqual(files.get('client.js').etag, files.get('stream-worker.js').etag);
  });
  test('say where the server is, and have another etag then', async () => {
    await using folder = await fixture({ 'client.js': 'const base="hmr-dev-base:/".slice(13);', 'api.js': 'const base="/";' });
    const [root, app] = [createClientFiles({ folder: folder.path }), createClientFiles({ folder: folder.path, base: "/$&'/app/" })];
    assert.equal(textOf(root.get('client.js')), 'const base="hmr-dev-base:/".slice(13);');
    assert.equal(textOf(app.get('client.js')), 'const base="hmr-dev-base:/$&\'/app/".slice(13);');
    assert.notEqual(app.get('client.js').etag, root.get('client.js').etag);
    assert.equal(app.get('api.js').etag, root.get('api.js').etag);
  });
  test('are not all needed: one is read when it is asked for', async () => {
    await using folder = await fixture({ 'client.js': 'one' });
    assert.equal(textOf(createClientFiles({ folder: folder.path }).get('client.js')), 'one');
  });
  test('a missing one is an error that says how to get it', async () => {
    await using folder = await fixture();
    const files = createClientFiles({ folder: folder.path });
    assert.throws(
      () => files.get('client.js'),
      (error) =>
        error instanceof HmrError && error.code === 'READ' && error.message.includes(folder.path) && /npm run build/.test(error.hint ?? ''),
    );
    // And is found once it is there.
    await folder.write('client.js', 'built');
    assert.equal(textOf(files.get('client.js')), 'built');
  });
  test('of this package are found from the sources, as scripts that hold', async () => {
    await ensureBuilt();
    const { content } = createClientFiles().get('stream-worker.js');
    assert.ok(new vm.Script(content.toString()));
  });
});
