/**
 * `r` and Enter in the terminal of `hmr-dev run`: another process. By lines and not by single keys, so that the terminal stays as it is for the program,
 * with Ctrl-C and Ctrl-Z of its own; and only until the program reads the terminal itself.
 */
import { isForeground } from '../../foreground.ts';

export interface RestartKey {
  /** The program reads from now on. */
  release(): void;
}

export function listenForRestart(restart: () => void): RestartKey {
  const { stdin } = process;
  let isReleased = false;
  const read = (text: string): void => {
    if (/^r\r?$/im.test(text)) restart();
  };
  // Reading from the background would stop the process; who brings it to the front continues it.
  const update = (): void => {
    if (!isReleased && isForeground()) stdin.resume();
    else stdin.pause();
  };
  stdin.setEncoding('utf8').on('data', read);
  // A terminal that closes.
  stdin.on('error', () => stdin.pause());
  process.on('SIGCONT', update);
  update();
  return {
    release() {
      isReleased = true;
      process.off('SIGCONT', update);
      stdin.off('data', read);
      stdin.pause();
    },
  };
}
