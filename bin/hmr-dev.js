#!/usr/bin/env node
/**
 * Checks the version of Node before anything is loaded that an older one cannot even parse, then hands over to the command line.
 * Plain JavaScript of 2015, for the same reason.
 */
var required = [20, 19];
var version = process.versions.node.split('.').map(Number);
if (version[0] < required[0] || (version[0] === required[0] && version[1] < required[1])) {
  console.error('hmr-dev needs Node ' + required.join('.') + ' or newer; this is ' + process.versions.node + '. See https://nodejs.org');
  process.exit(1);
}

// Not through the other commands: what `run` loads, a program waits for.
var entry = process.argv[2] === 'run' ? 'run/command/run-command.js' : 'cli.js';

import('../dist/server/' + entry).then(
  function (command) {
    return command.main(process.argv);
  },
  function (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND' || !String(error.message).includes(entry)) throw error;
    console.error('hmr-dev is not built. In a checkout, run: npm run build');
    process.exit(1);
  },
);
