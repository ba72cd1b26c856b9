/**
 * A module that has run again: functions and methods of its earlier version, which listeners and old objects still hold, call those of the
 * newest. They ask the module's record each time and are known to nobody, so that an earlier version is freed with who holds it.
 */
import type { Instance } from '../instance.ts';
import type { ModuleRecord } from '../record.ts';
import { liveOf, type LiveModule } from './live-module.ts';
import { isWay } from './match.ts';
import type { ClassShape, FunctionShape, Shape } from './shape.ts';
import { follow } from './values.ts';

type Callable = (this: unknown, ...args: unknown[]) => unknown;

/** @param record of the module, which knows what runs, whatever ran since */
export function redirect(instance: Instance, record: ModuleRecord): void {
  const old = liveOf(instance);
  const newest = (): LiveModule | undefined => liveOf(record.current);
  const now = newest();
  if (!old?.isDescribed || !now?.isDescribed) return;
  const after = functionsByWay(now.shape);
  for (const [way, own] of functionsByWay(old.shape)) {
    const match = after.get(way);
    if (!match || !fits(own, match)) continue;
    const find = (): unknown => {
      const live = newest();
      return live && follow(live.scope, way.split('.'));
    };
    forward(old, own, find);
  }
  const classes = new Map(classesOf(now.shape).map((shape) => [shape.name, shape]));
  for (const shape of classesOf(old.shape)) {
    const match = classes.get(shape.name);
    // What the new members do with a private name, old instances do not have.
    if (match && !hasPrivate(shape) && !hasPrivate(match)) forwardMembers(old, shape, match, newest);
  }
}

/** Declarations, and functions that a variable holds, or an object that it holds. */
function functionsByWay({ units }: Shape): Map<string, FunctionShape> {
  const found = new Map<string, FunctionShape>();
  for (const unit of units) {
    if (unit.kind === 'function') found.set(unit.name, unit.own);
    else if (unit.kind === 'variable') {
      for (const own of unit.functions ?? []) if (isWay(own.at) && !own.isShelled && !own.hasSuper) found.set(own.at, own);
    }
  }
  return found;
}

function classesOf({ units }: Shape): ClassShape[] {
  return units.flatMap((unit) => (unit.kind === 'class' ? [unit.own] : []));
}

const hasPrivate = ({ members }: ClassShape): boolean => members.some(({ name }) => name.startsWith('#'));

/** Whether the one can be called in place of the other. */
function fits(old: FunctionShape, now: FunctionShape): boolean {
  return old.kind === now.kind && old.isSelfNamed === now.isSelfNamed && (!now.hasTarget || old.hasTarget === true);
}

function forwardMembers(old: LiveModule, shape: ClassShape, after: ClassShape, newest: () => LiveModule | undefined): void {
  for (const { kind, name, isStatic = false, own } of shape.members) {
    const match = after.members.find(
      (member) => member.kind === kind && member.name === name && (member.isStatic ?? false) === isStatic,
    )?.own;
    if (!own || !match || kind === 'field' || kind === 'block' || name.startsWith('[') || !fits(own, match)) continue;
    forward(old, own, () => {
      const object = newest()?.scope[shape.name];
      if (typeof object !== 'function') return undefined;
      const { get, set, value } = Reflect.getOwnPropertyDescriptor(isStatic ? object : (object.prototype as object), name) ?? {};
      return kind === 'getter' ? get : kind === 'setter' ? set : (value as unknown);
    });
  }
}

/** While there is none any more, the last one. */
function forward(old: LiveModule, { slot }: FunctionShape, find: () => unknown): void {
  let last: unknown;
  const call: Callable = function call(this: unknown, ...args) {
    const found = find();
    if (typeof found === 'function') last = found;
    return Reflect.apply(last as Callable, this, args);
  };
  if (typeof find() !== 'function') return;
  for (const one of old.slots[slot] ?? []) one.write(call);
}
