/** The functions that JSX compiles to; tsconfig.json names them as `jsxFactory` and `jsxFragmentFactory`. */
import type { Child, Component, ElementNode, ViewNode } from './node';

type Props = Record<string, unknown>;

/** `<tag …>` describes an element; `<Component …>` is a call. */
export function h<P extends object>(type: string | Component<P>, props: (P & Props) | null, ...children: Child[]): Child {
  if (typeof type === 'function') return type({ ...(props ?? ({} as P)), children });
  const { key, ...rest } = props ?? ({} as Props);
  return { tag: type, key: key === undefined ? undefined : String(key), props: rest, children: flatten(children) };
}

/** `<>…</>`: children without an element around them. */
export function Fragment({ children = [] }: { readonly children?: readonly Child[] }): Child {
  return children;
}

export function flatten(children: readonly Child[]): ViewNode[] {
  return children.flatMap((child): ViewNode[] => {
    if (child === null || child === undefined || typeof child === 'boolean') return [];
    if (typeof child === 'number') return [String(child)];
    return isList(child) ? flatten(child) : [child];
  });
}

const isList = (child: ElementNode | string | readonly Child[]): child is readonly Child[] => Array.isArray(child);
