import { useState } from 'preact/hooks';

export function Tally({ of }: { of: string }) {
  const [seen, setSeen] = useState(0);
  return (
    <button class="tally" onClick={() => setSeen(seen + 1)}>
      {of}: {seen}
    </button>
  );
}
