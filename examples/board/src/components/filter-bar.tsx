import { h } from '@/jsx/factory';
import type { Child } from '@/jsx/node';
import { classes } from '@/lib/classes';
import { valueOf } from '@/lib/forms';
import type { Dispatch } from '@/model/actions';
import type { Filter } from '@/model/filter';
import { nameOf, priorities } from '@/model/priority';

interface FilterBarProps {
  readonly filter: Filter;
  readonly dispatch: Dispatch;
}

export function FilterBar({ filter, dispatch }: FilterBarProps): Child {
  return (
    <nav class="filters">
      <input
        type="search"
        placeholder="Search"
        aria-label="Search"
        onInput={(event) => dispatch({ type: 'filter', filter: { text: valueOf(event) } })}
      />
      {priorities.map((priority) => {
        const active = filter.priority === priority;
        const toggle = (): void => dispatch({ type: 'filter', filter: { priority: active ? undefined : priority } });
        return (
          <button type="button" class={classes('chip', active && 'active')} aria-pressed={String(active)} onClick={toggle}>
            {nameOf(priority)}
          </button>
        );
      })}
      <button type="button" class="chip" onClick={() => dispatch({ type: 'panel', panel: 'statistics' })}>
        Statistics
      </button>
    </nav>
  );
}
