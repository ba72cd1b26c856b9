import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createExportCells, createNamespace } from '../../src/runtime/environment.ts';

type Values = Record<string, unknown>;

describe('export cells', () => {
  it('throw until a name is initialised, then are plain data; unknown names are undefined', () => {
    const cells = createExportCells();
    cells.declare(['a']);
    const environment = cells.environment as Values;
    assert.throws(() => environment['a'], { name: 'ReferenceError', message: /Cannot access 'a' before initialization/ });
    assert.equal(environment['toString'], undefined);
    cells.write('a', 1);
    cells.write('a', 2);
    assert.deepEqual(Object.getOwnPropertyDescriptor(environment, 'a'), { value: 2, writable: true, enumerable: true, configurable: true });
  });

  it('tell subscribers now and at every write, until they leave', () => {
    const cells = createExportCells();
    cells.declare(['a']);
    cells.write('a', 1);
    const seen: unknown[] = [];
    const stop = cells.subscribe('a', (value) => seen.push(value));
    cells.write('a', 2);
    stop();
    cells.write('a', 3);
    assert.deepEqual(seen, [1, 2]);
  });

  it('go back to a snapshot, names included', () => {
    const cells = createExportCells();
    cells.declare(['a', 'b']);
    cells.write('a', 1);
    cells.write('b', 1);
    const before = cells.snapshot();
    cells.declare(['a', 'c']);
    cells.write('c', 2);
    assert.throws(() => cells.read('a'), ReferenceError);
    cells.restore(before);
    assert.deepEqual({ ...(cells.environment as Values) }, { a: 1, b: 1 });
    assert.equal((cells.environment as Values)['c'], undefined);
  });

  it('take names that objects have anyway', () => {
    const cells = createExportCells();
    cells.declare(['__proto__', 'constructor', 'then']);
    for (const name of ['__proto__', 'constructor', 'then']) cells.write(name, name);
    for (const name of ['__proto__', 'constructor', 'then']) assert.equal(cells.read(name), name);
  });
});

describe('a namespace', () => {
  const space = createNamespace(['a', 'b'], (name) => name.toUpperCase()) as Values;

  it('reads live, and cannot be changed in any way', () => {
    assert.equal(space['a'], 'A');
    assert.equal(Reflect.set(space, 'a', 1), false);
    assert.equal(Reflect.deleteProperty(space, 'a'), false);
    assert.equal(Reflect.deleteProperty(space, 'nothing'), true);
    assert.equal(Reflect.defineProperty(space, 'c', { value: 1 }), false);
    assert.equal(Reflect.defineProperty(space, 'a', { value: 'A' }), true);
    assert.equal(Reflect.defineProperty(space, 'a', { value: 'B' }), false);
    assert.equal(Reflect.setPrototypeOf(space, {}), false);
  });

  it('shows what the standard shows', () => {
    assert.deepEqual(Reflect.ownKeys(space), ['a', 'b', Symbol.toStringTag]);
    assert.equal(Object.prototype.toString.call(space), '[object Module]');
    assert.equal(Object.getPrototypeOf(space), null);
    assert.deepEqual([Object.isExtensible(space), Object.isSealed(space), Object.isFrozen(space)], [false, true, false]);
    assert.deepEqual(Object.getOwnPropertyDescriptor(space, 'a'), { value: 'A', writable: true, enumerable: true, configurable: false });
    assert.deepEqual({ ...space }, { a: 'A', b: 'B' });
  });
});
