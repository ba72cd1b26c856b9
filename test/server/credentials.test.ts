import assert from 'node:assert/strict';
import fs from 'node:fs';
import { describe, test } from 'node:test';
import { credentialsOf, hostsOf, ownCredentials } from '../../src/server/credentials.ts';
import { HmrError } from '../../src/server/errors.ts';
import { makeCertificate } from '../../src/server/http/certificate.ts';
import { fixture } from '../harness/fixture.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const NONE = { https: false, cert: '', key: '', host: 'localhost', allowedHosts: [] };
const newPem = (): string => makeCertificate({ hosts: ['localhost'], from: new Date(), until: new Date(Date.now() + DAY_MS) });

function refusal(options: Partial<typeof NONE>): string {
  try {
    credentialsOf({ ...NONE, ...options });
  } catch (error) {
    assert.ok(error instanceof HmrError, String(error));
    assert.equal(error.code, 'OPTION');
    return error.message;
  }
  assert.fail('it should have thrown');
}

describe('files of the user', () => {
  test('are taken as they are', async () => {
    const pem = newPem();
    await using files = await fixture({ 'both.pem': pem });
    const both = files.resolve('both.pem');
    assert.deepEqual(credentialsOf({ ...NONE, cert: both, key: both }), { cert: pem, key: pem });
  });

  test('that cannot be used are told in one sentence', async () => {
    await using files = await fixture({ 'a.pem': newPem(), 'b.pem': newPem(), 'text.pem': 'hello', 'folder/x': '' });
    const [a, b, text, folder, gone] = ['a.pem', 'b.pem', 'text.pem', 'folder', 'gone.pem'].map((name) => files.resolve(name)) as [
      string,
      string,
      string,
      string,
      string,
    ];
    assert.equal(refusal({ cert: a }), '--cert and --key belong together; --key is missing.');
    assert.equal(refusal({ key: a, https: true }), '--cert and --key belong together; --cert is missing.');
    assert.equal(refusal({ cert: gone, key: a }), `--cert ${gone} does not exist.`);
    assert.equal(refusal({ cert: a, key: folder }), `--key ${folder} cannot be read (EISDIR).`);
    assert.equal(refusal({ cert: text, key: a }), `--cert ${text} is not a certificate in PEM form.`);
    assert.equal(refusal({ cert: a, key: text }), `--key ${text} is not a private key in PEM form without a password.`);
    assert.equal(refusal({ cert: a, key: b }), `--key ${b} belongs to another certificate than ${a}.`);
  });
});

describe('a certificate of our own', () => {
  test('is made once, for this user only, until it is about to end', async () => {
    await using folder = await fixture();
    const now = new Date();
    const first = ownCredentials(['localhost'], folder.resolve('new/folder'), now);
    const [name = ''] = fs.readdirSync(folder.resolve('new/folder'));
    if (process.platform !== 'win32') assert.equal(fs.statSync(folder.resolve(`new/folder/${name}`)).mode & 0o777, 0o600);
    const later = (days: number): unknown =>
      ownCredentials(['localhost'], folder.resolve('new/folder'), new Date(now.getTime() + days * DAY_MS));
    assert.deepEqual(later(300), first);
    assert.notDeepEqual(later(395), first);
    assert.notDeepEqual(ownCredentials(['other'], folder.resolve('new/folder'), now), first);
  });

  test('that is broken is made again, and one that cannot be kept still works', async () => {
    await using folder = await fixture({ file: '' });
    ownCredentials(['localhost'], folder.path);
    const [name = ''] = fs.readdirSync(folder.path).filter((entry) => entry.endsWith('.pem'));
    await folder.write(name, 'half');
    assert.match(ownCredentials(['localhost'], folder.path).cert, /BEGIN CERTIFICATE/);
    assert.match(ownCredentials(['localhost'], folder.resolve('file/below')).cert, /BEGIN CERTIFICATE/);
  });

  test('is for every name of the server', () => {
    assert.deepEqual(hostsOf('my-box', ['.dev.test', 'x.test.']), [
      'localhost',
      '*.localhost',
      '127.0.0.1',
      '::1',
      'my-box',
      'dev.test',
      '*.dev.test',
      'x.test',
    ]);
    const lan = { address: '10.0.0.7', netmask: '', mac: '', cidr: null, internal: false, family: 'IPv4' as const };
    assert.ok(hostsOf('0.0.0.0', [], { eth0: [lan] }).includes('10.0.0.7'));
  });
});

test('without any of it there is no https', () => assert.equal(credentialsOf(NONE), undefined));
