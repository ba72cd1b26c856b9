import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { defaultText, FLAGS, OPTIONS, optionsOfFlags, resolveOptions, type ResolvedOptions } from '../../../src/server/config/config.ts';
import { type ErrorCode, HmrError } from '../../../src/server/errors.ts';
import { REPOSITORY } from '../../harness/built.ts';
import { fixture } from '../../harness/fixture.ts';

function failure(act: () => unknown, code: ErrorCode): HmrError {
  try {
    act();
  } catch (error) {
    assert.ok(error instanceof HmrError, String(error));
    assert.equal(error.code, code);
    return error;
  }
  assert.fail('it should have thrown');
}

const resolveFlags = (flags: Readonly<Record<string, unknown>>): ResolvedOptions => resolveOptions(optionsOfFlags(flags));
const flag = (name: string, value: unknown): unknown => resolveFlags({ [name]: value });
const refused = (name: string, value: unknown): void => void failure(() => flag(name, value), 'OPTION');

describe('defaults', () => {
  test('every option has one', () => {
    const options = resolveOptions();
    assert.equal(options.root, fs.realpathSync('.'));
    assert.equal(options.rootName, path.basename(process.cwd()));
    for (const { key, default: value } of OPTIONS) assert.deepEqual(options[key], value, key);
  });
  test('undefined means default', () => assert.equal(resolveOptions({ port: undefined }).port, 4670));
  test('resolving twice changes nothing', () => {
    const once = resolveOptions({ host: true, ignore: 'a,b', port: 0, logLevel: 'silent' });
    assert.deepEqual(resolveOptions(once), { ...once });
  });
  test('only what is worth saying is shown as default', () => {
    const shown = Object.fromEntries(OPTIONS.map((option) => [option.flag, defaultText(option)]));
    assert.deepEqual(shown['port'], '4670');
    assert.deepEqual(shown['spa'], '');
    assert.deepEqual(shown['ignore'], '');
  });
});

describe('the API takes', () => {
  test('a base in any spelling', () => {
    for (const base of ['/app/', '/app', 'app']) assert.equal(resolveOptions({ base }).base, '/app/');
  });
  test('numbers, booleans and lists', () => {
    const options = resolveOptions({ port: 8080, strictPort: true, spa: true, ignore: ['a', 'b,c'], allowedHosts: 'x.test' });
    assert.equal(options.port, 8080);
    assert.equal(options.strictPort, true);
    assert.equal(options.spa, true);
    assert.deepEqual(options.ignore, ['a', 'b', 'c']);
    assert.deepEqual(options.allowedHosts, ['x.test']);
  });
  test('a logger, and hands it on', () => {
    const { logger } = resolveOptions({ logLevel: 'silent' });
    assert.equal(logger.level, 'silent');
    assert.equal(resolveOptions({ logger }).logger, logger);
  });
});

describe('--port', () => {
  for (const [text, port] of [
    ['0', 0],
    ['80', 80],
    ['65535', 65535],
    ['0080', 80],
  ] as const) {
    test(`${text} is ${port}`, () => assert.equal(resolveFlags({ port: text }).port, port));
  }
  for (const wrong of ['65536', '-1', '3.5', '1e3', 'x', '', ' 80', false, true, Number.NaN]) {
    test(`${JSON.stringify(wrong)} is refused`, () => {
      assert.match(failure(() => flag('port', wrong), 'OPTION').message, /--port takes a whole number from 0 to 65535; it (is|has)/);
    });
  }
  test('an empty value is called missing', () => assert.match(failure(() => flag('port', ''), 'OPTION').message, /it has no value\.$/));
});

describe('--host', () => {
  for (const host of ['localhost', '127.0.0.1', '0.0.0.0', '::', '::1', 'fe80::1%eth0', 'dev.example.test', 'my_box', '::ffff:10.0.0.1']) {
    test(`${host} is taken`, () => assert.equal(resolveFlags({ host }).host, host));
  }
  test('without a value it means all addresses', () => {
    assert.equal(resolveFlags({ host: '' }).host, '0.0.0.0');
    assert.equal(resolveOptions({ host: true }).host, '0.0.0.0');
  });
  for (const wrong of ['./src', '.', '..', '/src', 'a b', 'http://x', 'x:80/', 7]) {
    test(`${JSON.stringify(wrong)} is refused, with the way out`, () => {
      assert.match(failure(() => flag('host', wrong), 'OPTION').hint ?? '', /--host/);
    });
  }
});

