import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { createFileOpener, isExactName, type FileOpener } from '../../../src/server/http/open-file.ts';
import { fixture, type Fixture } from '../../harness/fixture.ts';
import { openFilesBelow } from './raw-http.ts';

/** `app/` is served; everything beside it is not. */
async function project(): Promise<Fixture & { opener: FileOpener; root: string }> {
  const folder = await fixture({
    'app/a.js': 'a',
    'app/sub/b.js': 'b',
    'app/.env': 'SECRET',
    'app/tls/server.pem': 'SECRET',
    'app/node_modules/.store/lib/index.js': 'lib',
    'app-old/a.js': 'SECRET',
    'secret.txt': 'SECRET',
    'packages/shared/index.js': 'shared',
  });
  const root = folder.resolve('app');
  return { ...folder, root, opener: createFileOpener({ root }) };
}

/** What comes of opening; a handle is read and closed. */
async function outcome(opener: FileOpener, filePath: string): Promise<string> {
  const opened = await opener.open(filePath);
  if (opened.kind === 'refused') return opened.reason;
  if (opened.kind !== 'file') return opened.kind;
  const text = await opened.handle.readFile('utf8');
  await opened.handle.close();
  return `file: ${text}`;
}

describe('a plain path', () => {
  test('files, folders, nothing', async () => {
    await using folder = await project();
    const at = (name: string): Promise<string> => outcome(folder.opener, path.join(folder.root, name));
    assert.equal(await at('a.js'), 'file: a');
    assert.equal(await at('sub/b.js'), 'file: b');
    assert.equal(await at('sub'), 'directory');
    assert.equal(await at('none.js'), 'missing');
    assert.equal(await at('a.js/b'), 'missing');
    assert.equal(await at('x'.repeat(300)), 'missing');
    assert.equal(await at(`${'x/'.repeat(3000)}x`), 'missing');
    assert.equal(await at('a.js\0.png'), 'missing');
  });

  test('tells what it opened', async () => {
    await using folder = await project();
    const opened = await folder.opener.open(path.join(folder.root, 'a.js'));
    assert.ok(opened.kind === 'file');
    assert.deepEqual([opened.stats.size, opened.realPath], [1n, path.join(folder.root, 'a.js')]);
    await opened.handle.close();
  });

  test('outside, private', async () => {
    await using folder = await project();
    const at = (name: string): Promise<string> => outcome(folder.opener, path.join(folder.root, name));
    assert.equal(await at('../secret.txt'), 'outside');
    assert.equal(await at('../app-old/a.js'), 'outside');
    assert.equal(await at('.env'), 'private');
    assert.equal(await at('tls/server.pem'), 'private');
  });
});

