/** The text fields of a submitted form by name. */
export function readForm(event: SubmitEvent): Record<string, string> {
  event.preventDefault();
  if (!(event.target instanceof HTMLFormElement)) return {};
  const fields: Record<string, string> = {};
  for (const [name, value] of new FormData(event.target)) if (typeof value === 'string') fields[name] = value;
  return fields;
}

export function valueOf(event: Event): string {
  return event.target instanceof HTMLInputElement ? event.target.value : '';
}
