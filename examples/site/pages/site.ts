/** The switch between light and dark, which is remembered. */
const root = document.documentElement;
const button = document.querySelector<HTMLButtonElement>('#theme');

function show(isDark: boolean): void {
  root.classList.toggle('dark', isDark);
  if (button) button.textContent = isDark ? 'Light' : 'Dark';
}

const toggle = (): void => {
  const isDark = !root.classList.contains('dark');
  localStorage.setItem('theme', isDark ? 'dark' : 'light');
  show(isDark);
};

show(localStorage.getItem('theme') === 'dark');
button?.addEventListener('click', toggle);

import.meta.hot?.accept();
import.meta.hot?.dispose(() => button?.removeEventListener('click', toggle));
