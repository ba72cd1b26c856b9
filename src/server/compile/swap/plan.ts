/**
 * What of a module can be replaced in place, as units.ts finds it: places in its tree. Types only; what travels with the module is made
 * of it by describe.ts.
 */
import type { MemberKind, SwapLevel } from '../../../runtime/swap/shape.ts';
import type { AnyNode } from '../parse.ts';
import type { NodeOf } from '../visitor.ts';
import type { ClosurePlan } from './closures.ts';
import type { ValueSignature } from './refresh-marks.ts';
import type { Range } from './tokens.ts';

export type FunctionNode = NodeOf<'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression'>;
export type ClassNode = NodeOf<'ClassDeclaration' | 'ClassExpression'>;

/** Where a function stands, which decides how it is written alone. */
export type FunctionPlace = 'declaration' | 'expression' | 'method' | 'accessor' | 'member' | 'field';

export interface FunctionPlan {
  readonly slot: number;
  readonly node: FunctionNode;
  readonly place: FunctionPlace;
  /** The property or member that it is the value of. */
  readonly owner: AnyNode | undefined;
  readonly name: string;
  readonly at: string;
  readonly hasTarget: boolean;
  /** A function expression that may name itself from inside: it is called with what it is. */
  readonly self: string | undefined;
}

export interface MemberPlan {
  readonly kind: MemberKind;
  readonly name: string;
  readonly isStatic: boolean;
  readonly node: NodeOf<'MethodDefinition' | 'PropertyDefinition' | 'StaticBlock'>;
  readonly own: FunctionPlan | undefined;
  readonly isGuarded: boolean;
}

export interface ClassPlan {
  readonly index: number;
  readonly node: ClassNode;
  readonly at: string;
  readonly name: string;
  readonly members: readonly MemberPlan[];
  readonly constructs: NodeOf<'MethodDefinition'> | undefined;
  readonly refused: string | undefined;
}

export interface Parts {
  readonly functions: FunctionPlan[];
  readonly classes: ClassPlan[];
  /** Functions and classes without slots of their own: part of the text, but not evaluated with it. */
  readonly opaque: Range[];
  /** Functions that are made when it is evaluated, by functions that are part of its text or in its blocks. */
  readonly inner: ClosurePlan[];
  /** Text that does not count: marks of the refresh transform, places in the source. */
  readonly marks: Range[];
}

export type UnitPlan =
  | { readonly kind: 'function'; readonly statement: AnyNode; readonly name: string; readonly own: FunctionPlan }
  | { readonly kind: 'class'; readonly statement: AnyNode; readonly name: string; readonly own: ClassPlan }
  | (Parts & {
      readonly kind: 'variable';
      readonly statement: AnyNode;
      /** The declarator, or the expression of `export default`. */
      readonly node: AnyNode;
      readonly init: AnyNode | undefined;
      readonly names: readonly string[];
      readonly isConstant: boolean;
      readonly isRefresh: boolean;
    })
  | (Parts & {
      readonly kind: 'statement';
      readonly statement: AnyNode;
      readonly isHot: boolean;
      readonly isRefresh: boolean;
      /** It is no statement of its own, but part of a value. */
      readonly signs?: ValueSignature | undefined;
    });

export interface SwapPlan {
  readonly level: Exclude<SwapLevel, 'off'>;
  readonly units: readonly UnitPlan[];
  /** By slot; those of class members too. */
  readonly functions: readonly FunctionPlan[];
  /** The slots after those of the functions; at level `closures` only. */
  readonly closures: readonly ClosurePlan[];
  /** By index. */
  readonly classes: readonly ClassPlan[];
  /** Module-level names, but for imports. */
  readonly names: ReadonlySet<string>;
}
