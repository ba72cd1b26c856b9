/**
 * The patch form of a module as it is emitted (src/server/compile/swap/patch.ts), and how what it brings is read: each function stands in a
 * literal that gives it its name.
 */
import type { Environment, ModuleContext } from '../format.ts';
import type { MakeSetters } from '../first-form.ts';
import type { ClassParts } from './live-class.ts';
import type { AnyFunction } from './live-module.ts';
import type { Shape } from './shape.ts';

export type Callable = (this: unknown, ...args: unknown[]) => unknown;
export type Literal = Record<string, Callable>;
export type Thunk = () => unknown;

/** What a version of a module is: its shape as JSON, and what each closure hands over in its first form, as {@link ClosureShape.captures}. */
export type Description = readonly [shape: string, ...captures: string[]];

/** The patch form as emitted (src/server/compile/swap/patch.ts): what it is, and what fills the tables. */
export type PatchForm = readonly [description: Description, fill: FillPatch];

export type FillPatch = (
  scope: object,
  module: ModuleContext,
  functions: (Literal | AnyFunction)[],
  units: Thunk[],
  initialisers: Record<string, Literal>,
  constructors: ClassParts['constructs'][],
  parents: (() => unknown)[],
  classes: (AnyFunction | undefined)[],
  privates: object[],
  ...dependencies: Environment[]
) => MakeSetters;

const shapes = new WeakMap<Description, Shape>();

/** Parsed once, since a save asks for it several times. */
export function readShape(description: Description): Shape {
  let known = shapes.get(description);
  if (!known) shapes.set(description, (known = JSON.parse(description[0]) as Shape));
  return known;
}

/** The one function of an emitted literal, which gave it its name. */
export const firstOf = (literal: Literal): AnyFunction => Object.values(literal)[0] as unknown as AnyFunction;

/** What takes the place of a function that can name itself, made once for each function that is there. */
export function perFunction(make: (self: object) => Literal): AnyFunction {
  const made = new WeakMap<object, AnyFunction>();
  const find = (self: object): AnyFunction => {
    let known = made.get(self);
    if (!known) made.set(self, (known = firstOf(make(self))));
    return known;
  };
  return find as unknown as AnyFunction;
}
