import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { makeCertificate } from '../../../src/server/http/certificate.ts';

const from = new Date('2026-01-02T03:04:05Z');
const certificateOf = (hosts: string[], until: Date): X509Certificate => {
  const pem = makeCertificate({ hosts, from, until });
  return new X509Certificate(pem.slice(pem.indexOf('-----BEGIN CERTIFICATE')));
};

test('a certificate signs for itself, and for its hosts only', () => {
  const certificate = certificateOf(
    ['localhost', '*.dev.test', '127.0.0.1', '::1', 'fe80::7%eth0', '::ffff:10.0.0.1'],
    new Date('2027-01-01'),
  );
  assert.ok(certificate.verify(certificate.publicKey));
  for (const name of ['localhost', 'a.dev.test']) assert.ok(certificate.checkHost(name), name);
  for (const name of ['dev.test', 'a.b.dev.test', 'localhost.test']) assert.equal(certificate.checkHost(name), undefined, name);
  for (const address of ['127.0.0.1', '::1', 'fe80::7', '::ffff:10.0.0.1']) assert.ok(certificate.checkIP(address), address);
  assert.equal(certificate.checkIP('10.0.0.1'), undefined);
  assert.equal(certificate.ca, false);
});

test('its time is told to the second, also after 2050', () => {
  for (const until of ['2049-12-31T23:59:59Z', '2050-01-01T00:00:00Z']) {
    const { validFrom, validTo } = certificateOf(['localhost'], new Date(until));
    assert.deepEqual([Date.parse(validFrom), Date.parse(validTo)], [from.getTime(), Date.parse(until)]);
  }
});

test('many hosts make a long certificate, and a right one', () => {
  const hosts = Array.from({ length: 60 }, (_, index) => `host-${index}.example.test`);
  assert.ok(certificateOf(hosts, new Date('2027-01-01')).checkHost('host-59.example.test'));
});
