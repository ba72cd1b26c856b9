import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { envFiles, envFolder, readPublicEnv } from '../../../src/server/config/env-files.ts';
import { fixture, type FixtureFiles } from '../../harness/fixture.ts';

interface Read {
  readonly env: Record<string, string>;
  readonly warnings: readonly string[];
}

async function read(files: string | FixtureFiles, environment: NodeJS.ProcessEnv = {}, prefixes = ['P_']): Promise<Read> {
  await using folder = await fixture(typeof files === 'string' ? { '.env': files } : files);
  const warnings: string[] = [];
  const env = readPublicEnv({ folder: folder.path, mode: 'dev', prefixes, environment, warn: (message) => void warnings.push(message) });
  return { env, warnings };
}

/** Text of a file, what is public of it, lines that are warned of. */
const TEXTS: readonly (readonly [string, string, Record<string, string>, number[]])[] = [
  ['plain', 'P_A=1\nP_B = two words \n', { P_A: '1', P_B: 'two words' }, []],
  ['comments and blank lines', '# no\n\n  # P_X=1\nP_A=1 # why\nP_B="#2"\n', { P_A: '1', P_B: '#2' }, []],
  ['export', 'export P_A=1', { P_A: '1' }, []],
  ['quotes in quotes', `P_A="it's"\nP_B='say "hi"'\nP_C=\`'"\``, { P_A: `it's`, P_B: 'say "hi"', P_C: `'"` }, []],
  ['an apostrophe', `P_A=it's\nP_B=2`, { P_A: `it's`, P_B: '2' }, []],
  ['several lines', `P_A="a\nb c\n"\nP_B='x\ny'\nP_C=\`k\nl\`\nP_D=4`, { P_A: 'a\nb c\n', P_B: 'x\ny', P_C: 'k\nl', P_D: '4' }, []],
  ['\\n in double quotes only', String.raw`P_A="a\nb"` + '\n' + String.raw`P_B='a\nb'`, { P_A: 'a\nb', P_B: String.raw`a\nb` }, []],
  ['a file of Windows', '\uFEFFP_A=1\r\nP_B="x"\r\n', { P_A: '1', P_B: 'x' }, []],
  ['empty values', 'P_A=\nP_B=""', { P_A: '', P_B: '' }, []],
  ['an equals sign', 'P_A=a=b==', { P_A: 'a=b==' }, []],
  ['the last one of a name', 'P_A=1\nP_A=2', { P_A: '2' }, []],
  ['stray lines, which do not spoil the next', 'stray\n\nP_A=1\n- P_B=2\nP C=3\n=4\nP_D=5\nstray', { P_A: '1', P_D: '5' }, [1, 4, 5, 6, 8]],
  ['lines after one of several', 'P_A="\n\n"\nstray', { P_A: '\n\n' }, [4]],
  ['nothing', '', {}, []],
  ['only what is public', 'A=1\nXP_B=2\np_c=3\nP_=4\nP=5', { P_: '4' }, []],
];

describe('one file', () => {
  for (const [name, text, env, lines] of TEXTS) {
    test(name, async () => {
      const found = await read(text);
      assert.deepEqual(found.env, env);
      assert.deepEqual(
        found.warnings,
        lines.map((line) => `.env:${line} is not NAME=value and was passed over.`),
      );
    });
  }
});

describe('values that name others', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['before and after', 'A=1\nP_X=$A-${B}\nB=2', '1-2'],
    ['through another', 'A=$B\nB=end\nP_X=$A', 'end'],
    ['of the process', 'P_X=$HERE', 'there'],
    ['nowhere', 'P_X=a$NOPE', 'a'],
    ['a dollar sign', String.raw`P_X=\$A`, '$A'],
    ['a circle', 'A=$B\nB=$A\nP_X=x$A', 'x'],
    ['prices', 'P_X=5$', '5$'],
  ];
  for (const [name, text, value] of cases) {
    test(name, async () => assert.equal((await read(text, { HERE: 'there' })).env['P_X'], value));
  }
});

test('later files win, and the process wins over all, as it is', async () => {
  const files = {
    '.env': 'P_1=a\nP_2=a\nP_3=a\nP_4=a\nP_5=a',
    '.env.local': 'P_2=b\nP_3=b\nP_4=b',
    '.env.dev': 'P_3=c\nP_4=c',
    '.env.dev.local': 'P_4=d',
    '.env.other': 'P_1=no',
  };
  const { env } = await read(files, { P_5: '$P_1', P_6: 'f', SECRET: 'x' });
  assert.deepEqual(env, { P_1: 'a', P_2: 'b', P_3: 'c', P_4: 'd', P_5: '$P_1', P_6: 'f' });
});

test('several prefixes', async () => {
  assert.deepEqual((await read('A_1=1\nB_1=2\nC_1=3', {}, ['A_', 'B_'])).env, { A_1: '1', B_1: '2' });
});

test('the folder: the nearest that has such a file, up to the project’s', async () => {
  await using folder = await fixture({ '.env': '', 'project/package.json': '{}', 'project/a/b/x': '' });
  const at = (name: string): string => folder.resolve(`project/${name}`);
  assert.equal(envFolder(at('a/b'), 'dev'), folder.resolve('project'));
  await folder.write('project/a/.env.dev', '');
  assert.equal(envFolder(at('a/b'), 'dev'), at('a'));
  assert.equal(envFolder(at('a/b'), 'other'), folder.resolve('project'));
  await folder.write('project/a/b/.env.local', '');
  assert.equal(envFolder(at('a/b'), 'dev'), at('a/b'));
  const files = envFiles(at('a/b'), 'dev');
  for (const name of ['.env', 'a/.env.local', 'a/b/.env.dev', 'a/b/.env.dev.local']) assert.ok(files.includes(at(name)), name);
  assert.ok(!files.includes(folder.resolve('.env')));
});
