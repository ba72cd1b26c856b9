import { useState, type FormEvent } from 'react';

export function AddThing({ onAdd }: { readonly onAdd: (name: string) => void }) {
  const [name, setName] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (name.trim()) onAdd(name.trim());
    setName('');
  };
  return (
    <form onSubmit={submit}>
      <input aria-label="Another thing" placeholder="Another thing" value={name} onChange={(event) => setName(event.target.value)} />
      <button>Add</button>
    </form>
  );
}
