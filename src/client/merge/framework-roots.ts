/**
 * Elements that a framework draws into after it has emptied them: what the author's file has in there (mostly a "Loading…") is not to be seen
 * after a fresh load either. Other elements that scripts fill show both, such as a list, or what Preact draws into.
 */

/** What React and Vue know them by. */
const MARKS = /^(?:__reactContainer\$|_reactRootContainer$|__vue_app__$)/;

export function isFrameworkRoot(node: Node | undefined): boolean {
  return node !== undefined && Object.keys(node).some((name) => MARKS.test(name));
}
