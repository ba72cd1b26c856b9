/**
 * `hmr-dev/preact` with Preact itself, in Chromium: what is kept and what begins anew over edits of one open page, as its refresh
 * library decides it, and who takes what it cannot.
 */
import preact from '../../src/server/preact.ts';
import { appFiles, CLICKED, testRefresh } from './refresh-app.ts';

const FILES = appFiles(
  { core: 'preact', hooks: 'preact/hooks', compat: 'preact/compat' },
  `import { render } from 'preact';
    import { App } from './app';
    render(<App />, document.querySelector('main')!);`,
);

testRefresh(preact, FILES, { classes: 'keep', mended: CLICKED });
