import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPageSources, type PageSource } from '../../src/server/page-sources.ts';

const page = (written: string, linked = written): PageSource => ({ written: Buffer.from(written), linked: Buffer.from(linked) });
const FILE = '/index.html';

test('a page is asked for by the hash that it was served with, and is what it was linked to', () => {
  const sources = createPageSources();
  const hash = sources.remember(FILE, page('<p>one', '<p>linked'));
  assert.equal(String(sources.content({ file: FILE, hash })?.body), '<p>linked');
  assert.equal(sources.content({ file: FILE, hash })?.type, 'text/html; charset=utf-8');
  assert.equal(sources.content({ file: '/other.html', hash }), undefined);
});

test('what became of a page: a version to ask for, an unfinished one, or none', () => {
  const sources = createPageSources();
  const hash = sources.remember(FILE, page('<p>one</p>'));
  const answer = sources.ask({ file: FILE, hash }, page('<p>two</p>'));
  assert.ok(answer.kind === 'page' && answer.isOldKnown);
  assert.equal(String(sources.content({ file: FILE, hash: answer.hash })?.body), '<p>two</p>');
  assert.equal(sources.ask({ file: FILE, hash }, page('<p>two</p')).kind, 'unfinished');
  assert.deepEqual(sources.ask({ file: FILE, hash }, undefined), { kind: 'gone' });
  const unknown = sources.ask({ file: FILE, hash: 'of another run' }, page('<p>two</p>'));
  assert.ok(unknown.kind === 'page' && !unknown.isOldKnown);
});

test('an end tag that two saves leave out is left out, for every tab; after a finished file it takes two again', () => {
  const sources = createPageSources();
  const hash = sources.remember(FILE, page('<body>one</body>'));
  const kindOf = (html: string): string => sources.ask({ file: FILE, hash }, page(html)).kind;
  assert.equal(kindOf('<body>two'), 'unfinished');
  assert.deepEqual([kindOf('<body>three'), kindOf('<body>three')], ['page', 'page']);
  assert.equal(kindOf('<body>four</body>'), 'page');
  assert.equal(kindOf('<body>five'), 'unfinished');
});

test('a page too large to be kept is the same, or one to load again', () => {
  const sources = createPageSources();
  const large = (text: string): PageSource => page(`<p>${text}</p>`.repeat(700_000));
  const hash = sources.remember(FILE, large('one'));
  assert.equal(sources.ask({ file: FILE, hash }, large('one')).kind, 'page');
  assert.deepEqual(sources.ask({ file: FILE, hash }, large('two')), {
    kind: 'large',
    reason: 'it is larger than 4 MB, more than is merged',
  });
});

test('what noscript holds is left out', () => {
  const sources = createPageSources();
  const hash = sources.remember(FILE, page('<head><noscript><img src="x"></noscript><body>a'));
  assert.equal(String(sources.content({ file: FILE, hash })?.body), '<head><noscript></noscript><body>a');
});

test('memory is bounded', () => {
  const sources = createPageSources();
  const hash = sources.remember(FILE, page('first'));
  for (let version = 0; version < 100; version++) sources.remember(FILE, page(`version ${version}`));
  assert.equal(sources.content({ file: FILE, hash }), undefined);
});
