/**
 * The document and every open shadow root under it: `querySelectorAll` stops at shadow boundaries, and stylesheets, images and
 * form fields do not. Closed roots cannot be reached, by design of the platform.
 */

export function domRoots(root: Document | ShadowRoot = document): (Document | ShadowRoot)[] {
  const roots = [root];
  for (const element of root.querySelectorAll('*')) {
    if (element.shadowRoot !== null) roots.push(...domRoots(element.shadowRoot));
  }
  return roots;
}

/** All matches, shadow trees included. */
export function queryAll<E extends Element>(selector: string): E[] {
  return domRoots().flatMap((root) => [...root.querySelectorAll<E>(selector)]);
}
