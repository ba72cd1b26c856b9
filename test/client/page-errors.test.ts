import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { test } from 'node:test';
import { createPageErrors, describeError, isForeign } from '../../src/client/page-errors.ts';
import type { PageErrors } from '../../src/client/page-errors.ts';
import { REPORT_PATH } from '../../src/protocol.ts';
import type { ErrorReport, PageErrorReport } from '../../src/protocol.ts';

interface Scene {
  readonly target: EventTarget;
  readonly errors: PageErrors;
  readonly sent: PageErrorReport[];
  /** Resolves with the next report that reaches the overlay. */
  next(): Promise<ErrorReport>;
  answer: (report: PageErrorReport) => Promise<unknown>;
  now: number;
}

function scene(): Scene {
  const target = new EventTarget();
  const shown = new EventEmitter();
  const sent: PageErrorReport[] = [];
  const state = {
    target,
    sent,
    now: 0,
    next: async (): Promise<ErrorReport> => ((await once(shown, 'report')) as [ErrorReport])[0],
    answer: (report: PageErrorReport): Promise<unknown> => Promise.resolve(mapped(report)),
  };
  const errors = createPageErrors({
    target,
    page: () => 'http://localhost/page',
    nowMs: () => state.now,
    post: {
      send(path, body) {
        assert.equal(path, REPORT_PATH);
        sent.push(body as PageErrorReport);
        return state.answer(body as PageErrorReport);
      },
    },
    onReport: (report) => shown.emit('report', report),
  });
  return Object.assign(state, { errors });
}

const mapped = ({ message }: PageErrorReport): ErrorReport => ({ key: message, kind: 'runtime', title: 'Error', message });

/** As a browser makes it; Node has no ErrorEvent. */
function errorEvent(fields: Partial<ErrorEvent>): Event {
  return Object.assign(new Event('error', { cancelable: true }), { message: '', filename: '', lineno: 0, colno: 0, error: null }, fields);
}

test('an uncaught error is sent, and the mapped answer shown', async () => {
  const { target, sent, next } = scene();
  const error = new TypeError('x is not a function');
  target.dispatchEvent(errorEvent({ message: 'Uncaught TypeError: x is not a function', error }));
  assert.deepEqual(await next(), mapped({ message: 'TypeError: x is not a function', kind: 'error', stack: '', page: '' }));
  assert.deepEqual(sent, [{ kind: 'error', message: 'TypeError: x is not a function', stack: error.stack, page: 'http://localhost/page' }]);
});

test('what was thrown without a stack gets the place of the event', async () => {
  const { target, sent, next } = scene();
  const place = { filename: 'http://localhost/a.js', lineno: 3, colno: 7 };
  target.dispatchEvent(errorEvent({ message: 'Uncaught oops', error: 'oops', ...place }));
  await next();
  assert.equal(sent[0]?.message, 'oops');
  assert.equal(sent[0]?.stack, '    at http://localhost/a.js:3:7');
});

test('an unhandled rejection, of whatever', async () => {
  const { target, sent, next } = scene();
  target.dispatchEvent(Object.assign(new Event('unhandledrejection'), { reason: { code: 7 } }));
  await next();
  assert.deepEqual([sent[0]?.kind, sent[0]?.message], ['rejection', '{"code":7}']);
});

test('what a later listener has dealt with is not reported', async () => {
  const { target, sent, next } = scene();
  target.addEventListener(
    'error',
    (event) => event instanceof Event && 'error' in event && event.error === 'handled' && event.preventDefault(),
  );
  target.dispatchEvent(errorEvent({ error: 'handled' }));
  target.dispatchEvent(errorEvent({ error: 'not handled' }));
  await next();
  assert.deepEqual(
    sent.map((report) => report.message),
    ['not handled'],
  );
});

test('the same error is reported once until an update was applied', async () => {
  const { errors, sent, next } = scene();
  const error = new Error('each frame');
  for (let n = 0; n < 60; n++) errors.report(error);
  await next();
  assert.equal(sent.length, 1);
  errors.forget();
  errors.report(error);
  await next();
  assert.equal(sent.length, 2);
});

