/**
 * What one version of a module is made of, as far as hot-swap has to tell two versions apart: its units, each with a hash of tokens
 * (comments, white space and quotes do not count) and of what imported names stand for. JSON that comes with each patch; for what a page was
 * loaded with, it asks (supply.ts).
 */

/** How much can be replaced in place. `off`: nothing, a module that changes runs again. */
export type SwapLevel = 'off' | 'bindings' | 'classes' | 'closures';

export const SWAP_LEVELS: readonly SwapLevel[] = ['off', 'bindings', 'classes', 'closures'];

export interface Shape {
  readonly level: Exclude<SwapLevel, 'off'>;
  readonly units: readonly Unit[];
  /** Local names by the names that they are exported under. */
  readonly exports: Readonly<Record<string, string>>;
  /** A hash of each static specifier, by dependency: what it resolves to may change while the text stays. */
  readonly requests: readonly string[];
  /** What it asks of hot-swap, as far as its text tells. */
  readonly hot?: HotShape;
  /** Why the module can never be changed in place. */
  readonly refused?: string;
  /** Names that are not exported, and that code writes which no patch reaches: functions inside of functions, what awaits or yields. */
  readonly untold?: readonly string[];
}

export interface HotShape {
  /** By name of a binding or class. */
  readonly migrates?: Readonly<Record<string, HookShape>>;
  readonly keeps?: readonly string[];
  readonly resets?: readonly string[];
  /** Imported classes, by their local names: `dep name`. */
  readonly tracks?: Readonly<Record<string, string>>;
}

export interface HookShape {
  readonly hash: string;
  /** A function of the module, whose text belongs to it. */
  readonly by?: string;
}

/** Lines count from 1 in what the author wrote; for reasons that name a place. */
interface Lined {
  readonly line?: number;
}

export type Unit = (FunctionUnit | VariableUnit | StatementUnit | ClassUnit) & {
  /** Functions that are made inside it, outer ones first. */
  readonly closures?: readonly ClosureShape[];
};

/** A function that stands behind a slot. */
export interface FunctionShape {
  readonly slot: number;
  /** What it is called by within its unit: the way of property names and callees that leads to it. */
  readonly at: string;
  readonly hash: string;
  /** Of two functions of one property the one that writes. */
  readonly isSetter?: true;
  /** Not a plain function: what calling it gives is made by the function that is there, and not by the newest one. */
  readonly kind?: 'async' | 'generator' | 'async generator' | 'arrow' | 'async arrow';
  /** It asks for `new.target`, and is called so that it gets it. */
  readonly hasTarget?: true;
  /** It has a name of its own inside: what takes its place is made with the function that is there. */
  readonly isSelfNamed?: true;
  /** It says `super`, which means the prototype of the object that `at` leads to. */
  readonly hasSuper?: true;
  /** It asks for the `this` of its caller. */
  readonly hasThis?: true;
  /** In a patch it is called by a function of its own that stands in the value (accessors of literals, functions of fields). */
  readonly isShelled?: true;
  /** Why the new one cannot be called in place of an old one. */
  readonly refused?: string;
}

/** A function that is made inside a function or a block, any number of times. */
export interface ClosureShape extends Lined {
  readonly slot: number;
  /** The way that leads to it from the function around it. */
  readonly at: string;
  /** `arrow`, `async`, `generator`. */
  readonly kind: string;
  readonly hash: string;
  /** Slot of the innermost function around it that has one; -1: its unit. */
  readonly within: number;
  /** Names that it hands over, with a space between them, `!` in front of constants, besides those of the closure around it. */
  readonly captures?: string;
  /** Names that it must be handed; `=name`: to write to. */
  readonly needs?: string;
  readonly hasTarget?: true;
  readonly isSelfNamed?: true;
  /** Why it is part of the text around it and nothing else. */
  readonly fixed?: string;
}

/** A function declaration. `*default*` without a name. */
export interface FunctionUnit extends Lined {
  readonly kind: 'function';
  readonly name: string;
  readonly own: FunctionShape;
}

/** What an initialiser or a statement is made of besides its text. */
export interface Evaluated extends Lined {
  /** Of the text without the functions and classes below. */
  readonly hash: string;
  /** Module-level names that are read when it is evaluated. */
  readonly reads?: readonly string[];
  /** Imported bindings that are read when it is evaluated: `dep name`. */
  readonly imports?: readonly string[];
  readonly functions?: readonly FunctionShape[];
  readonly classes?: readonly ClassShape[];
  /** It awaits. */
  readonly async?: true;
}

/** One declarator, with all names that it binds; `*default*` of `export default` with an expression. */
export interface VariableUnit extends Evaluated {
  readonly kind: 'variable';
  readonly names: readonly string[];
  /** Evaluating it again has no effect and gives a primitive value. */
  readonly pure?: true;
  /** It is an object literal, which is merged into the one that is there. */
  readonly isLiteral?: true;
  /** It is a call that is handed an object literal, as `X.extend({ … })`: a class that it gives is one that it makes. */
  readonly isExtension?: true;
  /** Of an object literal: evaluating it has no effect. */
  readonly isHarmless?: true;
  /** Of an object literal whose names are all known. */
  readonly properties?: Properties;
  readonly isConstant?: true;
  /** It takes a value apart. */
  readonly isPattern?: true;
  readonly isRefresh?: true;
}

export type Properties = readonly Property[];

export interface Property {
  readonly name: string;
  readonly hash: string;
  /** Of a literal in it. */
  readonly properties?: Properties;
  /** As {@link Evaluated.reads} and {@link Evaluated.imports}, in one. */
  readonly uses?: readonly string[];
}

export interface StatementUnit extends Evaluated {
  readonly kind: 'statement';
  /** It speaks to `import.meta.hot`: runs again when it changes. */
  readonly isHot?: true;
  /** It tells a refresh runtime what is in the module: evaluated with each patch, whatever has changed. */
  readonly isRefresh?: true;
  /** Why it cannot run in a patch. */
  readonly refused?: string;
}

export interface ClassUnit extends Lined {
  readonly kind: 'class';
  /** `*default*` without a name. */
  readonly name: string;
  readonly own: ClassShape;
  /** What is read when it is made, and stays as it is: by its static parts and computed names. */
  readonly reads?: readonly string[];
  readonly imports?: readonly string[];
  /** Both in one, of the expression behind `extends`, which is evaluated anew. */
  readonly parentReads?: readonly string[];
}

export interface ClassShape {
  /** Which of the module's classes. */
  readonly index: number;
  /** As with functions. */
  readonly at: string;
  readonly name: string;
  /** Of the expression behind `extends`; absent without one. */
  readonly parent?: string;
  /** A name alone behind `extends`; imports as `dep name`. */
  readonly parentName?: readonly [of: 'module' | 'import' | 'global', name: string];
  /** Of the constructor; absent without one. */
  readonly constructs?: string;
  readonly members: readonly MemberShape[];
  /** Why it cannot be changed in place. */
  readonly refused?: string;
}

export type MemberKind = 'method' | 'getter' | 'setter' | 'field' | 'block';

export interface MemberShape {
  readonly kind: MemberKind;
  /** `#x` when private, `[text]` when computed. */
  readonly name: string;
  readonly isStatic?: boolean;
  /** Of a field's initialiser without its function, or of a static block. */
  readonly hash?: string;
  /** Of a method or accessor, or the function that a field is initialised with. */
  readonly own?: FunctionShape;
  /** A field's initialiser may have effects: its text asks before it runs. */
  readonly isGuarded?: true;
}

/** The binding that has no name. */
export const DEFAULT_BINDING = '*default*';
