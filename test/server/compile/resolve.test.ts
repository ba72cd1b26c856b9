import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import type { ResolveOptions } from '../../../src/server/compile/resolve.ts';
import { HmrError } from '../../../src/server/errors.ts';
import { resolving, type Resolving } from './resolving.ts';

type Case = [specifier: string, expected: string, importer?: string, kind?: ResolveOptions['kind']];

/** One folder for a table of cases. */
function table(what: string, files: Record<string, string>, cases: readonly Case[], root?: string): void {
  describe(what, () => {
    let site: Resolving;
    before(async () => {
      site = await resolving(files, root);
    });
    after(() => site[Symbol.asyncDispose]());
    for (const [specifier, expected, importer, kind] of cases) {
      const title = `${importer === undefined ? '' : `${importer}: `}${kind === undefined ? '' : `${kind} `}'${specifier}' is ${expected}`;
      it(title, () => assert.equal(site.answer(specifier, importer, kind), expected));
    }
  });
}

table(
  'files',
  {
    'src/view.ts': '',
    'src/both.ts': '',
    'src/both.js': '',
    'src/page.tsx': '',
    'src/old.js': '',
    'src/data.json': '{}',
    'src/ui/index.ts': '',
    'src/lib/package.json': '{"main": "./entry.js"}',
    'src/lib/entry.js': '',
    'src/a b.ts': '',
    'src/100%.ts': '',
    'src/c#d.ts': '',
    'src/img/logo.svg': '',
    'src/style.module.css': '',
    'top.ts': '',
  },
  [
    ['./view.ts', 'src/view.ts'],
    ['./view', 'src/view.ts'],
    ['./page', 'src/page.tsx'],
    ['./old', 'src/old.js'],
    ['./data', 'src/data.json'],
    ['../top', 'top.ts'],
    ['../src/./view', 'src/view.ts'],
    ['./view.js', 'src/view.ts'],
    ['./page.js', 'src/page.tsx'],
    ['./page.jsx', 'src/page.tsx'],
    ['./both.js', 'src/both.js'],
    ['./both', 'src/both.ts'],
    ['./both', 'src/both.js', 'src/old.js'],
    ['./both', 'src/both.ts', 'index.html'.replace('index', 'src/index')],
    ['./ui', 'src/ui/index.ts'],
    ['./ui/', 'src/ui/index.ts'],
    ['.', 'src/ui/index.ts', 'src/ui/button.ts'],
    ['..', 'src/ui/index.ts', 'src/ui/deep/button.ts'],
    ['./lib', 'src/lib/entry.js'],
    ['./a b.ts', 'src/a b.ts'],
    ['./a%20b.ts', 'src/a b.ts'],
    ['./a%20b', 'src/a b.ts'],
    ['./100%.ts', 'src/100%.ts'],
    ['./100%25.ts', 'src/100%.ts'],
    ['./c#d.ts', 'src/c#d.ts'],
    ['./view.ts#part', 'src/view.ts'],
    ['/src/view.ts', 'src/view.ts'],
    ['/src/view', 'src/view.ts', 'page.html'],
    ['/src/ui', 'src/ui/index.ts'],
    ['/../../src/view.ts', 'src/view.ts'],
    ['./img/logo.svg', 'src/img/logo.svg'],
    ['./img/logo.svg?raw', 'src/img/logo.svg?raw'],
    ['./view?raw', 'src/view.ts?raw'],
    ['/src/view.ts?url&v=1', 'src/view.ts?url&v=1'],
    ['./view.ts?v=1#part', 'src/view.ts?v=1'],
    ['./style.module.css', 'src/style.module.css'],
    ['./View.ts', 'error RESOLVE'],
    ['./nope', 'error RESOLVE'],
    ['', 'error RESOLVE'],
    ['./img', 'error RESOLVE'],
  ],
);

