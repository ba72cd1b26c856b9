import { h } from '@/jsx/factory';
import type { Child } from '@/jsx/node';
import { readForm } from '@/lib/forms';
import type { Dispatch } from '@/model/actions';
import { nameOf, priorities, Priority } from '@/model/priority';
import styles from './card-form.module.css';

interface CardFormProps {
  readonly columnId: string;
  readonly dispatch: Dispatch;
}

export function CardForm({ columnId, dispatch }: CardFormProps): Child {
  const submit = (event: SubmitEvent): void => {
    const { title = '', priority } = readForm(event);
    dispatch({ type: 'add', columnId, title, priority: Number(priority) });
    if (event.target instanceof HTMLFormElement) event.target.reset();
  };
  return (
    <form class={styles['form'] ?? ''} onSubmit={submit}>
      <input name="title" placeholder="New task" aria-label="New task" autocomplete="off" required />
      <select name="priority" aria-label="Priority">
        {priorities.map((priority) => (
          <option value={priority} selected={priority === Priority.Normal}>
            {nameOf(priority)}
          </option>
        ))}
      </select>
      <button>Add</button>
    </form>
  );
}
