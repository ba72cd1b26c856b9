/**
 * Variables that hold what is somebody else's: a class, an object of another variable, what a call has picked. An edit of the variable
 * gives it another value, and leaves the object that it held alone.
 */
import { story, type SwapCase } from '../case.ts';

export const sharedValueCases: readonly SwapCase[] = [
  story({
    name: 'a variable that holds a class holds another one',
    level: 'bindings',
    files: `class Cat { say() { return 'cat'; } }
class Dog { say() { return 'dog'; } }
let Pet = Cat;
const cat = new Cat(), dog = new Dog();
probe(() => [cat.say(), dog.say(), new Pet().say(), String(Pet === Dog)]);`,
    starts: ['cat', 'dog', 'cat', 'false'],
    steps: [{ edit: [['Pet = Cat', 'Pet = Dog']], says: ['cat', 'dog', 'dog', 'true'] }],
  }),
  story({
    name: 'a parent that is held by a variable is another one',
    files: `class X { x() { return 'X'; } }
let Parent = X;
class A extends Parent { a() { return 'A'; } }
const a = new A(), x = new X();
probe(() => [typeof a.x, x.x(), typeof new A().x]);`,
    starts: ['function', 'X', 'function'],
    steps: [{ edit: [['Parent = X', 'Parent = Object']], says: ['undefined', 'X', 'undefined'] }],
  }),
  ...(
    [
      ['LIGHT', 'DARK'],
      ['themes.light', 'themes.dark'],
      ["pick('light')", "pick('dark')"],
      ['LIGHT', "{ name: 'dark' }"],
    ] as const
  ).map(([from, to]) =>
    story({
      name: `a variable that holds ${from} holds ${to}`,
      level: 'bindings',
      files: `const LIGHT = { name: 'light' }, DARK = { name: 'dark' };
const themes = { light: LIGHT, dark: DARK };
const pick = (name) => themes[name];
let theme = ${from};
probe(() => [theme.name, LIGHT.name, DARK.name, themes.light.name]);`,
      starts: ['light', 'light', 'dark', 'light'],
      steps: [{ edit: [[`theme = ${from}`, `theme = ${to}`]], says: ['dark', 'light', 'dark', 'light'] }],
    }),
  ),
  story({
    name: 'a literal is edited whose variable holds the object of another one by now',
    level: 'bindings',
    files: `const DARK = { name: 'dark' };
let theme = { name: 'none' };
theme = DARK;
probe(() => [theme.name, DARK.name]);`,
    starts: ['dark', 'dark'],
    steps: [{ edit: [["'none'", "'nothing'"]], says: ['nothing', 'dark'], kept: true }],
  }),
  story({
    name: 'a class that a function has made is another one: its objects stay what they are',
    files: `const mixin = (Parent) => class extends Parent { m() { return 'm'; } };
class B { b = 'b'; }
class C { c = 'c'; }
let Made = mixin(B);
const old = new Made();
probe(() => [JSON.stringify(new Made()), [old instanceof B, old instanceof C, new Made() instanceof C].join(), old.m()]);`,
    starts: ['{"b":"b"}', 'true,false,false', 'm'],
    steps: [{ edit: [['mixin(B)', 'mixin(C)']], says: ['{"c":"c"}', 'true,false,true', 'm'], kept: true }],
  }),
];
