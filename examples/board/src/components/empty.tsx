import helpText from '@/assets/help.txt?raw';
import { h } from '@/jsx/factory';
import type { Child } from '@/jsx/node';

/** Stands where a column has nothing to show. */
export function Empty({ filtered }: { readonly filtered: boolean }): Child {
  return <p class="empty">{filtered ? 'No task here fits the filter.' : helpText.trim()}</p>;
}
