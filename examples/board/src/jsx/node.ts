/** A described element: what a component returns and `patch` makes real. */
export interface ElementNode {
  readonly tag: string;
  readonly key: string | undefined;
  readonly props: Readonly<Record<string, unknown>>;
  readonly children: readonly ViewNode[];
}

/** Text stands for itself. */
export type ViewNode = ElementNode | string;

/** What may be written between tags; `false` and the like are left out. */
export type Child = ViewNode | number | boolean | null | undefined | readonly Child[];

export type Component<P = object> = (props: P & { readonly children?: readonly Child[] }) => Child;
