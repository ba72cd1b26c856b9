/** `classes('a', isB && 'b')` is the class list without what does not apply. */
export function classes(...names: readonly (string | false | undefined)[]): string {
  return names.filter(Boolean).join(' ');
}
