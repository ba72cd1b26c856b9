/** `hmr-dev build` and `hmr-dev preview` as commands: what they print, how they end, and what the preview answers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCli, startCli } from '../harness/cli.ts';
import { fixture } from '../harness/fixture.ts';
import { openPage } from '../harness/browser.ts';
import { HEAD, svgOf } from './link-support.ts';

const FILES = {
  'package.json': '{}',
  'hmr.config.ts': `export default ({ command, mode }) => ({ root: './src', base: '/app/', define: { __BY__: JSON.stringify(command + ' ' + mode) } });`,
  'src/index.html': `${HEAD}<img src="a.svg"><p id="out"></p><script type="module" src="main.ts"></script>`,
  'src/404.html': `${HEAD}<p>Not here`,
  'src/about.html': `${HEAD}<p id="out">about`,
  'src/main.ts': `document.querySelector('#out')!.textContent = __BY__ + import.meta.env.BASE_URL;`,
  'src/a.svg': svgOf(4),
};

test('build by the configuration, then preview', async () => {
  await using files = await fixture(FILES);
  const { code, stdout, stderr } = await runCli(['build'], { cwd: files.path });
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /^ {2}name +size +gzip$/m);
  assert.match(stdout, /^ {2}assets\/main-\w+\.js +\d+ B +\d+ B$/m);
  assert.match(stdout, /^ {2}total +\d/m);
  assert.match(stdout, /^ {2}dist built in \d+ ms$/m);

  await using cli = await startCli(['preview', '--port', '0'], { cwd: files.path });
  await using page = await openPage(`${cli.origin}/`);
  await page.untilText('#out', 'build production/app/');
  const get = (urlPath: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(new URL(urlPath, cli.origin), { headers });
  const script = /src="(\/app\/assets\/main-[^"]+)"/.exec(await (await get('/app/')).text())?.[1] ?? '';
  const answer = await get(script);
  assert.equal(answer.headers.get('content-type'), 'text/javascript; charset=utf-8');
  assert.equal(answer.headers.get('cache-control'), 'public, max-age=31536000, immutable');
  assert.equal((await get('/app/')).headers.get('cache-control'), 'no-cache');
  assert.equal((await get('/app/about')).status, 200);
  const missing = await get('/app/nothing', { accept: 'text/html' });
  assert.deepEqual([missing.status, /Not here/.test(await missing.text())], [404, true]);
  assert.equal((await get('/app/.hmr-dev-build.json')).status, 404);
  assert.equal((await fetch(new URL('/app/', cli.origin), { method: 'POST' })).status, 405);
  assert.deepEqual(await cli.stop(), { code: 143, signal: null });
});

test('preview by its own options', async () => {
  await using files = await fixture({ ...FILES, 'src/index.html': `${HEAD}<p id="out">the page` });
  assert.equal((await runCli(['build'], { cwd: files.path })).code, 0);
  await using cli = await startCli(['preview', 'dist', '--port', '0', '--base', '/other/', '--spa'], { cwd: files.path });
  const get = (urlPath: string): Promise<Response> => fetch(new URL(urlPath, cli.origin), { headers: { accept: 'text/html' } });
  const route = await get('/other/some/route');
  assert.deepEqual([route.status, /the page/.test(await route.text())], [200, true]);
  assert.equal((await get('/app/')).status, 404);
});

test('a mistake is told with its place, and the exit code is 1', async () => {
  await using files = await fixture({ ...FILES, 'src/main.ts': 'const a = ;' });
  const { code, stdout, stderr } = await runCli(['build'], { cwd: files.path });
  assert.deepEqual([code, stdout], [1, '']);
  assert.match(stderr, /src\/main\.ts:1:11/);
  assert.match(stderr, /> 1 \| const a = ;/);
});

test('options count more than the configuration', async () => {
  await using files = await fixture(FILES);
  const { code } = await runCli(['build', './src', '--out', 'site', '--base', '/', '--mode', 'staging', '--no-minify', '--sourcemap'], {
    cwd: files.path,
  });
  assert.equal(code, 0);
  const list = JSON.parse(await files.read('site/.hmr-dev-build.json')) as { base: string; hashed: string[] };
  assert.equal(list.base, '/');
  const name = list.hashed.find((one) => one.endsWith('.js')) ?? '';
  assert.match(await files.read(`site/${name}`), /"build staging\/"|"build staging" \+ "\/"/);
  assert.ok(list.hashed.includes(`${name}.map`));
});

test('each command has its help and refuses what it does not know', async () => {
  const help = await runCli(['build', '--help']);
  assert.match(help.stdout, /hmr-dev build \[dir\] \[options\][\s\S]*--out .*\(default dist\)/);
  assert.match((await runCli(['preview', '--help'])).stdout, /hmr-dev preview \[dir\] \[options\][\s\S]*--port .*\(default 4677\)/);
  assert.match((await runCli(['--help'])).stdout, /hmr-dev build \[dir\]/);
  const wrong = await runCli(['build', '--otu', 'x']);
  assert.deepEqual([wrong.code, wrong.stderr], [1, 'error Unknown option --otu. Did you mean --out?\n']);
  assert.match((await runCli(['build', '--out'])).stderr, /^error --out takes a path; it has no value\.\n$/);
  assert.match((await runCli(['preview', './nowhere'])).stderr, /^error The folder "\.\/nowhere" does not exist/);
});

test('a folder called build is served by its path', async () => {
  await using files = await fixture({ 'build/index.html': `${HEAD}<p id="out">a folder` });
  await using cli = await startCli(['./build', '--port', '0'], { cwd: files.path });
  assert.match(await (await fetch(cli.url())).text(), /a folder/);
});
