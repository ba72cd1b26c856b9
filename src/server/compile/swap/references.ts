/**
 * Who uses which module-level name where, noted during the walk of the link step and asked when it is over, since only then it is known
 * whose a name is.
 */
import type { LinkContext } from '../link-context.ts';
import type { AnyNode, Identifier } from '../parse.ts';
import { resolve, type Scope } from '../scope.ts';
import type { WalkState } from '../visitor.ts';
import type { Range, Tokens } from './tokens.ts';
import type { SwapPlan } from './plan.ts';

export interface References {
  /** @param member that is read of it, where it is a namespace */
  note(id: Identifier, place: Place, isWrite: boolean, member?: string): void;
  /** Tells the tokens what names mean here, so that a function counts as changed when an import of it comes from elsewhere. */
  mark(tokens: Tokens): void;
  /** Names that are read in a range, but not in its holes. Imports as `dep name`. */
  within(range: Range, holes: readonly Range[]): { readonly reads: string[]; readonly imports: string[] };
  /** See `Shape.untold`. */
  untold(): string[];
}

type Place = Pick<WalkState, 'scope' | 'functionDepth'>;

type ReferencesPlan = Pick<SwapPlan, 'names' | 'functions' | 'classes'>;

interface Reference {
  readonly start: number;
  readonly depth: number;
  readonly name: string;
  readonly isWrite: boolean;
  readonly member: string | undefined;
}

export function createReferences({ record }: Pick<LinkContext, 'record'>, { names, functions, classes }: ReferencesPlan): References {
  const noted: (Reference & { readonly scope: Scope })[] = [];
  let known: Reference[] | undefined;

  const all = (): readonly Reference[] =>
    (known ??= noted.filter(({ scope, name }) => resolve(scope, name)?.kind === 'module').sort((a, b) => a.start - b.start));

  return {
    note({ name, start }, { scope, functionDepth: depth }, isWrite, member) {
      if (names.has(name) || record.bindings.has(name)) noted.push({ start, depth, name, isWrite, scope, member });
    },
    mark(tokens) {
      for (const { start, name, isWrite } of all()) {
        const imported = record.bindings.get(name);
        if (imported) tokens.mark(start, `${record.requests[imported.dep]?.specifier}#${imported.name}`);
        // Who writes an exported name tells importers, which depends on the names that it has for them.
        else tokens.mark(start, 'own', isWrite ? (record.exported.get(name)?.join() ?? '') : undefined);
      }
    },
    within({ start, end }, holes) {
      const reads = new Set<string>();
      const imports = new Set<string>();
      const sorted = all();
      for (let index = firstFrom(sorted, start); index < sorted.length; index++) {
        const reference = sorted[index];
        if (!reference || reference.start >= end) break;
        if (reference.isWrite) continue;
        if (holes.some((hole) => reference.start >= hole.start && reference.start < hole.end)) continue;
        const imported = record.bindings.get(reference.name);
        if (imported) imports.add(`${imported.dep} ${imported.name === '*' ? (reference.member ?? '*') : imported.name}`);
        else reads.add(reference.name);
      }
      return { reads: [...reads], imports: [...imports] };
    },
    untold() {
      const isReached = ({ start, depth }: Reference): boolean => {
        if (depth === 0) return true;
        const around = functions.find(({ node }) => start >= node.start && start < node.end);
        // The initialiser of a field counts as a function.
        if (around) return depth === (around.place === 'field' ? 2 : 1) && !around.node.async && !around.node.generator;
        return depth === 1 && classes.some(({ node }) => start >= node.start && start < node.end);
      };
      const written = all().filter(({ name, isWrite }) => isWrite && names.has(name) && !record.exported.has(name));
      return [...new Set(written.flatMap((reference) => (isReached(reference) ? [] : [reference.name])))];
    },
  };
}

function firstFrom(references: readonly Reference[], start: number): number {
  let low = 0;
  let high = references.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((references[middle]?.start ?? 0) < start) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** `K` of `all.K`. */
export function memberRead(id: Identifier, parent: AnyNode): string | undefined {
  if (parent.type !== 'MemberExpression' || parent.object !== id || parent.computed) return undefined;
  return parent.property.type === 'Identifier' ? parent.property.name : undefined;
}
