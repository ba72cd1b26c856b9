/** What `bench/swap.ts` runs plain, with slots, and after a swap of everything: small programs for one thing each, and what is edited. */

/** Each loop does one thing `count` times and gives back something of all of them. */
export const LOOPS: Readonly<Record<string, string>> = {
  'call of a function': `
function add(a, b) { return (a + b) | 0; }
export function loop(count) { let sum = 0; for (let n = 0; n < count; n++) sum = add(sum, n); return sum; }`,
  'call of an arrow function': `
const add = (a, b) => (a + b) | 0;
export function loop(count) { let sum = 0; for (let n = 0; n < count; n++) sum = add(sum, n); return sum; }`,
  'call of a method': `
class Sum { total = 0; add(n) { this.total = (this.total + n) | 0; return this; } }
export function loop(count) { const sum = new Sum(); for (let n = 0; n < count; n++) sum.add(n); return sum.total; }`,
  'call of four functions in turn': `
class A { value(n) { return n & 1; } } class B { value(n) { return n & 2; } } class C { value(n) { return n & 3; } } class D { value(n) { return n & 4; } }
const all = [new A(), new B(), new C(), new D()];
export function loop(count) { let sum = 0; for (let n = 0; n < count; n++) sum = (sum + all[n & 3].value(n)) | 0; return sum; }`,
  'default values and patterns': `
function area({ width, height = 2 }, [scale = 1] = [], extra = 3) { return (width * height * scale + extra) | 0; }
const box = { width: 4 }; const scales = [2];
export function loop(count) { let sum = 0; for (let n = 0; n < count; n++) sum = (sum + area(box, scales)) | 0; return sum; }`,
  'new, of a base class': `
class Point { constructor(x, y) { this.x = x; this.y = y; } }
export function loop(count) { let last; let sum = 0; for (let n = 0; n < count; n++) { last = new Point(n, sum); sum = (sum + last.x) | 0; } return sum + last.y; }`,
  'new, of a class with fields': `
class Point { x = 1; y = 2; z; name = 'a' }
export function loop(count) { let last; let sum = 0; for (let n = 0; n < count; n++) { last = new Point(); last.z = n; sum = (sum + last.z) | 0; } return sum + last.x; }`,
  'new, of a derived class': `
class Base { constructor(x) { this.x = x; } }
class Point extends Base { y = 1; constructor(x) { super(x); this.z = x; } }
export function loop(count) { let last; let sum = 0; for (let n = 0; n < count; n++) { last = new Point(n); sum = (sum + last.x) | 0; } return sum + last.z; }`,
  'private fields and methods': `
class Counter { #count = 0; #step(n) { return n & 3; } bump(n) { this.#count = (this.#count + this.#step(n)) | 0; return this.#count; } }
export function loop(count) { const counter = new Counter(); let sum = 0; for (let n = 0; n < count; n++) sum = (sum + counter.bump(n)) | 0; return sum; }`,
  'creation of closures': `
function adder(a) { return (b) => (a + b) | 0; }
const kept = [];
export function loop(count) { let sum = 0; for (let n = 0; n < count; n++) { const add = adder(n); kept[n & 15] = add; sum = add(sum); } return sum; }`,
  'module variables': `
let total = 0; const step = 3; let calls = 0;
function count(n) { total = (total + step + n) | 0; calls++; }
export function loop(times) { for (let n = 0; n < times; n++) count(n); return total + calls; }`,
};

/** @param version changes one function */
export function editedModule(version: number): string {
  const functions = Array.from(
    { length: 30 },
    (_, index) =>
      `export function f${index}(a, b = ${index}) { const values = [a, b, ${index === 17 ? version : 0}]; return values.map((value) => value * 2).join('-'); }`,
  );
  const classes = Array.from(
    { length: 3 },
    (_, index) => `export class C${index} ${index > 0 ? `extends C${index - 1} ` : ''}{
  #own = ${index}; items = [];
  constructor(name) { ${index > 0 ? 'super(name);' : 'this.name = name;'} this.made = Date.now(); }
  get size() { return this.items.length + this.#own; }
  add(item) { this.items.push(item); return this; }
  describe() { return f${index}(this.name, this.size); }
}`,
  );
  return [...functions, ...classes, 'export const registry = new Map(); export let count = 0;'].join('\n');
}
