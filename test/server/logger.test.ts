import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ErrorReport } from '../../src/protocol.ts';
import { createLogger, formatMs, type Logger, type LogLevel, nameFiles } from '../../src/server/logger.ts';

interface Screen {
  readonly stdout: FakeStream;
  readonly stderr: FakeStream;
  readonly logger: Logger;
}

interface FakeStream {
  text: string;
  isTTY: boolean;
  columns: number;
  rows: number;
  write(text: string): boolean;
}

function fakeStream(isTTY: boolean): FakeStream {
  return {
    text: '',
    isTTY,
    columns: 40,
    rows: 10,
    write(text) {
      this.text += text;
      return true;
    },
  };
}

function screen({ level = 'info' as LogLevel, isTTY = false, color = false } = {}): Screen {
  const stdout = fakeStream(isTTY);
  const stderr = fakeStream(isTTY);
  const now = (): Date => new Date(2026, 0, 2, 9, 5, 7);
  return { stdout, stderr, logger: createLogger({ level, stdout, stderr, color, now }) };
}

const REPORT: ErrorReport = {
  key: 'k',
  kind: 'build',
  title: 'Syntax error',
  message: 'Unexpected token',
  place: { file: 'view.ts', line: 3, column: 7 },
  frame: '  2 | let a;\n> 3 | let b c;\n    |       ^',
  hint: 'Remove one of the names.',
  stack: [
    { functionName: 'render', place: { file: 'view.ts', line: 9, column: 1 }, raw: 'raw' },
    { functionName: '', place: { file: 'main.ts', line: 1, column: 2 }, raw: 'raw' },
    { functionName: 'native', raw: '    at native (<anonymous>)' },
  ],
};

describe('levels', () => {
  const levels: [LogLevel, string][] = [
    ['silent', ''],
    ['error', 'e'],
    ['warn', 'we'],
    ['info', 'iwe'],
    ['debug', 'iwed'],
  ];
  for (const [level, expected] of levels) {
    test(`${level} lets through "${expected}"`, () => {
      const { logger, stdout, stderr } = screen({ level });
      logger.info('i');
      logger.warn('w');
      logger.error('e');
      logger.debug('d');
      const shown = (stdout.text + stderr.text).replace(/warning |error |\n/g, '');
      assert.equal(shown, expected);
      assert.equal(logger.level, level);
    });
  }
  test('what is information goes to stdout, what is wrong to stderr', () => {
    const { logger, stdout, stderr } = screen();
    logger.info('fine');
    logger.warn('odd', 'look at it');
    logger.error('bad');
    assert.equal(stdout.text, 'fine\n');
    assert.equal(stderr.text, 'warning odd\n  hint look at it\nerror bad\n');
  });
});

describe('batch', () => {
  test('one line with time, files, outcome and duration', () => {
    const { logger, stdout } = screen();
    logger.batch({ files: ['view.ts'], outcome: 'hot updated /view.ts', durationMs: 4.2 });
    assert.equal(stdout.text, '09:05:07 view.ts: hot updated /view.ts (4 ms)\n');
  });
  test('is silent below info', () => {
    const { logger, stdout } = screen({ level: 'warn' });
    logger.batch({ files: ['a'], outcome: 'x', durationMs: 1 });
    assert.equal(stdout.text, '');
  });
  test('names three files and counts the rest', () => {
    assert.equal(nameFiles(['a']), 'a');
    assert.equal(nameFiles(['a', 'b', 'c', 'd']), 'a, b, c, d');
    assert.equal(nameFiles(['a', 'b', 'c', 'd', 'e']), 'a, b, c and 2 more');
  });
  test('formats durations with their unit', () => {
    const durations: [number, string][] = [
      [0.04, '0.0 ms'],
      [0.42, '0.4 ms'],
      [0.97, '1 ms'],
      [4.4, '4 ms'],
      [999.4, '999 ms'],
      [999.6, '1.0 s'],
      [1234, '1.2 s'],
    ];
    for (const [ms, text] of durations) assert.equal(formatMs(ms), text);
  });
});

