/**
 * The document and every open shadow root under it: `querySelectorAll` stops at shadow boundaries, and stylesheets, images and
 * form fields do not. Closed roots cannot be reached, by design of the platform.
 */

export type Roots = readonly (Document | ShadowRoot)[];

export function domRoots(root: Document | ShadowRoot = document): Roots {
  const roots = [root];
  for (const element of root.querySelectorAll('*')) {
    if (element.shadowRoot !== null) roots.push(...domRoots(element.shadowRoot));
  }
  return roots;
}

/** All matches, shadow trees included. @param roots when they are known: to find them takes a look at every element */
export function queryAll<E extends Element>(selector: string, roots: Roots = domRoots()): E[] {
  return roots.flatMap((root) => [...root.querySelectorAll<E>(selector)]);
}
