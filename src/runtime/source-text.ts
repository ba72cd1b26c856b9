/**
 * The author's text of functions that can be replaced in place: what `toString()` gives is read by people, and by programs that run it in a
 * worker, where the question in front of it would find no slot. Functions only; a class shows what it was compiled to.
 */

/** Functions that stay where they are, and what runs in their place. */
const newest = new WeakMap<object, object>();

let isInstalled = false;

export function installSourceText(): void {
  if (isInstalled) return;
  isInstalled = true;
  // oxlint-disable-next-line typescript/unbound-method -- called with a `this` below
  const native = Function.prototype.toString;
  const toString = function toString(this: unknown): string {
    const shown = typeof this === 'function' ? (newest.get(this) ?? this) : this;
    const text = Reflect.apply(native, shown, []);
    return text.includes('$s') && !text.startsWith('class') ? authorsText(text) : text;
  };
  Object.defineProperty(Function.prototype, 'toString', { value: toString, writable: true, configurable: true });
}

/** @returns the way back */
export type ShowInstead = (target: object, implementation: object) => () => void;

export const showInstead: ShowInstead = (target, implementation) => {
  const before = newest.get(target);
  newest.set(target, implementation);
  return () => {
    if (before) newest.set(target, before);
    else newest.delete(target);
  };
};

const QUESTION = /if\((\$s\d+_*)\)return [^;]*;|=>(\$s\d+_*)\?\2[^]*?\):/g;
const REST = /,?\.\.\.\$rest(?:_\d+)?(?=\))/g;
const SCOPE = /\(0,\$scope(?:_\d+)?(\.[\w$]+)\)|\$scope(?:_\d+)?\./g;

/** Without what the compile step has put in. Parameters that it has moved into the body stay there. */
export function authorsText(text: string): string {
  return text
    .replace(QUESTION, (_, __, slot: string | undefined) => (slot === undefined ? '' : '=>'))
    .replace(REST, '')
    .replace(SCOPE, (_, called: string | undefined) => called?.slice(1) ?? '');
}
