/** Processes of the benchmark: measured with their children, and ended with them. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import { test } from 'node:test';
import { startProcess } from '../../bench/process-tree.ts';

/** Starts a child of its own, which tells its id and then waits for ever. */
const PARENT = `
const { spawn } = require('node:child_process');
const code = "require('node:net').connect(PORT, '127.0.0.1', function () { this.write(String(process.pid)); }); setInterval(() => {}, 1000)";
spawn(process.execPath, ['-e', code.replace('PORT', process.argv[1])], { stdio: 'inherit' });
setInterval(() => {}, 1000);
`;

test('a process is measured and ended together with its children', async () => {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  const connected = once(server, 'connection');
  const tree = startProcess(process.execPath, ['-e', PARENT, String(port)], { cwd: process.cwd() });
  const [socket] = (await connected) as [net.Socket];
  const [pid] = (await once(socket, 'data')) as [Buffer];
  const status = fs.readFileSync(`/proc/${pid.toString()}/status`, 'utf8');
  const childBytes = Number(/^VmRSS:\s*(\d+)/m.exec(status)?.[1]) * 1024;
  assert.ok(tree.rssBytes() > childBytes, 'the tree is larger than the child alone');

  const closed = once(socket, 'close');
  await tree[Symbol.asyncDispose]();
  // The child's connection ends with the child.
  await closed;
  assert.equal(tree.exited(), true);
  await tree[Symbol.asyncDispose]();
  server.close();
});

test('what a process printed is kept, for the message of a failure', async () => {
  await using tree = startProcess(process.execPath, ['-e', "console.log('out'); console.error('err'); process.exit(3)"], {
    cwd: process.cwd(),
  });
  while (!tree.exited() || !/out[^]*err|err[^]*out/.test(tree.output())) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(tree.rssBytes(), 0);
});

test('a program that does not exist has exited, and says so', async () => {
  await using tree = startProcess('/nowhere/server', [], { cwd: process.cwd() });
  while (tree.output() === '') await new Promise((resolve) => setImmediate(resolve));
  assert.equal(tree.exited(), true);
  assert.match(tree.output(), /ENOENT/);
});
