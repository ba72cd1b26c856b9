/**
 * Elements that a framework draws into after it has emptied them: what the author's file has in there (mostly a "Loading…") is not to be seen
 * after a fresh load either. Other elements that scripts fill show both, such as a list, or what Preact draws into.
 */

/** How React and Vue know them. */
const MARKS = /^(?:__reactContainer\$|_reactRootContainer$|__vue_app__$)/;

export function isFrameworkRoot(node: Node | undefined): boolean {
  return node !== undefined && Object.keys(node).some((name) => MARKS.test(name));
}

/** Whether what the file has in a root is a template: Vue notes it in a component that has no other. */
export function isTemplateRoot(node: Node | undefined): boolean {
  const app: unknown = node && Reflect.get(node, '__vue_app__');
  const component: unknown = isObject(app) ? app['_component'] : undefined;
  const template = isObject(component) ? component['template'] : undefined;
  return typeof template === 'string' && template.trim() !== '';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