table(
  'a served folder below the project',
  {
    'package.json': '{"name": "app", "imports": {"#config": "./shared/config.ts", "#ui/*": "./src/ui/*.ts"}}',
    'shared/config.ts': '',
    'src/ui/button.ts': '',
    'src/main.ts': '',
    'node_modules/pkg/package.json':
      '{"type": "module", "exports": {".": {"require": "./no.cjs", "browser": "./browser.js", "default": "./no.js"}}}',
    'node_modules/pkg/browser.js': '',
    'node_modules/pkg/no.js': '',
  },
  [
    ['/main.ts', 'src/main.ts'],
    ['../shared/config', 'shared/config.ts'],
    ['#config', 'shared/config.ts'],
    ['#ui/button', 'src/ui/button.ts'],
    ['#nope', 'error RESOLVE'],
    ['pkg', 'node_modules/pkg/browser.js'],
  ],
  'src',
);

const ESM = 'export const a = 1;';
const COMMON_JS = 'module.exports = { a: 1 };';

table(
  'packages',
  {
    'node_modules/esm/package.json':
      '{"type": "module", "main": "./a.js", "exports": {".": "./a.js", "./sub": "./lib/sub.js", "./css": "./a.css"}}',
    'node_modules/esm/a.js': '// no syntax to tell: exports = module.exports',
    'node_modules/esm/lib/sub.js': ESM,
    'node_modules/esm/a.css': '',
    'node_modules/conditions/package.json': '{"exports": {"development": "./dev.mjs", "import": "./prod.mjs", "require": "./a.cjs"}}',
    'node_modules/conditions/dev.mjs': '',
    'node_modules/conditions/prod.mjs': '',
    'node_modules/conditions/a.cjs': '',
    'node_modules/fields/package.json': '{"main": "./main.js", "browser": "./umd.js", "module": "./esm.js"}',
    'node_modules/fields/main.js': COMMON_JS,
    'node_modules/fields/umd.js': COMMON_JS,
    'node_modules/fields/esm.js': ESM,
    'node_modules/fields/common.js': COMMON_JS,
    'node_modules/fields/common.cjs': ESM,
    'node_modules/fields/data.json': '{}',
    'node_modules/scripted/package.json': '{"exports": {"browser": "./umd.js", "import": "./esm.mjs"}}',
    'node_modules/scripted/umd.js': COMMON_JS,
    'node_modules/scripted/esm.mjs': '',
    'node_modules/replaced/package.json':
      '{"type": "module", "main": "./node.js", "browser": {"./node.js": "./web.js", "./off.js": false, "fs": false}}',
    'node_modules/replaced/node.js': '',
    'node_modules/replaced/web.js': '',
    'node_modules/replaced/off.js': '',
    'node_modules/common/package.json': '{"main": "index.js"}',
    'node_modules/common/index.js': COMMON_JS,
    'node_modules/umd/package.json': '{"main": "index.js"}',
    'node_modules/umd/index.js':
      '(function (f) { if (typeof define === "function" && define.amd) define(f); else self.x = f(); })(() => 1);',
    'node_modules/comment/package.json': '{"main": "index.js"}',
    'node_modules/comment/index.js': '// import x from "y"; export default x;\nexports.a = 1;',
    'node_modules/polyfill/package.json': '{"main": "index.js"}',
    'node_modules/polyfill/index.js': 'globalThis.polyfilled ??= true;',
    'node_modules/@scope/pkg/package.json': '{"type": "module", "exports": "./a.js"}',
    'node_modules/@scope/pkg/a.js': '',
    'node_modules/events/package.json': '{"type": "module", "main": "a.js"}',
    'node_modules/events/a.js': '',
    'src/node_modules/near/package.json': '{"type": "module", "main": "a.js"}',
    'src/node_modules/near/a.js': '',
    'src/common.js': COMMON_JS,
  },
  [
    ['esm', 'node_modules/esm/a.js'],
    ['esm/sub', 'node_modules/esm/lib/sub.js'],
    ['esm/css?inline', 'node_modules/esm/a.css?inline'],
    ['esm/lib/sub.js', 'error RESOLVE'],
    ['conditions', 'node_modules/conditions/dev.mjs'],
    ['fields', 'node_modules/fields/esm.js'],
    ['fields/common.js', 'node_modules/fields/common.js'],
    ['fields/common', 'node_modules/fields/common.js'],
    ['fields/common.cjs', 'node_modules/fields/common.cjs'],
    ['fields/common.js', 'node_modules/fields/common.js', 'src/main.ts', 'require'],
    ['fields/data.json', 'node_modules/fields/data.json'],
    ['scripted', 'node_modules/scripted/umd.js'],
    ['replaced', 'node_modules/replaced/web.js'],
    ['replaced/off.js', 'disabled'],
    ['./off.js', 'disabled', 'node_modules/replaced/web.js'],
    ['fs', 'disabled', 'node_modules/replaced/web.js'],
    ['common', 'node_modules/common/index.js'],
    ['umd', 'node_modules/umd/index.js'],
    ['comment', 'node_modules/comment/index.js'],
    ['polyfill', 'node_modules/polyfill/index.js'],
    ['@scope/pkg', 'node_modules/@scope/pkg/a.js'],
    ['near', 'src/node_modules/near/a.js'],
    ['near', 'error RESOLVE', 'main.ts'],
    ['./common.js', 'src/common.js'],
    ['events', 'node_modules/events/a.js'],
    ['node:events', 'error UNSUPPORTED'],
    ['fs', 'error UNSUPPORTED'],
    ['fs/promises', 'error UNSUPPORTED'],
    ['node:fs', 'error UNSUPPORTED'],
    ['node:fs', 'node', 'node_modules/common/index.js'],
    ['fs/promises', 'node', 'node_modules/common/index.js', 'require'],
    ['nope', 'error RESOLVE'],
    ['@scope/nope', 'error RESOLVE'],
  ],
);

