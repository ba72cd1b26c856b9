import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { createLinkCache, type CachedLink, type LinkCache } from '../../../src/server/compile/link-cache.ts';
import type { LinkSourceOptions } from '../../../src/server/compile/link-source.ts';
import { fixture } from '../../harness/fixture.ts';

const optionsFor = (file: string, more: Partial<LinkSourceOptions> = {}): LinkSourceOptions => ({
  file,
  loader: 'ts',
  tsconfigRaw: {},
  ...more,
});

const sources = Array.from({ length: 5 }, (_, n) => `import { a } from './a'; export const b${n}: number = a + ${n};`);

async function linkAll(cache: LinkCache): Promise<CachedLink[]> {
  return Promise.all(sources.map((source, n) => cache.link(source, optionsFor(`/site/${n}.ts`))));
}

describe('linked modules on disk', () => {
  it('are the same at the next start, and were not linked again', async () => {
    await using folder = await fixture();
    const filePath = folder.resolve('deep/cache.txt');
    const first = createLinkCache({ filePath, minimum: 5 });
    const linked = await linkAll(first);
    first.close();
    // What the file says is what is handed out.
    const text = await readFile(filePath, 'utf8');
    await folder.write('deep/cache.txt', text.replaceAll('b3', 'b3_kept'));
    const second = createLinkCache({ filePath, minimum: 5 });
    const again = await linkAll(second);
    assert.deepEqual(again.slice(0, 3), linked.slice(0, 3));
    assert.deepEqual(again[3]?.linked.exports, ['b3_kept']);
    second.close();
    assert.equal((await stat(filePath)).mode & 0o077, 0);
  });

  it('are another when text, name, language or tsconfig are another', async () => {
    await using folder = await fixture();
    const filePath = folder.resolve('cache.txt');
    const source = 'export const view = <a />;';
    const jsx = (compilerOptions: object) => ({ loader: 'tsx' as const, tsconfigRaw: { compilerOptions } });
    const cases = [
      optionsFor('/site/a.tsx', jsx({ jsx: 'react-jsx' })),
      optionsFor('/site/a.tsx', jsx({ jsx: 'react' })),
      optionsFor('/site/b.tsx', jsx({ jsx: 'react' })),
      optionsFor('/site/b.tsx', jsx({ jsx: 'react', jsxFactory: 'h' })),
    ];
    const first = createLinkCache({ filePath, minimum: 1 });
    for (const options of cases) await first.link(source, options);
    first.close();
    assert.equal((await readFile(filePath, 'utf8')).trim().split('\n').length, 1 + cases.length);
    const second = createLinkCache({ filePath, minimum: 1 });
    const factories = [];
    for (const options of cases) factories.push((await second.link(source, options)).linked.factory);
    assert.match(factories[0] ?? '', /jsx/);
    assert.match(factories[1] ?? '', /React\.createElement/);
    assert.match(factories[3] ?? '', /h\("a"/);
    second.close();
  });

  it('are linked anew where the file was cut off, spoilt, or made by another build', async () => {
    await using folder = await fixture();
    const filePath = folder.resolve('cache.txt');
    const first = createLinkCache({ filePath, minimum: 5 });
    const linked = await linkAll(first);
    first.close();
    const text = await readFile(filePath, 'utf8');
    for (const spoilt of [text.slice(0, text.length - 40), text.replace(/^.*/, 'hmr-dev 1 v0'), text.replaceAll('{', '['), '', '\n\n \n']) {
      await folder.write('cache.txt', spoilt);
      const cache = createLinkCache({ filePath, minimum: 5 });
      assert.deepEqual(await linkAll(cache), linked);
      cache.close();
    }
  });

  it('lose what nobody asks for any more, and gain what comes later', async () => {
    await using folder = await fixture();
    const filePath = folder.resolve('cache.txt');
    const lines = async (): Promise<number> => (await readFile(filePath, 'utf8')).trim().split('\n').length;
    const first = createLinkCache({ filePath, minimum: 2 });
    await linkAll(first);
    first.close();
    assert.equal(await lines(), 6);
    const second = createLinkCache({ filePath, minimum: 2 });
    await second.link(sources[0] ?? '', optionsFor('/site/0.ts'));
    await second.link('export const later = 1;', optionsFor('/site/later.ts'));
    second.close();
    assert.equal(await lines(), 3);
    await second.link('export const latest = 1;', optionsFor('/site/latest.ts'));
    second.close();
    assert.equal(await lines(), 4);
  });

  it('are none for a few modules, for what asks where it is, and where nothing can be written', async () => {
    await using folder = await fixture({ file: '' });
    const few = createLinkCache({ filePath: folder.resolve('few.txt') });
    await linkAll(few);
    few.close();
    await assert.rejects(stat(folder.resolve('few.txt')));
    const here = createLinkCache({ filePath: folder.resolve('here.txt'), minimum: 1 });
    await here.link('export const a = new URL("./a.png", import.meta.url);', optionsFor('/site/a.ts'));
    await here.link('export const a = import.meta.glob("./*.ts");', optionsFor('/site/b.ts'));
    here.close();
    await assert.rejects(stat(folder.resolve('here.txt')));
    const nowhere = createLinkCache({ filePath: folder.resolve('file/cache.txt'), minimum: 1 });
    assert.equal((await linkAll(nowhere)).length, 5);
    nowhere.close();
  });
});
