import { h } from '@/jsx/factory';
import type { Child } from '@/jsx/node';
import { classes } from '@/lib/classes';
import { nameOf, type Priority } from '@/model/priority';
import styles from './badge.module.css';

export function Badge({ priority }: { readonly priority: Priority }): Child {
  const name = nameOf(priority);
  return <span class={classes(styles['badge'], styles[name])}>{name}</span>;
}