table(
  'tsconfig paths',
  {
    'tsconfig.json':
      '{"compilerOptions": {"paths": {"@/*": ["./src/*"], "~ui": ["./src/ui"], "typed": ["./types/typed.d.ts"], "#x": ["./src/view"]}}}',
    'based/tsconfig.json': '{"compilerOptions": {"baseUrl": "./lib"}}',
    'based/lib/util.ts': '',
    'src/view.ts': '',
    'src/ui/index.ts': '',
    'types/typed.d.ts': '',
    'node_modules/typed/package.json': '{"type": "module", "main": "a.js"}',
    'node_modules/typed/a.js': '',
    'node_modules/pkg/package.json': '{"type": "module", "main": "a.js"}',
    'node_modules/pkg/a.js': '',
  },
  [
    ['@/view', 'src/view.ts'],
    ['@/view.js', 'src/view.ts'],
    ['@/view.ts?raw', 'src/view.ts?raw'],
    ['@/ui', 'src/ui/index.ts'],
    ['~ui', 'src/ui/index.ts'],
    ['#x', 'src/view.ts'],
    ['typed', 'node_modules/typed/a.js'],
    ['pkg', 'node_modules/pkg/a.js'],
    ['util', 'based/lib/util.ts', 'based/main.ts'],
    ['pkg', 'node_modules/pkg/a.js', 'based/main.ts'],
    ['@/view', 'error RESOLVE', 'node_modules/pkg/a.js'],
    ['@/nope', 'error RESOLVE'],
  ],
);

table('what is not a file', {}, [
  ['https://esm.sh/x', 'external https://esm.sh/x'],
  ['HTTP://x.y', 'external HTTP://x.y'],
  ['//x.y/z.js', 'external //x.y/z.js'],
  ['data:text/javascript,1', 'external data:text/javascript,1'],
  ['blob:http://x/1', 'external blob:http://x/1'],
  ['npm:lodash', 'error RESOLVE'],
  ['file:///a.js', 'error RESOLVE'],
  ['virtual:x', 'error RESOLVE'],
]);

table(
  'URLs',
  { 'src/a.css': '', 'src/img/a.png': '', 'outside/a.css': '' },
  (
    [
      ['img/a.png', 'src/img/a.png', 'src/a.css'],
      ['./img/a.png?v=1#x', 'src/img/a.png?v=1', 'src/a.css'],
      ['../missing.png', 'src/missing.png', 'src/ui/a.css'],
      ['../../../up.png', 'src/up.png', 'src/a.css'],
      ['/img/a.png', 'src/img/a.png', 'src/ui/a.css'],
      ['a%20b.png', 'src/a b.png', 'src/a.css'],
      ['a b.png', 'src/a b.png', 'src/a.css'],
      ['lodash', 'src/lodash', 'src/a.css'],
      ['view', 'src/view', 'src/a.css'],
      ['b.png', 'outside/b.png', 'outside/a.css'],
      ['/b.png', 'src/b.png', 'outside/a.css'],
      ['/@outside/1/secret.txt', 'error RESOLVE', 'src/a.css'],
      ['a%2fb.png', 'error RESOLVE', 'src/a.css'],
      ['a%zz.png', 'error RESOLVE', 'src/a.css'],
      ['./', 'error RESOLVE', 'src/a.css'],
      ['#clip', 'external #clip', 'src/a.css'],
      ['', 'external ', 'src/a.css'],
      ['data:,x', 'external data:,x', 'src/a.css'],
      ['https://x.y/z', 'external https://x.y/z', 'src/a.css'],
    ] satisfies Case[]
  ).map(([specifier, expected, importer]): Case => [specifier, expected, importer, 'url']),
  'src',
);

