type Props = Readonly<Record<string, unknown>>;

/** Brings an element's attributes from one description to the next; touches only what differs between the two. */
export function setAttributes(element: Element, before: Props, after: Props): void {
  for (const name of Object.keys(before)) if (!(name in after)) setAttribute(element, name, undefined);
  for (const [name, value] of Object.entries(after)) if (before[name] !== value) setAttribute(element, name, value);
}

function setAttribute(element: Element, name: string, value: unknown): void {
  if (name.startsWith('on')) {
    Reflect.set(element, name.toLowerCase(), value ?? null);
  } else if (value === undefined || value === null || value === false) {
    element.removeAttribute(name);
  } else {
    element.setAttribute(name, value === true ? '' : String(value));
  }
}
