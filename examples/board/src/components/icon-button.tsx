import { h } from '@/jsx/factory';
import type { Child } from '@/jsx/node';
import styles from './icon-button.module.css';

interface IconButtonProps {
  readonly icon: string;
  readonly label: string;
  readonly disabled?: boolean;
  readonly onClick: () => void;
}

export function IconButton({ icon, label, disabled = false, onClick }: IconButtonProps): Child {
  return (
    <button type="button" class={styles['button'] ?? ''} aria-label={label} title={label} disabled={disabled} onClick={onClick}>
      {icon}
    </button>
  );
}
