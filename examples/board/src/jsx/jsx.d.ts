/** What the type checker needs to know about JSX here. */
declare namespace JSX {
  type Element = import('./node').Child;

  interface ElementChildrenAttribute {
    children: unknown;
  }

  interface IntrinsicAttributes {
    key?: string;
  }

  interface Attributes {
    key?: string;
    class?: string;
    onClick?: (event: MouseEvent) => void;
    onInput?: (event: InputEvent) => void;
    onSubmit?: (event: SubmitEvent) => void;
    onDragStart?: (event: DragEvent) => void;
    onDragOver?: (event: DragEvent) => void;
    onDrop?: (event: DragEvent) => void;
    [attribute: string]: unknown;
  }

  interface IntrinsicElements {
    [tag: string]: Attributes;
  }
}