describe('lists', () => {
  const cases: [unknown, string[]][] = [
    ['a', ['a']],
    ['a,b', ['a', 'b']],
    [' a , b ,', ['a', 'b']],
    [
      ['a', 'b,c'],
      ['a', 'b', 'c'],
    ],
    ['*.{log,tmp},dist', ['*.{log,tmp}', 'dist']],
  ];
  for (const [given, expected] of cases) {
    test(JSON.stringify(given), () => assert.deepEqual(resolveFlags({ ignore: given }).ignore, expected));
  }
  test('an empty entry is refused', () => refused('ignore', ''));
  test('a number is refused', () => refused('allowed-hosts', [3]));
  test('a base that is an address is refused', () => refused('base', 'https://host/app/'));
});

describe('the other options', () => {
  test('a wrong level is answered with the right one', () => {
    const error = failure(() => flag('log-level', 'inof'), 'OPTION');
    assert.match(error.message, /one of silent, error, warn, info, debug/);
    assert.match(error.hint ?? '', /--log-level info/);
  });
  test('a switch takes no text', () => refused('spa', 'maybe'));
});

describe('the folder', () => {
  test('is made a real path, and keeps the name it was given', async () => {
    await using folder = await fixture({ 'real/index.html': '' });
    fs.symlinkSync(folder.resolve('real'), folder.resolve('link'));
    const options = resolveOptions({ root: folder.resolve('link') });
    assert.equal(options.root, folder.resolve('real'));
    assert.equal(options.rootName, 'link');
  });
  test('that is missing is an error that names one with a similar name', async () => {
    await using folder = await fixture({ 'src/a.js': '', 'dist/a.js': '', scr2: 'a file' });
    const error = failure(() => resolveOptions({ root: folder.resolve('scr') }), 'ROOT');
    assert.match(error.message, /does not exist/);
    assert.equal(error.hint, `Did you mean "${folder.resolve('src')}"?`);
  });
  test('that is missing with nothing like it tells where we are', async () => {
    await using folder = await fixture();
    const error = failure(() => resolveOptions({ root: folder.resolve('a/b/c') }), 'ROOT');
    assert.ok(error.hint?.includes(process.cwd()));
  });
  test('that is a file leads to its folder', async () => {
    await using folder = await fixture({ 'site/index.html': '' });
    const error = failure(() => resolveOptions({ root: folder.resolve('site/index.html') }), 'ROOT');
    assert.match(error.message, /is a file/);
    assert.ok(error.hint?.endsWith('site'), error.hint);
  });
  test('below a file does not exist', async () => {
    await using folder = await fixture({ 'index.html': '' });
    failure(() => resolveOptions({ root: folder.resolve('index.html/x') }), 'ROOT');
  });
  test('with a NUL in its name is refused', () => {
    failure(() => resolveOptions({ root: 'a\0b' }), 'ROOT');
  });
});

describe('the declaration', () => {
  test('has each key, flag and letter once', () => {
    for (const field of ['key', 'flag', 'short'] as const) {
      const values = OPTIONS.map((option) => option[field]).filter((value) => value !== undefined);
      assert.equal(new Set(values).size, values.length, field);
    }
  });
  test('is what the README shows', (t) => {
    const readme = path.join(REPOSITORY, 'README.md');
    if (!fs.existsSync(readme)) return t.skip('there is no README yet');
    const rows = FLAGS.map((option) => {
      const names = option.short === undefined ? `\`--${option.flag}\`` : `\`--${option.flag}\`, \`-${option.short}\``;
      const value = defaultText(option);
      return `| ${names} | ${value && `\`${value}\``} | ${option.description} |`;
    });
    // Column widths are the formatter's business.
    const squeeze = (text: string): string => text.replace(/ +/g, ' ');
    const text = squeeze(fs.readFileSync(readme, 'utf8'));
    const missing = rows.filter((row) => !text.includes(squeeze(row)));
    assert.deepEqual(missing, [], `README.md lacks these rows:\n${missing.join('\n')}`);
  });
});
