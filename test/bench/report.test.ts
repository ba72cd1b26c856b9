/** The benchmark's arithmetic: quantiles, ratios and the table's shape. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quantile, type Figures } from '../../bench/measure.ts';
import { markdownTable } from '../../bench/report.ts';

const figures = (saveMs: number): Figures => ({
  startMs: 100,
  firstLoadMs: 400,
  openAgainMs: 300,
  reloadMs: 50,
  saveMs,
  saveP95Ms: 2 * saveMs,
  rssMb: 80,
  cpuMs: 500,
  loadMb: 1.5,
});

test('quantile takes a value that was measured', () => {
  assert.equal(quantile([5, 1, 3], 0.5), 3);
  assert.equal(quantile([4, 1, 3, 2], 0.95), 4);
  assert.equal(quantile([7], 0.5), 7);
});

test('quantile of nothing is not a number', () => {
  assert.equal(Number.isNaN(quantile([], 0.5)), true);
});

test('a row for each server, and ours against each peer of the same size', () => {
  const rows = [
    { app: '1,000 modules', server: 'hmr-dev', figures: figures(5) },
    { app: '1,000 modules', server: 'bun', figures: figures(10) },
    { app: '5,000 modules', server: 'bun', figures: figures(20) },
  ];
  const lines = markdownTable(rows, 'hmr-dev').split('\n');
  assert.equal(lines.length, 2 + 3 + 1);
  assert.equal(lines[2], '| 1,000 modules | hmr-dev | 100 | 400 | 300 | 50 | 5.0 | 10.0 | 80 | 500 | 1.50 |');
  assert.equal(
    lines[5],
    '| 1,000 modules | hmr-dev / bun | 1.00 × | 1.00 × | 1.00 × | 1.00 × | 0.50 × | 0.50 × | 1.00 × | 1.00 × | 1.00 × |',
  );
});

test('every line has as many cells as the head', () => {
  const table = markdownTable([{ app: '100 modules', server: 'vite', figures: figures(1) }], 'hmr-dev');
  const counts = new Set(table.split('\n').map((line) => line.split('|').length));
  assert.equal(counts.size, 1);
});
