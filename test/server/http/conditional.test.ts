import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, test } from 'node:test';
import { contentETag, fileETag, isNotModified, isRangeCurrent } from '../../../src/server/http/conditional.ts';
import { fixture } from '../../harness/fixture.ts';
import { ONCE_ONLY } from './site.ts';

function request(headers: Record<string, string>): IncomingMessage {
  const req = new IncomingMessage(new Socket());
  Object.assign(req.headers, headers);
  return req;
}

describe('If-None-Match', () => {
  const cases: [header: string, matches: boolean][] = [
    ['"a"', true],
    ['W/"a"', true],
    ['"b", "a"', true],
    ['"b",W/"a" , "c"', true],
    ['"x,y", "a"', true],
    ['*', true],
    [' * ', true],
    ['"b"', false],
    ['a', false],
    ['', false],
    ['"A"', false],
    ['"b" "', false],
  ];
  for (const [header, matches] of cases) {
    test(header, () => assert.equal(isNotModified(request({ 'if-none-match': header }), '"a"', 0), matches));
  }

  test('wins over If-Modified-Since', () => {
    const headers = { 'if-none-match': '"b"', 'if-modified-since': new Date().toUTCString() };
    assert.equal(isNotModified(request(headers), '"a"', 0), false);
  });
});

describe('If-Modified-Since', () => {
  const modifiedMs = Date.UTC(2024, 4, 5, 6, 7, 8, 900);
  const cases: [header: string, isNotModified: boolean][] = [
    [new Date(modifiedMs).toUTCString(), true],
    [new Date(modifiedMs + 5000).toUTCString(), true],
    [new Date(modifiedMs - 1000).toUTCString(), false],
    ['yesterday', false],
    ['', false],
  ];
  for (const [header, expected] of cases) {
    test(header, () => assert.equal(isNotModified(request({ 'if-modified-since': header }), '"a"', modifiedMs), expected));
  }
  test('says nothing of a page made in memory', () => {
    assert.equal(isNotModified(request({ 'if-modified-since': new Date().toUTCString() }), '"a"', null), false);
  });
});

describe('If-Range', () => {
  const modifiedMs = Date.UTC(2024, 4, 5, 6, 7, 8);
  test('without it a range counts', () => assert.equal(isRangeCurrent(request({}), '"a"', modifiedMs), true));
  const cases: [header: string, isCurrent: boolean][] = [
    ['"a"', true],
    [new Date(modifiedMs).toUTCString(), true],
    ['W/"a"', false],
    ['"b"', false],
    [new Date(modifiedMs + 1000).toUTCString(), false],
    ['', false],
  ];
  for (const [header, isCurrent] of cases) {
    test(header, () => assert.equal(isRangeCurrent(request({ 'if-range': header }), '"a"', modifiedMs), isCurrent));
  }
});

describe('the tag of a file', () => {
  test('is the same until the file changes, even if size and modification time are put back', async () => {
    await using folder = await fixture({ 'a.js': 'one' });
    const file = folder.resolve('a.js');
    const old = new Date(2020, 1, 1);
    const tag = async (): Promise<string> => fileETag(await fs.stat(file, { bigint: true }), Date.now() + 60_000);
    await fs.utimes(file, old, old);
    const first = await tag();
    assert.equal(await tag(), first);
    await folder.atomicWrite('a.js', 'two');
    await fs.utimes(file, old, old);
    assert.notEqual(await tag(), first);
  });

  test('never matches twice while the clock of the file system may stand still', async () => {
    await using folder = await fixture({ 'a.js': 'one' });
    const stats = await fs.stat(folder.resolve('a.js'), { bigint: true });
    const now = Number(stats.ctimeMs);
    assert.notEqual(fileETag(stats, now + 1), fileETag(stats, now + 1));
    assert.equal(fileETag(stats, now + 1000), fileETag(stats, now + 1000));
    assert.match(fileETag(stats, now), ONCE_ONLY);
    assert.doesNotMatch(fileETag(stats, now + 1000), ONCE_ONLY);
  });
});

test('the tag of a page follows its bytes', () => {
  assert.equal(contentETag(Buffer.from('a')), contentETag(Buffer.from('a')));
  assert.notEqual(contentETag(Buffer.from('a')), contentETag(Buffer.from('b')));
  assert.match(contentETag(Buffer.from('')), /^"[\w-]+"$/);
});
