import { container } from 'hmr-dev/client';
import { render } from 'preact';

const page = document.querySelector('#app');

// The notes are called as a function: as a component, each version would be another one, and what is in it would start anew.
await container({ './notes.mdx': 'notes' }, ({ notes }) => {
  if (page) render(notes.default({}), page);
});
