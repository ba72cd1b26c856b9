/**
 * `import.meta.glob(…)` in the text of a module becomes an object literal: functions that import, or, where it is eager, getters. An
 * imported name is read where its module keeps it, and what stands in the object is to be as new as that.
 */
import { codeFrame, HmrError, placeAt } from '../errors.ts';
import { atCall, readGlobCall, type GlobCall, type GlobMistake } from './glob-call.ts';
import type { GlobMatch } from './globs.ts';
import { guard, property, type LinkContext } from './link-context.ts';
import type { DynamicRequest } from './link-meta.ts';
import type { AnyNode, CallExpression } from './parse.ts';

export type FindGlob = (call: GlobCall) => readonly GlobMatch[];

export interface GlobUses {
  /** Of the module, in source order. */
  readonly calls: GlobCall[];
  /** Plans the edit. @throws HmrError `GLOB` with place and frame */
  rewrite(node: CallExpression): void;
  /** Part of a call that is replaced as a whole. */
  isReplaced(node: AnyNode): boolean;
}

/** @param dynamic gets what is imported lazily */
export function createGlobUses(context: LinkContext, dynamic: DynamicRequest[], find: FindGlob): GlobUses {
  const { code, file, edits, names, record, later } = context;
  const calls: GlobCall[] = [];
  const replaced = new Set<AnyNode>();

  const mistake: GlobMistake = ({ start }, message, hint) => {
    const place = placeAt(code, start);
    return new HmrError('GLOB', message, { location: { file, ...place }, frame: codeFrame(code, place.line, place.column), hint });
  };

  const eagerEntries = (matches: readonly GlobMatch[], { name }: GlobCall, { start, end }: CallExpression): string[] => {
    const parameters = names.addDependencies('$glob', matches.length);
    return matches.map(({ key, id }, index) => {
      const dep = record.requests.length;
      record.requests.push({ specifier: id, attributes: {}, start, end, id, isGlobbed: true });
      record.imports.push({ dep, name, start });
      const value = name === '*' ? `${names.module}.ns(${dep})` : `${parameters[index]}${property(name)}`;
      return `get ${JSON.stringify(key)}(){return ${value}}`;
    });
  };

  const lazyEntries = (matches: readonly GlobMatch[], { name }: GlobCall): string[] => {
    const pick = name === '*' ? '' : `.then((m)=>m${property(name)})`;
    return matches.map(({ key, id }) => {
      dynamic.push({ specifier: id, kind: 'import', id });
      return `${JSON.stringify(key)}:()=>${names.module}.import(${JSON.stringify(id)})${pick}`;
    });
  };

  return {
    calls,
    isReplaced: (node) => replaced.has(node),
    rewrite(node) {
      const call = readGlobCall(node, mistake);
      calls.push(call);
      if (node.callee.type === 'MemberExpression') replaced.add(node.callee.object);
      later(() => {
        const matches = atCall(() => find(call), node, mistake);
        const entries = call.eager ? eagerEntries(matches, call, node) : lazyEntries(matches, call);
        edits.replace(node.start, node.end, `${guard(context, node.start)}({${entries.join(',')}})`);
      });
    },
  };
}
