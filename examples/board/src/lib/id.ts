let last = 0;

/** Unique in this page, and readable when it is logged. */
export function createId(kind: string): string {
  last += 1;
  return `${kind}-${last}`;
}