describe('symlinks', () => {
  test('are followed inside, and not outside', async () => {
    await using folder = await project();
    const link = async (target: string, name: string): Promise<string> => {
      await fs.symlink(target, path.join(folder.root, name));
      return outcome(folder.opener, path.join(folder.root, name));
    };
    assert.equal(await link('a.js', 'link.js'), 'file: a');
    assert.equal(await link('a.js', 'A.js'), 'file: a'); // another case, and right on Linux
    assert.equal(await link('../secret.txt', 'public.txt'), 'outside');
    assert.equal(await link('/etc/passwd', 'passwd.txt'), 'outside');
    assert.equal(await link('../app-old/a.js', 'old.js'), 'outside');
    assert.equal(await link('.env', 'env.txt'), 'private');
    assert.equal(await link('tls/server.pem', 'cert.txt'), 'private');
    assert.equal(await link('nowhere', 'broken.js'), 'missing');
    assert.equal(await link('loop.js', 'loop.js'), 'missing');
    assert.equal(await link('sub', 'folder'), 'directory');
    assert.equal(await link('.store/lib', 'node_modules/lib'), 'directory');
    assert.equal(await outcome(folder.opener, path.join(folder.root, 'folder/b.js')), 'file: b');
    assert.equal(await outcome(folder.opener, path.join(folder.root, 'node_modules/lib/index.js')), 'file: lib');
  });

  test('a folder of them leads nowhere either', async () => {
    await using folder = await project();
    await fs.symlink('..', path.join(folder.root, 'up'));
    assert.equal(await outcome(folder.opener, path.join(folder.root, 'up/secret.txt')), 'outside');
    assert.equal(await outcome(folder.opener, path.join(folder.root, 'up/app/a.js')), 'file: a');
    assert.equal(await folder.opener.directory(path.join(folder.root, 'up')), null);
    assert.equal(await folder.opener.directory(path.join(folder.root, 'sub')), path.join(folder.root, 'sub'));
    assert.equal(await folder.opener.directory(path.join(folder.root, 'a.js')), null);
    assert.equal(await folder.opener.directory(path.join(folder.root, 'none')), null);
    assert.equal(await folder.opener.directory(folder.root), folder.root);
  });

  test('the allow-set opens single files outside, but no secrets', async () => {
    await using folder = await project();
    const asked: string[] = [];
    const isAllowed = (realPath: string): boolean => asked.push(realPath) > 0 && realPath.startsWith(folder.resolve('packages'));
    const opener = createFileOpener({ root: folder.root, isAllowed });
    await fs.symlink('../../packages/shared', path.join(folder.root, 'node_modules/shared'));
    await folder.write('packages/shared/.env', 'SECRET');
    assert.equal(await outcome(opener, path.join(folder.root, 'node_modules/shared/index.js')), 'file: shared');
    assert.equal(await outcome(opener, folder.resolve('packages/shared/index.js')), 'file: shared');
    assert.equal(await outcome(opener, folder.resolve('packages/shared/.env')), 'private');
    assert.equal(await outcome(opener, folder.resolve('secret.txt')), 'outside');
    assert.ok(asked.every((realPath) => path.isAbsolute(realPath)));
  });

  test('a root that is a link may be pointed elsewhere', async () => {
    await using folder = await fixture({ 'releases/1/a.js': 'one', 'releases/2/a.js': 'two' });
    const root = folder.resolve('current');
    await fs.symlink('releases/1', root);
    const opener = createFileOpener({ root });
    assert.equal(await outcome(opener, path.join(root, 'a.js')), 'file: one');
    await fs.symlink('releases/2', folder.resolve('next'));
    await fs.rename(folder.resolve('next'), root);
    assert.equal(await outcome(opener, path.join(root, 'a.js')), 'file: two');
  });

  test('a link that is swapped all the time never shows the secret', async () => {
    await using folder = await project();
    const link = path.join(folder.root, 'swapped.txt');
    await fs.symlink('a.js', link);
    let isOver = false;
    const swapping = (async () => {
      for (let i = 0; !isOver; i++) {
        await fs.symlink(i % 2 ? 'a.js' : '../secret.txt', `${link}.next`);
        await fs.rename(`${link}.next`, link);
      }
    })();
    const seen = new Set<string>();
    for (let i = 0; i < 400; i++) seen.add(await outcome(folder.opener, link));
    isOver = true;
    await swapping;
    assert.ok(
      [...seen].every((text) => ['file: a', 'outside', 'missing'].includes(text)),
      [...seen].join(),
    );
  });
});

describe('what is no regular file', { skip: process.platform === 'win32' }, () => {
  test('a FIFO without a writer, a device, a socket: refused at once', async () => {
    await using folder = await project();
    execFileSync('mkfifo', [path.join(folder.root, 'pipe')]);
    assert.equal(await outcome(folder.opener, path.join(folder.root, 'pipe')), 'special');
    await fs.symlink('/dev/zero', path.join(folder.root, 'zero'));
    assert.equal(await outcome(folder.opener, path.join(folder.root, 'zero')), 'special');
    const server = net.createServer().listen(path.join(folder.root, 'socket'));
    await once(server, 'listening');
    assert.equal(await outcome(folder.opener, path.join(folder.root, 'socket')), 'special');
    server.close();
  });

  test('no handle is left open, whatever the outcome', async () => {
    await using folder = await project();
    execFileSync('mkfifo', [path.join(folder.root, 'pipe')]);
    await fs.symlink('../secret.txt', path.join(folder.root, 'public.txt'));
    for (const name of ['pipe', 'public.txt', '.env', 'sub', 'none', '../secret.txt'])
      await folder.opener.open(path.join(folder.root, name));
    if (process.platform === 'linux') assert.deepEqual(await openFilesBelow(folder.path), []);
  });
});

describe('names on a file system that ignores case', () => {
  const readNames = async (dirPath: string): Promise<string[]> => (dirPath === '/app' ? ['src', 'Main.ts'] : ['View.ts', 'caf\u00e9.ts']);
  const cases: [filePath: string, realNames: string[], isExact: boolean][] = [
    ['/app/src/View.ts', ['src', 'View.ts'], true],
    ['/app/src/view.ts', ['src', 'View.ts'], false],
    ['/app/SRC/View.ts', ['src', 'View.ts'], false],
    ['/app/main.ts', ['Main.ts'], false],
    ['/app/link/View.ts', ['src', 'View.ts'], true],
    ['/app/link/VIEW.ts', ['src', 'View.ts'], false],
    ['/app/src/cafe\u0301.ts', ['src', 'caf\u00e9.ts'], true],
  ];
  for (const [filePath, realNames, isExact] of cases) {
    test(filePath, async () => assert.equal(await isExactName('/app', filePath, realNames, readNames), isExact));
  }
});
