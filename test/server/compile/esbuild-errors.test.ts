import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Message } from '../../../src/server/compile/esbuild.ts';
import { describeMessage, toHmrError } from '../../../src/server/compile/esbuild-errors.ts';
import { HmrError } from '../../../src/server/errors.ts';

type Location = NonNullable<Message['location']>;

function message(text: string, location: Partial<Location> | null = {}, more: Partial<Message> = {}): Message {
  const whole = { file: 'x', namespace: '', line: 1, column: 0, length: 1, lineText: '', suggestion: '' };
  return { id: '', pluginName: '', text, location: location && { ...whole, ...location }, notes: [], detail: undefined, ...more };
}

const failed = (...errors: Message[]): Error => Object.assign(new Error('Build failed'), { errors, warnings: [] });
const at = (file: string): { filePath: string; source: string } => ({ filePath: `/site/${file}`, source: 'one\ntwo\n' });

function hmrError(failure: unknown): HmrError {
  const error = toHmrError(failure, at);
  assert.ok(error instanceof HmrError);
  return error;
}

describe('columns', () => {
  const cases: [lineText: string, byteColumn: number, column: number][] = [
    ['abc', 0, 1],
    ['abc', 2, 3],
    ['é = ;', 5, 5],
    ['"😀" ;', 7, 6],
    ['\tx', 1, 2],
  ];
  for (const [lineText, column, expected] of cases) {
    it(`byte ${column} of ${JSON.stringify(lineText)} is column ${expected}`, () => {
      assert.equal(describeMessage(message('', { lineText, column }), at).location?.column, expected);
    });
  }
});

describe('describeMessage', () => {
  it('asks what file a name stands for', () => {
    const { location, frame } = describeMessage(message('no', { file: 'a.ts', line: 2, column: 1, lineText: 'two' }), at);
    assert.deepEqual(location, { file: '/site/a.ts', line: 2, column: 2 });
    assert.match(frame ?? '', /> 2 \| two/);
  });

  it('has no frame without the source', () => {
    assert.equal(describeMessage(message('no'), () => ({ filePath: '/a', source: undefined })).frame, undefined);
  });

  it('has no place where esbuild gives none', () => {
    assert.deepEqual(describeMessage(message('no', null), at), { message: 'no', location: undefined, frame: undefined });
  });
});

describe('toHmrError', () => {
  it('is the first of several, and tells the others', () => {
    const error = hmrError(failed(message('first'), message('second', { file: 'b.ts', line: 2 }), message('third', null)));
    assert.equal(error.message, 'first\n/site/b.ts:2:1: second\nthird');
  });

  it('takes what a note explains for the hint', () => {
    const notes = [
      { text: 'It was here:', location: { ...message('').location, line: 7 } as Location },
      { text: 'Use the other one.', location: null },
    ];
    assert.equal(hmrError(failed(message('no', {}, { notes }))).hint, 'Use the other one.');
    assert.equal(hmrError(failed(message('no', {}, { notes: notes.slice(0, 1) }))).hint, 'It was here (line 7)');
  });

  it('takes what is missing for the hint', () => {
    assert.equal(hmrError(failed(message('Expected ";"', { suggestion: ';' }))).hint, 'Put ; there.');
  });

  it('gives an error of our own plugin the place', () => {
    const detail = new HmrError('RESOLVE', 'not there', { hint: 'look' });
    const error = hmrError(failed(message('plugin failed', { file: 'a.css', line: 2 }, { detail })));
    assert.deepEqual([error.code, error.message, error.hint, error.location?.line], ['RESOLVE', 'not there', 'look', 2]);
  });

  it('leaves other failures as they are', () => {
    const crash = new Error('The service was stopped');
    assert.equal(toHmrError(crash, at), crash);
    const empty = failed();
    assert.equal(toHmrError(empty, at), empty);
    assert.equal(toHmrError('text', at), 'text');
  });

  it('keeps the original', () => {
    const failure = failed(message('no'));
    assert.equal(hmrError(failure).cause, failure);
  });
});
