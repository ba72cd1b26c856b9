/**
 * A certificate that signs for itself, in the encoding of RFC 5280 (DER). Node makes keys and signatures but no certificates, openssl is not
 * everywhere, and the packages for it bring 9 MB for the one form that is needed here.
 */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { isIP, isIPv4 } from 'node:net';

export interface CertificateOptions {
  /** Names (`*.` in front stands for one level below) and addresses. */
  readonly hosts: readonly string[];
  readonly from: Date;
  readonly until: Date;
}

/** Private key and certificate, in PEM form one after the other. */
export function makeCertificate({ hosts, from, until }: CertificateOptions): string {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(set(sequence(oid(COMMON_NAME), tlv(0x0c, Buffer.from('hmr-dev, for development on this machine')))));
  const unsigned = sequence(
    tlv(0xa0, integer(Buffer.of(2))), // version 3
    integer(Buffer.concat([Buffer.of(0x40), randomBytes(15)])), // serial number, positive
    sequence(oid(ECDSA_WITH_SHA256)),
    name, // issuer
    sequence(time(from), time(until)),
    name, // subject
    publicKey.export({ type: 'spki', format: 'der' }),
    tlv(
      0xa3,
      sequence(
        // Whoever makes a browser trust this trusts it for these names, and for nothing that its key may sign.
        extension(BASIC_CONSTRAINTS, sequence(), true),
        extension(KEY_USAGE, tlv(0x03, Buffer.of(7, 0x80)), true), // digital signature
        extension(EXTENDED_KEY_USAGE, sequence(oid(SERVER_AUTHENTICATION))),
        extension(SUBJECT_ALTERNATIVE_NAME, sequence(...hosts.map(generalName))),
      ),
    ),
  );
  const certificate = sequence(unsigned, sequence(oid(ECDSA_WITH_SHA256)), bits(sign('sha256', unsigned, privateKey)));
  const lines = certificate.toString('base64').replace(/.{64}(?=.)/g, '$&\n');
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return `${key}-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

// Object identifiers as they are encoded, in hexadecimal.
const ECDSA_WITH_SHA256 = '2a8648ce3d040302';
const COMMON_NAME = '550403';
const BASIC_CONSTRAINTS = '551d13';
const KEY_USAGE = '551d0f';
const EXTENDED_KEY_USAGE = '551d25';
const SUBJECT_ALTERNATIVE_NAME = '551d11';
const SERVER_AUTHENTICATION = '2b06010505070301';

function tlv(tag: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const { length } = body;
  const lengthBytes = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...lengthBytes), body]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => tlv(0x30, ...parts);
const set = (part: Buffer): Buffer => tlv(0x31, part);
const integer = (bytes: Buffer): Buffer => tlv(0x02, bytes);
const bits = (bytes: Buffer): Buffer => tlv(0x03, Buffer.of(0), bytes);
const oid = (hex: string): Buffer => tlv(0x06, Buffer.from(hex, 'hex'));

/** GeneralizedTime is for years from 2050 on; before, it has to be UTCTime. */
function time(date: Date): Buffer {
  const text = `${date.toISOString().replace(/[-:T]|\.\d+/g, '')}`;
  return date.getUTCFullYear() < 2050 ? tlv(0x17, Buffer.from(text.slice(2))) : tlv(0x18, Buffer.from(text));
}

function extension(id: string, value: Buffer, isCritical = false): Buffer {
  return sequence(oid(id), ...(isCritical ? [tlv(0x01, Buffer.of(0xff))] : []), tlv(0x04, value));
}

function generalName(host: string): Buffer {
  return isIP(host) === 0 ? tlv(0x82, Buffer.from(host)) : tlv(0x87, addressBytes(host));
}

function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  // The URL parser knows every spelling, and leaves one.
  const [head = '', tail = ''] = new URL(`http://[${address.replace(/%.*/, '')}]/`).hostname.slice(1, -1).split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const zeros = Array<string>(8 - groups(head).length - groups(tail).length).fill('0');
  const words = [...groups(head), ...zeros, ...groups(tail)].map((word) => word.padStart(4, '0'));
  return Buffer.from(words.join(''), 'hex');
}
