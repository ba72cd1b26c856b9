/**
 * `hmr-dev run` in a real terminal: `r` and Enter, a program that reads the terminal itself, and a terminal that closes.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { describe, test } from 'node:test';
import { BIN } from '../../../harness/cli.ts';
import { withDeadline } from '../../../harness/diagnostics.ts';
import { fixture, type Fixture } from '../../../harness/fixture.ts';
import { noTerminal, openTerminal, type TestTerminal } from '../../../harness/terminal.ts';
import { SERVER, word } from './run-command.ts';

const TELLING = `${SERVER}\nconsole.log('pid ' + process.pid);\n`;

/** `exec`: the shell gives its place to hmr-dev, which is then the leader of the session. */
const open = (folder: Fixture): Promise<TestTerminal> =>
  openTerminal(`cd '${folder.path}' && exec '${process.execPath}' '${BIN}' run --no-cache --log-level debug server.mjs`);

describe('in a terminal', { skip: noTerminal }, () => {
  test('r and Enter: another process', async () => {
    await using folder = await fixture({ 'server.mjs': TELLING, 'word.mjs': word('first') });
    await using terminal = await open(folder);
    const first = await terminal.log.waitFor(/^pid /);
    await terminal.log.waitFor(/ runs$/);
    const from = terminal.log.lines.length;
    terminal.type('hello\n');
    terminal.type('r\n');
    await terminal.log.waitFor(/r was pressed: restarted/, from);
    const second = terminal.log.lines.slice(from).find((line) => line.startsWith('pid '));
    assert.notEqual(second, undefined);
    assert.notEqual(second, first);
    assert.equal(terminal.log.lines.filter((line) => line.includes('restarted')).length, 1);
  });
  test('a program that reads gets all that is typed, over reloads too', async () => {
    const reading = `${SERVER}\nprocess.stdin.setEncoding('utf8').on('data', (text) => console.log('heard ' + word + ' ' + text.trim()));\n`;
    await using folder = await fixture({ 'server.mjs': reading, 'word.mjs': word('first') });
    await using terminal = await open(folder);
    await terminal.log.waitFor(/ runs$/);
    for (const text of ['hello', 'r', 'again']) {
      terminal.type(`${text}\n`);
      await terminal.log.waitFor(new RegExp(`^heard first ${text}$`));
    }
    const from = terminal.log.lines.length;
    await folder.write('word.mjs', word('second'));
    await terminal.log.waitFor(/: reloaded/, from);
    terminal.type('r\n');
    await terminal.log.waitFor(/^heard second r$/);
    assert.ok(terminal.log.lines.every((line) => !line.includes('restarted')));
  });
  test('a terminal that closes ends all of it', async () => {
    const streaming = SERVER.replace('response.end(word)', 'response.write(word)');
    await using folder = await fixture({ 'server.mjs': streaming, 'word.mjs': word('first') });
    const terminal = await open(folder);
    const port = Number((await terminal.log.waitFor(/^port /)).slice(5));
    await terminal.log.waitFor(/ runs$/);
    const [response] = (await once(http.get({ port }), 'response')) as [http.IncomingMessage];
    const closed = new Promise((resolve) => response.on('error', resolve).resume());
    await terminal[Symbol.asyncDispose]();
    await withDeadline(closed, 'the end of the program');
  });
});
