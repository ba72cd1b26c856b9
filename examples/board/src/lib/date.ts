const format = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short' });

/** `2026-03-09` as `Mar 9`. */
export function shortDate(iso: string): string {
  return format.format(new Date(`${iso}T12:00:00`));
}

export function isPast(iso: string, today: Date = new Date()): boolean {
  return iso < today.toISOString().slice(0, 10);
}