describe('error reports', () => {
  test('show title, place, message, frame, stack and hint', () => {
    const { logger, stderr } = screen();
    logger.error(REPORT);
    assert.equal(
      stderr.text,
      [
        'Syntax error view.ts:3:7',
        '  Unexpected token',
        '',
        '    2 | let a;',
        '  > 3 | let b c;',
        '      |       ^',
        '',
        '  at render (view.ts:9:1)',
        '  at main.ts:1:2',
        '  at native (<anonymous>)',
        '  hint Remove one of the names.',
        '',
      ].join('\n'),
    );
  });
  test('come from pages, whose control characters must not act in the terminal', () => {
    const { logger, stdout, stderr } = screen();
    const evil = 'a\u001b[2Jb\u009bc\rd';
    logger.error({
      key: 'k',
      kind: 'runtime',
      title: evil,
      message: evil,
      place: { file: evil, line: 1, column: 1 },
      frame: evil,
      hint: evil,
      stack: [
        { functionName: evil, place: { file: evil, line: 1, column: 1 }, raw: evil },
        { functionName: '', raw: evil },
      ],
    });
    logger.error(evil);
    logger.warn(evil, evil);
    logger.batch({ files: [evil], outcome: evil, durationMs: 1 });
    // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
    assert.doesNotMatch(stdout.text + stderr.text, /[\u001b\u009b\r]/);
    assert.match(stdout.text, /a\ufffd\[2Jb\ufffdc\ufffdd/);
  });
  test('do with title and message alone', () => {
    const { logger, stderr } = screen();
    logger.error({ key: 'k', kind: 'runtime', title: 'Error', message: 'two\nlines' });
    assert.equal(stderr.text, 'Error\n  two\n  lines\n');
  });
  test('are coloured when asked, and say the same', () => {
    const { logger, stderr } = screen({ color: true });
    logger.error(REPORT);
    assert.ok(stderr.text.includes('\u001b[1m'), JSON.stringify(stderr.text));
    assert.match(stderr.text, /view\.ts:3:7/);
  });
});

describe('repeated lines', () => {
  const save = (logger: Logger, durationMs: number): void => logger.batch({ files: ['a.ts'], outcome: 'hot updated /a.ts', durationMs });

  test('in a pipe each is printed, with its count', () => {
    const { logger, stdout } = screen();
    save(logger, 1);
    save(logger, 2);
    save(logger, 3);
    assert.deepEqual(stdout.text.trimEnd().split('\n'), [
      '09:05:07 a.ts: hot updated /a.ts (1 ms)',
      '09:05:07 a.ts: hot updated /a.ts (2 ms) ×2',
      '09:05:07 a.ts: hot updated /a.ts (3 ms) ×3',
    ]);
  });
  test('in a terminal the line is replaced', () => {
    const { logger, stdout } = screen({ isTTY: true });
    logger.info('same');
    logger.info('same');
    assert.equal(stdout.text, 'same\n\u001b[1A\u001b[0Jsame ×2\n');
  });
  test('all the rows of a text that wraps are replaced', () => {
    const { logger, stdout } = screen({ isTTY: true });
    const text = `${'x'.repeat(50)}\ny`;
    logger.info(text);
    logger.info(text);
    assert.ok(stdout.text.includes('\u001b[3A'), JSON.stringify(stdout.text));
  });
  test('what may have scrolled out is printed again', () => {
    const { logger, stdout } = screen({ isTTY: true });
    const text = 'line\n'.repeat(12).trimEnd();
    logger.info(text);
    logger.info(text);
    assert.equal(stdout.text, `${text}\n${text} ×2\n`);
  });
  test('another line between them starts the count again, on the other stream too', () => {
    const { logger, stdout } = screen();
    logger.info('a');
    logger.warn('b');
    logger.info('a');
    assert.equal(stdout.text, 'a\na\n');
  });
  test('the same text on the other stream is not a repetition', () => {
    const { logger, stdout, stderr } = screen({ level: 'debug' });
    logger.info('a');
    logger.debug('a');
    assert.equal(stdout.text + stderr.text, 'a\na\n');
  });
});

describe('clear and newLine', () => {
  test('clear empties a terminal and forgets what was repeated', () => {
    const { logger, stdout } = screen({ isTTY: true });
    logger.info('a');
    logger.clear();
    logger.info('a');
    assert.equal(stdout.text, 'a\n\u001b[2J\u001b[3J\u001b[Ha\n');
  });
  test('clear writes nothing into a pipe', () => {
    const { logger, stdout } = screen();
    logger.clear();
    assert.equal(stdout.text, '');
  });
  test('newLine is an empty line, and none when silent', () => {
    const loud = screen();
    loud.logger.newLine();
    assert.equal(loud.stdout.text, '\n');
    const quiet = screen({ level: 'silent' });
    quiet.logger.newLine();
    assert.equal(quiet.stdout.text, '');
  });
});
