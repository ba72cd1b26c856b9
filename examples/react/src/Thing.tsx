interface ThingProps {
  readonly name: string;
  readonly isPacked: boolean;
  readonly onToggle: () => void;
}

export function Thing({ name, isPacked, onToggle }: ThingProps) {
  return (
    <li>
      <button className={isPacked ? 'thing packed' : 'thing'} onClick={onToggle}>
        <span className="mark">{isPacked ? '✓' : '○'}</span> {name}
      </button>
    </li>
  );
}
