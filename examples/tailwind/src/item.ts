export const things = ['Tent', 'Stove', 'Map', 'Torch'];

/** A row of the list. @param packed what is packed; `redraw` after a change of it */
export function render(thing: string, packed: Set<string>, redraw: () => void): HTMLElement {
  const button = document.createElement('button');
  const isPacked = packed.has(thing);
  button.textContent = isPacked ? `${thing} ✓` : thing;
  button.className = `block w-full rounded-xl px-4 py-3 text-left shadow ${isPacked ? 'bg-brand text-white' : 'bg-white'}`;
  button.addEventListener('click', () => {
    if (!packed.delete(thing)) packed.add(thing);
    redraw();
  });
  return button;
}
