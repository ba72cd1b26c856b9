import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createConsoleLog } from '../../src/client/console-log.ts';
import type { ConsoleLog } from '../../src/client/console-log.ts';

function record(act: (log: ConsoleLog) => void): unknown[][] {
  const lines: unknown[][] = [];
  const method =
    (name: string) =>
    (...args: unknown[]): void => {
      lines.push([name, ...args]);
    };
  act(createConsoleLog({ debug: method('debug'), info: method('info'), warn: method('warn'), error: method('error') }));
  return lines;
}

test('the lines are word for word those that people search for', () => {
  const lines = record((log) => {
    log.connected();
    log.hotUpdated('/view.ts');
    log.hotUpdated('/view.ts', '/view.ts');
    log.hotUpdated('/view.ts', '/util.ts');
    log.cssHotUpdated('/a.css');
    log.invalidate('/x.ts');
    log.invalidate('/x.ts', '');
    log.invalidate('/x.ts', 'shape changed');
    log.pageReload('/main.ts', 'main.ts accepts nothing');
  });
  assert.deepEqual(
    lines.map((line) => line[1]),
    [
      '[hmr-dev] connected.',
      '[hmr-dev] hot updated: /view.ts',
      '[hmr-dev] hot updated: /view.ts',
      '[hmr-dev] hot updated: /view.ts via /util.ts',
      '[hmr-dev] css hot updated: /a.css',
      '[hmr-dev] invalidate /x.ts',
      '[hmr-dev] invalidate /x.ts',
      '[hmr-dev] invalidate /x.ts: shape changed',
      '[hmr-dev] page reload /main.ts (main.ts accepts nothing)',
    ],
  );
});

test('the connection is told of in one line each way, never as an error', () => {
  const lines = record((log) => {
    log.connectionLost();
    log.connectionFound();
  });
  assert.deepEqual(
    lines.map((line) => line[0]),
    ['info', 'info'],
  );
});

test('an error keeps its object, so that DevTools links the stack', () => {
  const cause = new TypeError('x is not a function');
  const lines = record((log) => {
    log.warn('careful');
    log.error('accept callback of /view.ts failed:', cause);
    log.error('plain');
  });
  assert.deepEqual(lines, [
    ['warn', '[hmr-dev] careful'],
    ['error', '[hmr-dev] accept callback of /view.ts failed:', cause],
    ['error', '[hmr-dev] plain'],
  ]);
});