describe('links', () => {
  it('lead to the file they stand for', async () => {
    await using site = await resolving({
      'packages/ui/index.ts': '',
      'packages/ui/package.json': '{"name": "ui", "exports": "./index.ts"}',
      'app/main.ts': '',
    });
    await fs.mkdir(site.folder.resolve('app/node_modules'));
    await fs.symlink('../../packages/ui', site.folder.resolve('app/node_modules/ui'));
    assert.equal(site.answer('ui', 'app/main.ts'), 'packages/ui/index.ts');
  });
});

describe('with a base', () => {
  it('an address from the root may have it or not', async () => {
    await using site = await resolving({ 'src/view.ts': '', 'app/own.ts': '', 'app/a/b.css': '', 'dot.svg': '' }, '.', '/app/');
    for (const specifier of ['/src/view', '/app/src/view', './view']) assert.equal(site.answer(specifier), 'src/view.ts', specifier);
    for (const specifier of ['/app/own', '/app/app/own', '../app/own']) assert.equal(site.answer(specifier), 'app/own.ts', specifier);
    for (const url of ['/dot.svg', '/app/dot.svg', '../../dot.svg']) assert.equal(site.answer(url, 'app/a/b.css', 'url'), 'dot.svg', url);
    assert.equal(site.answer('../own.ts', 'app/a/b.css', 'url'), 'app/own.ts');
  });
});

describe('clear', () => {
  it('finds what came and what went', async () => {
    await using site = await resolving({ 'src/main.ts': '', 'src/old.ts': '' });
    assert.deepEqual([site.answer('./new'), site.answer('./old')], ['error RESOLVE', 'src/old.ts']);
    await site.folder.write('src/new.ts', '');
    await site.folder.remove('src/old.ts');
    site.resolver.clear();
    assert.deepEqual([site.answer('./new'), site.answer('./old')], ['src/new.ts', 'error RESOLVE']);
  });

  it('finds packages that were installed, and what changed in tsconfig', async () => {
    await using site = await resolving({ 'src/main.ts': '', 'src/view.ts': '' });
    assert.deepEqual([site.answer('pkg'), site.answer('@/view')], ['error RESOLVE', 'error RESOLVE']);
    await site.folder.write('node_modules/pkg/package.json', '{"type": "module", "main": "a.js"}');
    await site.folder.write('node_modules/pkg/a.js', '');
    await site.folder.write('tsconfig.json', '{"compilerOptions": {"paths": {"@/*": ["./src/*"]}}}');
    site.resolver.clear();
    assert.deepEqual([site.answer('pkg'), site.answer('@/view')], ['node_modules/pkg/a.js', 'src/view.ts']);
  });
});

describe('broken descriptions', () => {
  it('of the project are the error, with their place', async () => {
    await using site = await resolving({ 'package.json': '{\n"name": x\n}', 'src/view.ts': '' });
    const error = site.errorOf('./view');
    assert.ok(error instanceof HmrError);
    assert.deepEqual([error.code, error.location], ['SYNTAX', { file: site.folder.resolve('package.json'), line: 2, column: 9 }]);
  });

  it('of TypeScript are, where they are asked', async () => {
    await using site = await resolving({ 'tsconfig.json': '{', 'src/view.ts': '' });
    assert.equal(site.answer('./view'), 'src/view.ts');
    assert.equal(site.errorOf('@/view').location?.file, site.folder.resolve('tsconfig.json'));
  });
});
