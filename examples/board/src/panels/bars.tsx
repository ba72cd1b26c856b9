import { h } from '@/jsx/factory';
import type { Child } from '@/jsx/node';
import type { Share } from '@/model/selectors';
import styles from './bars.module.css';

interface BarsProps {
  readonly title: string;
  readonly shares: readonly Share[];
}

export function Bars({ title, shares }: BarsProps): Child {
  return (
    <figure class={styles['bars'] ?? ''}>
      <figcaption>{title}</figcaption>
      {shares.map(({ label, count, part }) => (
        <div class={styles['bar'] ?? ''} style={`--part: ${part}`}>
          {label} <b>{count}</b>
        </div>
      ))}
    </figure>
  );
}