test('different errors without end are limited, and heard again later', () => {
  const state = scene();
  for (let n = 0; n < 100; n++) state.errors.report(`first ${n}`);
  assert.equal(state.sent.length, 10);
  state.now = 5_000;
  for (let n = 0; n < 20; n++) state.errors.report(`second ${n}`);
  assert.equal(state.sent.length, 20);
});

test('an answer that comes after the code was replaced is not shown', async () => {
  const state = scene();
  let answer: (value: unknown) => void = () => {};
  state.answer = () => new Promise((resolve) => (answer = resolve));
  state.errors.report('old');
  state.errors.forget();
  answer(mapped({ message: 'old', kind: 'error', stack: '', page: '' }));
  state.answer = (report) => Promise.resolve(mapped(report));
  state.errors.report('new');
  assert.equal((await state.next()).message, 'new');
});

test('without the server the error is shown as the browser gave it', async () => {
  const state = scene();
  for (const answer of [() => Promise.reject(new TypeError('fetch failed')), () => Promise.resolve('not a report')]) {
    state.answer = answer;
    state.errors.forget();
    const error = new RangeError('too far');
    error.stack = 'RangeError: too far\n    at walk (http://localhost/a.js:1:2)\n    at http://localhost/a.js:9:1';
    state.errors.report(error, 'rejection');
    assert.deepEqual(await state.next(), {
      key: 'RangeError: too far',
      kind: 'runtime',
      title: 'Unhandled rejection',
      message: 'RangeError: too far',
      stack: [
        { functionName: '', raw: 'at walk (http://localhost/a.js:1:2)' },
        { functionName: '', raw: 'at http://localhost/a.js:9:1' },
      ],
    });
  }
});

test('what was reported long ago is forgotten', () => {
  const state = scene();
  for (let n = 0; n <= 200; n++) {
    state.errors.report(`error ${n}`);
    state.now += 1_000;
  }
  state.errors.report('error 200');
  assert.equal(state.sent.length, 201);
  state.errors.report('error 0');
  assert.equal(state.sent.length, 202);
});

test('words for everything that can be thrown', () => {
  const cycle: Record<string, unknown> = {};
  cycle['self'] = cycle;
  const cases: [thrown: unknown, message: string][] = [
    ['text', 'text'],
    [undefined, 'undefined'],
    [null, 'null'],
    [42, '42'],
    [10n, '10'],
    [Symbol('s'), 'Symbol(s)'],
    [{ a: 1 }, '{"a":1}'],
    [cycle, '[object Object]'],
    [new SyntaxError('bad'), 'SyntaxError: bad'],
    [{ message: 'bare' }, 'Error: bare'],
    [new DOMException('gone', 'AbortError'), 'AbortError: gone'],
    [new Error('outer', { cause: new TypeError('inner') }), 'Error: outer\nCaused by: TypeError: inner'],
  ];
  for (const [thrown, message] of cases) assert.equal(describeError(thrown).message, message);
  assert.equal(describeError('text', '    at a.js:1:1').stack, '    at a.js:1:1');
});

test('what is not of this page', () => {
  const own = 'Error: x\n    at f (http://localhost/a.js:1:1)\n    at chrome-extension://abc/content.js:1:1';
  assert.equal(isForeign('Script error.', ''), true);
  assert.equal(isForeign('Script error.', own), false);
  assert.equal(isForeign('ResizeObserver loop completed with undelivered notifications.', ''), true);
  assert.equal(isForeign('ResizeObserver loop limit exceeded', ''), true);
  assert.equal(isForeign('TypeError: x', 'TypeError: x\n    at f (chrome-extension://abc/content.js:1:1)'), true);
  assert.equal(isForeign('TypeError: x', 'f@moz-extension://abc/content.js:1:1'), true);
  assert.equal(isForeign('TypeError: x', own), false);
  assert.equal(isForeign('Error: my Script error. here', ''), false);
});
