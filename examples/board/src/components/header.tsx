import logo from '@/assets/logo.svg';
import { h } from '@/jsx/factory';
import type { Child } from '@/jsx/node';
import { plural } from '@/lib/plural';
import type { Dispatch } from '@/model/actions';
import type { Board } from '@/model/board';
import { allTasks } from '@/model/selectors';
import type { History } from '@/store/history';
import styles from './header.module.css';
import { IconButton } from './icon-button';

interface HeaderProps {
  readonly board: Board;
  readonly history: History;
  readonly dispatch: Dispatch;
}

export function Header({ board, history: { past, future }, dispatch }: HeaderProps): Child {
  return (
    <header class={styles['header'] ?? ''}>
      <img src={logo} alt="" width="32" height="32" />
      <h1>{board.title}</h1>
      <span class={styles['count'] ?? ''}>{plural(allTasks(board).length, 'task')}</span>
      <IconButton icon="↶" label="Undo" disabled={past.length === 0} onClick={() => dispatch({ type: 'undo' })} />
      <IconButton icon="↷" label="Redo" disabled={future.length === 0} onClick={() => dispatch({ type: 'redo' })} />
    </header>
  );
}
