/**
 * Attributes that the author edited, and only those: classes merge by token and styles by property, since scripts add and remove their own.
 * Where an attribute is the initial value of something that a visitor changes, the edit counts for that too.
 */

/** @returns how many attributes differ between the two files */
export function mergeAttributes(old: Element, now: Element, live: Element): number {
  let count = 0;
  const names = new Set([...old.getAttributeNames(), ...now.getAttributeNames()]);
  for (const name of names) {
    const [before, after] = [old.getAttribute(name), now.getAttribute(name)];
    // Browsers hide it, and it says nothing about the element.
    if (before === after || name === 'nonce') continue;
    count++;
    mergeAttribute(live, name, before, after, now.getAttributeNode(name));
  }
  return count;
}

/** Classes and attributes that the live element has besides those of the file. */
export function copyOwnAttributes(old: Element, live: Element, to: Element): void {
  for (const { name, value } of live.attributes) {
    const before = old.getAttribute(name);
    if (before === value || name === 'nonce') continue;
    if (name === 'class' || name === 'style') mergeAttribute(to, name, before, value, null);
    else if (before === null && !to.hasAttribute(name)) to.setAttribute(name, value);
  }
}

function mergeAttribute(live: Element, name: string, before: string | null, after: string | null, attribute: Attr | null): void {
  if (name === 'class') return mergeClasses(live, before ?? '', after);
  if (name === 'style' && 'style' in live) return mergeStyles(live as HTMLElement, before ?? '', after ?? '');
  if (attribute) live.setAttributeNodeNS(attribute.cloneNode() as Attr);
  else live.removeAttribute(name);
  setValue(live, name, after);
}

function mergeClasses(live: Element, before: string, after: string | null): void {
  const [old, now] = [before, after ?? ''].map((text) => new Set(text.split(/\s+/).filter((token) => token !== '')));
  for (const token of old ?? []) if (!now?.has(token)) live.classList.remove(token);
  for (const token of now ?? []) if (!old?.has(token)) live.classList.add(token);
  if (live.classList.length > 0) return;
  if (after === null) live.removeAttribute('class');
  else live.setAttribute('class', after);
}

/** Through the CSSOM: a policy that forbids the attribute allows it. */
function mergeStyles(live: HTMLElement, before: string, after: string): void {
  const [old, now] = [declarations(before), declarations(after)];
  for (const name of old) {
    if (now.getPropertyValue(name) === '') live.style.removeProperty(name);
  }
  for (const name of now) {
    const [value, priority] = [now.getPropertyValue(name), now.getPropertyPriority(name)];
    if (value !== old.getPropertyValue(name) || priority !== old.getPropertyPriority(name)) live.style.setProperty(name, value, priority);
  }
}

function declarations(text: string): CSSStyleDeclaration & Iterable<string> {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('x{}');
  const [rule] = sheet.cssRules;
  const { style } = rule as CSSStyleRule;
  style.cssText = text;
  return style as CSSStyleDeclaration & Iterable<string>;
}

/** A field that was typed into no longer shows its attribute. */
function setValue(live: Element, name: string, value: string | null): void {
  if (live instanceof HTMLInputElement && name === 'checked') live.checked = value !== null;
  else if (live instanceof HTMLOptionElement && name === 'selected') live.selected = value !== null;
  else if (live instanceof HTMLInputElement && name === 'value' && live.type !== 'file') live.value = value ?? '';
}
