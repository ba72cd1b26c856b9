/**
 * Names an element so that the same place can be found in the next version of the page: from the nearest unique id (or the root)
 * down by tag and position among siblings of that tag, `^` entering a shadow tree: `#list/li:2/x-field:0/^/input:0`. Position
 * counts same-tag siblings only, so that an inserted heading does not shift every input.
 */

export function addressOf(element: Element): string {
  const steps: string[] = [];
  let current: Element = element;
  for (;;) {
    const root = current.getRootNode();
    const isRoot = root instanceof Document || root instanceof ShadowRoot;
    if (isRoot && hasUniqueId(current, root)) {
      steps.unshift(`#${encodeURIComponent(current.id)}`);
    } else {
      steps.unshift(`${current.localName}:${positionOf(current)}`);
      if (current.parentElement !== null) {
        current = current.parentElement;
        continue;
      }
    }
    if (!(root instanceof ShadowRoot)) return steps.join('/');
    steps.unshift('^');
    current = root.host;
  }
}

export function findByAddress(address: string): Element | undefined {
  let context: Element | ShadowRoot | Document | undefined = document;
  for (const step of address.split('/')) {
    if (context === undefined) return undefined;
    context = follow(context, step);
  }
  return context instanceof Element ? context : undefined;
}

function follow(context: Element | ShadowRoot | Document, step: string): Element | ShadowRoot | undefined {
  if (step === '^') return (context instanceof Element ? context.shadowRoot : null) ?? undefined;
  if (step.startsWith('#')) return context.querySelector(`#${CSS.escape(decodeURIComponent(step.slice(1)))}`) ?? undefined;
  const [tag, position] = step.split(':');
  return [...context.children].filter((child) => child.localName === tag)[Number(position)];
}

function hasUniqueId(element: Element, root: Document | ShadowRoot): boolean {
  return element.id !== '' && root.querySelectorAll(`#${CSS.escape(element.id)}`).length === 1;
}

function positionOf(element: Element): number {
  const siblings = element.parentNode?.children ?? [];
  return [...siblings].filter((child) => child.localName === element.localName).indexOf(element);
}
