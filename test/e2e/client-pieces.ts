/**
 * The client's pieces on the global object of a test page, bundled as the real client is. The tests drive them one at a time
 * against a scripted server; the composed client has its own tests with the real one.
 */
import { createConnection } from '../../src/client/connection.ts';
import { createConsoleLog } from '../../src/client/console-log.ts';
import { installEventSourceShim } from '../../src/client/event-source-shim.ts';
import { createImages } from '../../src/client/images.ts';
import { createOverlay } from '../../src/client/overlay.ts';
import { createPageAssets } from '../../src/client/page-assets.ts';
import { createPageErrors } from '../../src/client/page-errors.ts';
import { createPageState } from '../../src/client/page-state.ts';
import { createPost } from '../../src/client/post.ts';
import { createReloader } from '../../src/client/reload.ts';
import { openLeaderLink, openOwnLink, openWorkerLink } from '../../src/client/stream-links.ts';
import { createStyles } from '../../src/client/styles.ts';

const pieces = {
  createConnection,
  createConsoleLog,
  createImages,
  createOverlay,
  createPageAssets,
  createPageErrors,
  createPageState,
  createPost,
  createReloader,
  createStyles,
  installEventSourceShim,
  openLeaderLink,
  openOwnLink,
  openWorkerLink,
};

declare global {
  var hmr: typeof pieces;
}

globalThis.hmr = pieces;
