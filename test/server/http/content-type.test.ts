import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { contentType } from '../../../src/server/http/content-type.ts';

describe('by name', () => {
  const types: [fileName: string, type: string][] = [
    ['a.html', 'text/html; charset=utf-8'],
    ['a.HTM', 'text/html; charset=utf-8'],
    ['a.js', 'text/javascript; charset=utf-8'],
    ['a.mjs', 'text/javascript; charset=utf-8'],
    ['a.cjs', 'text/javascript; charset=utf-8'],
    ['a.ts', 'text/plain; charset=utf-8'],
    ['a.d.ts', 'text/plain; charset=utf-8'],
    ['a.mts', 'text/plain; charset=utf-8'],
    ['a.cts', 'text/plain; charset=utf-8'],
    ['a.tsx', 'text/plain; charset=utf-8'],
    ['a.jsx', 'text/plain; charset=utf-8'],
    ['a.css', 'text/css; charset=utf-8'],
    ['a.txt', 'text/plain; charset=utf-8'],
    ['a.md', 'text/markdown; charset=utf-8'],
    ['a.glsl', 'text/plain; charset=utf-8'],
    ['a.json', 'application/json'],
    ['a.js.map', 'application/json'],
    ['a.webmanifest', 'application/manifest+json'],
    ['a.wasm', 'application/wasm'],
    ['a.svg', 'image/svg+xml'],
    ['a.avif', 'image/avif'],
    ['a.webp', 'image/webp'],
    ['a.png', 'image/png'],
    ['favicon.ico', 'image/x-icon'],
    ['a.woff', 'font/woff'],
    ['a.woff2', 'font/woff2'],
    ['a.ttf', 'font/ttf'],
    ['a.otf', 'font/otf'],
    ['a.mp4', 'video/mp4'],
    ['a.pdf', 'application/pdf'],
    ['LICENSE', 'text/plain; charset=utf-8'],
    ['a.unheardof', 'text/plain; charset=utf-8'],
  ];
  for (const [fileName, type] of types) test(fileName, () => assert.equal(contentType(`/srv/${fileName}`, Buffer.from('text')), type));

  test('an unknown name with binary content', () => {
    assert.equal(contentType('/srv/a.blob', Buffer.from([1, 0, 2])), 'application/octet-stream');
    assert.equal(contentType('/srv/program', Buffer.from([0x7f, 0xff, 0xfe, 0x80, 0x80, 0x80])), 'application/octet-stream');
  });
});

describe('charset', () => {
  const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
  const cases: [name: string, fileName: string, head: Buffer, type: string][] = [
    ['declared windows-1252', 'a.html', latin1('<meta charset=windows-1252>caf\xe9'), 'text/html; charset=windows-1252'],
    ['its other name', 'a.html', latin1('<meta charset="ISO-8859-1">'), 'text/html; charset=windows-1252'],
    ['the long form', 'a.html', latin1('<meta http-equiv=Content-Type content="text/html; charset=koi8-r">'), 'text/html; charset=koi8-r'],
    ['in a comment it does not count', 'a.html', latin1('<!-- <meta charset=koi8-r> -->x'), 'text/html; charset=utf-8'],
    ['in another meta it does not count', 'a.html', latin1('<meta name=a content="charset=koi8-r">x'), 'text/html; charset=utf-8'],
    ['unknown, plain text', 'a.html', latin1('<meta charset=nonsense>x'), 'text/html; charset=utf-8'],
    ['declared UTF-16 in ASCII means UTF-8', 'a.html', latin1('<meta charset=utf-16>x'), 'text/html; charset=utf-8'],
    ['header injection is no charset', 'a.html', latin1('<meta charset="x\r\nSet-Cookie: a">'), 'text/html; charset=utf-8'],
    ['too late to be seen', 'a.html', latin1(`<!--${'x'.repeat(1100)}--><meta charset=koi8-r>`), 'text/html; charset=utf-8'],
    ['UTF-16 with mark', 'a.html', Buffer.from('\ufeff<p>x', 'utf16le'), 'text/html'],
    ['UTF-8 with mark', 'a.html', Buffer.from('\ufeff<meta charset=koi8-r>'), 'text/html; charset=utf-8'],
    ['undeclared and not UTF-8', 'a.html', latin1('<p>caf\xe9</p>'), 'text/html'],
    ['script not UTF-8', 'a.js', latin1('// caf\xe9 au lait'), 'text/javascript'],
    ['script UTF-8', 'a.js', Buffer.from('// café'), 'text/javascript; charset=utf-8'],
    ['a character cut by the end of the head', 'a.js', Buffer.from('// 🎉').subarray(0, 5), 'text/javascript; charset=utf-8'],
    ['sheet that declares', 'a.css', latin1('@charset "windows-1252"; a{}'), 'text/css'],
    ['sheet that does not', 'a.css', latin1('a{}'), 'text/css; charset=utf-8'],
    ['empty', 'a.html', Buffer.alloc(0), 'text/html; charset=utf-8'],
  ];
  for (const [name, fileName, head, type] of cases) test(name, () => assert.equal(contentType(fileName, head), type));
});
