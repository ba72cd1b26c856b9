/**
 * A question in front of methods and accessors of a class that has a `migrate` hook and instances that nobody knows of: whether the object that it
 * is called on has been migrated.
 */
import { defineJournalled, type Journal } from './journal.ts';
import type { LiveClass } from './live-class.ts';
import type { MemberShape } from './shape.ts';
import type { Watch } from './watch.ts';

type Callable = (this: unknown, ...args: unknown[]) => unknown;

const asking = new WeakSet<object>();

export function meeting(watch: Watch, call: Callable): Callable {
  const meet: Callable = function (this: unknown, ...args) {
    watch.meet(this);
    return Reflect.apply(call, this, args);
  };
  for (const key of ['name', 'length'] as const) Object.defineProperty(meet, key, { value: call[key], configurable: true });
  asking.add(meet);
  return meet;
}

/** Of a member that was added: it has no slot yet that asks for something else than itself. */
export function meetsAtMember({ object, watch }: LiveClass, { kind, name }: MemberShape, journal: Journal): void {
  const prototype = object.prototype as object;
  const known = /^[#[]/.test(name) || kind === 'field' ? undefined : Reflect.getOwnPropertyDescriptor(prototype, name);
  if (!known?.configurable) return;
  const key = kind === 'getter' ? 'get' : kind === 'setter' ? 'set' : 'value';
  const call: unknown = known[key];
  if (typeof call !== 'function' || asking.has(call)) return;
  defineJournalled(prototype, name, { ...known, [key]: meeting(watch, call as Callable) }, journal);
}
