/** Every place in the syntax of a module body where an `await` can stand: the link step turns each into a `yield`. */
import type { SemanticsCase } from '../case.ts';

export const awaitSyntaxCases: readonly SemanticsCase[] = [
  {
    name: 'await in operators, arguments, literals and templates',
    files: {
      'main.js': `const p = (v) => Promise.resolve(v); const f = (...args) => args.join('+'); const o = { m(x) { return [this === o, x];
} };
log(f(await p(1), 2, ...(await p([3, 4])))); log([await p(1), , ...await p([2])]);
log({ a: await p(1), [await p('k')]: 2, ...await p({ s: 3 }) });
log(\`\${await p('t')}-\${await p(await p('u'))}\`);
log(await p(1) + await p(2) * -await p(3), !await p(0), typeof await p(1), void await p(1));
log((await p(o)).m(await p(5)), await o.m(6), (await p(null))?.x, await p(undefined) ?? await p('d'));
log(await p(true) ? await p('y') : await p('n'));
log(await p(0) || await p('or'), await p(0) && await p('never')); log(await await p(p('twice')), (await p(1), await p(2)));
log(new (await p(Date))(0).getTime());
log(String.raw\`a\${await p('b')}c\`, delete (await p({ x: 1 })).x, 'x' in await p({ x: 1 }), (await p(2)) ** 3); done();`,
    },
  },
  {
    name: 'await in statements',
    files: {
      'main.js': `const p = (v) => Promise.resolve(v);
if (await p(false)) log('no'); else if (await p(true)) log('else if');
for (let i = await p(0); i < await p(2); i += await p(1)) log('for', i);
for (const x of await p([1, 2])) log('of', x, await p(x)); for (const k in await p({ a: 1 })) log('in', k);
let n = 0; while (await p(n < 2)) { n++; if (await p(n === 1)) continue; log('while', n); } do { n--; } while (await p(n > 0)); log(n);
switch (await p('b')) { case await p('a'): log('a'); case await p('b'): log('b'); default: log(await p('fall')); }
try { await Promise.reject(new Error('r')); } catch (error) { log(await p(error.message)); } finally { log(await p('finally')); }
try { throw await p(new Error('thrown')); } catch ({ message = await p('m') }) { log(message); }
{ const { a = await p('default'), b: [c = await p('nested')] } = await p({ b: [] }); log(a, c); } done();`,
    },
  },
  {
    name: 'await in classes and exported declarations',
    files: {
      'main.js': `import * as ns from './a.js'; log(ns.x, ns.y, ns.z, ns.K.name, new ns.K().m(), ns.default, ns.K.s); done();`,
      'a.js': `const p = (v) => Promise.resolve(v); export const x = await p('x'), y = await p(x + 'y');
export let { z } = await p({ z: 'z' });
export class K extends (await p(class Base { m() { return 'base'; } })) { [await p('computed')]() {}
static s = Object.getOwnPropertyNames(K.prototype); }
export default await p('default');`,
    },
  },
  {
    name: 'await of nested functions is not the module’s',
    files: {
      'main.js': `const inner = async () => { log('inner'); await null; log('inner after'); return 'r'; };
const o = { async m() { return await inner(); }, async *g() { yield await 1; } };
const promise = o.m(); log('not waited', promise); log(await promise); for await (const x of o.g()) log(x);
(async () => { for await (const y of [Promise.resolve('y')]) log(y); })(); await null; await null; await null; await null; done();`,
    },
  },
  {
    name: 'for await over async and sync iterables',
    files: {
      'main.js': `async function* g() { try { yield 1; yield 2; yield 3; } finally { log('closed'); } }
for await (const x of g()) log(x); for await (const x of [Promise.resolve('a'), 'b']) log(x); for await (const { k, d = 'dd' }
of [{ k: 1 }, { k: 2, d: 3 }]) log(k, d);
let target; for await (target of g()) if (target === 2) break; log(target); for await (const [i] of new Map([[1, 2]])) log(i); log('end');
done();`,
    },
  },
  {
    name: 'for await: break, continue and labels',
    files: {
      'main.js': `async function* g(name) { try { for (let i = 0; i < 4; i++) yield name + i; } finally { log('closed', name); } }
outer: for await (const a of g('a')) { for await (const b of g('b')) { if (b === 'b1') continue outer; if (a === 'a2') break outer;
log(a, b); } }
loop: for await (const c of g('c')) { switch (c) { case 'c1': continue loop; case 'c3': break loop; } log(c); }
block: { for await (const d of g('d')) { log(d); break block; } log('never'); } done();`,
    },
  },
  {
    name: 'for await: errors of body, iterator and rejected values',
    files: {
      'main.js': `const iterable = (next) => ({ [Symbol.asyncIterator]: () => ({ next, return: async () => (log('return called'), {}) }) });
try { for await (const x of iterable(async () => ({ value: 1 }))) throw new Error('body ' + x); } catch (error) { log(error); }
try { for await (const x of iterable(async () => { throw new Error('next'); })) log(x); } catch (error) { log(error); }
try { for await (const x of [Promise.reject(new Error('value'))]) log(x); } catch (error) { log(error); }
try { for await (const x of 5) log(x); } catch (error) { log(error.name); } try { for await (const x of iterable(() => 1)) log(x); }
catch (error) { log(error.name); } done();`,
    },
  },
  {
    name: 'closures made in a for await loop keep their own variable',
    files: {
      'main.js': `const fns = []; for await (let i of [1, 2, 3]) { fns.push(() => i++); } log(fns.map((f) => f()), fns.map((f) => f()));
for await (var v of [1, 2]); log(v); done();`,
    },
  },
  {
    name: 'for await assigns an exported binding',
    files: {
      'main.js': `import { item, last } from './a.js'; log('main', item, last); done();`,
      'a.js': `import { see } from './see.js'; export let item, last; for await (item of ['x', 'y']) { see(); last = item; }`,
      'see.js': `import { item } from './a.js'; export function see() { log('sees', item); }`,
    },
  },
  {
    name: 'labelled loops with awaits',
    files: {
      'main.js': `a: for (let i = 0; i < 3; i++) { b: for (let j = 0; j < 3; j++) { if (await (j === 1)) continue a;
if (await (i === 2)) break a; log(i, j); } } done();`,
    },
  },
  {
    name: 'await keeps this, arguments and new.target of the surroundings out',
    files: {
      'main.js': `log(await this, (() => this)(), await (async () => this)()); attempt('arguments', () => arguments); done();`,
    },
  },
];
