/**
 * The certificate of a server with https: the files that the user named, or one of our own that is made once and kept in the user's cache
 * folder, so that the browser has to be told only once. Checked at the start: a broken one would show as a page that does not open.
 */
import { X509Certificate } from 'node:crypto';
import fs from 'node:fs';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import { createSecureContext } from 'node:tls';
import { cacheFolder } from './cache-folder.ts';
import { hashOf } from './content-hash.ts';
import { errorCode, HmrError } from './errors.ts';
import { makeCertificate } from './http/certificate.ts';

export interface Credentials {
  readonly cert: string;
  readonly key: string;
}

export interface CredentialsOptions {
  readonly https: boolean;
  /** Paths, or both empty. */
  readonly cert: string;
  readonly key: string;
  readonly host: string;
  readonly allowedHosts: readonly string[];
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** Apple's browsers take no longer ones. */
const VALID_MS = 397 * DAY_MS;
/** Made anew when it is as old as that it would end in the middle of somebody's work. */
const LEFT_MS = 7 * DAY_MS;

/** Undefined: plain http. @throws HmrError `OPTION` for files that cannot be used */
export function credentialsOf({ https, cert, key, host, allowedHosts }: CredentialsOptions): Credentials | undefined {
  if (cert !== '' || key !== '') return givenCredentials(cert, key);
  return https ? ownCredentials(hostsOf(host, allowedHosts), cacheFolder(process.env)) : undefined;
}

function givenCredentials(certPath: string, keyPath: string): Credentials {
  if (certPath === '' || keyPath === '') {
    const hint = 'For a certificate of its own, start with --https alone.';
    throw new HmrError('OPTION', `--cert and --key belong together; --${certPath === '' ? 'cert' : 'key'} is missing.`, { hint });
  }
  const cert = readGiven('cert', certPath);
  const key = readGiven('key', keyPath);
  try {
    void new X509Certificate(cert);
  } catch (cause) {
    throw new HmrError('OPTION', `--cert ${certPath} is not a certificate in PEM form.`, { cause });
  }
  try {
    createSecureContext({ cert, key });
  } catch (cause) {
    const isMismatch = errorCode(cause) === 'ERR_OSSL_X509_KEY_VALUES_MISMATCH';
    const what = isMismatch ? `belongs to another certificate than ${certPath}` : 'is not a private key in PEM form without a password';
    throw new HmrError('OPTION', `--key ${keyPath} ${what}.`, { cause });
  }
  return { cert, key };
}

function readGiven(flag: string, filePath: string): string {
  try {
    return fs.readFileSync(filePath, 'utf8');
  } catch (cause) {
    const code = errorCode(cause);
    const why = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`;
    throw new HmrError('OPTION', `--${flag} ${filePath} ${why}.`, { cause });
  }
}

/** One file for one set of hosts. Where nothing can be kept, it is for this run of the server. */
export function ownCredentials(hosts: readonly string[], folder: string, now: Date = new Date()): Credentials {
  const filePath = path.join(folder, `https-${hashOf(hosts.join())}.pem`);
  let pem = readKept(filePath, now);
  if (pem === undefined) {
    // Clocks of phones and virtual machines may be a little behind.
    pem = makeCertificate({ hosts, from: new Date(now.getTime() - DAY_MS), until: new Date(now.getTime() - DAY_MS + VALID_MS) });
    keep(filePath, pem);
  }
  return { cert: pem, key: pem };
}

function readKept(filePath: string, now: Date): string | undefined {
  try {
    const pem = fs.readFileSync(filePath, 'utf8');
    createSecureContext({ cert: pem, key: pem });
    const end = Date.parse(new X509Certificate(pem.slice(pem.indexOf('-----BEGIN CERTIFICATE'))).validTo);
    return end - now.getTime() > LEFT_MS ? pem : undefined;
  } catch {
    return undefined; // ENOENT the first time; half a file, or another's: made anew.
  }
}

function keep(filePath: string, pem: string): void {
  const temporary = `${filePath}.${process.pid}.tmp`;
  try {
    fs.mkdirSync(path.dirname(filePath), { recursive: true });
    // The key is for this user only, from the first moment on.
    fs.writeFileSync(temporary, pem, { mode: 0o600, flag: 'wx' });
    fs.renameSync(temporary, filePath);
  } catch {
    // ENOSPC, EACCES, EROFS: the next start makes another one, and the browser asks again.
    discard(temporary);
  }
}

function discard(filePath: string): void {
  try {
    fs.rmSync(filePath, { force: true });
  } catch {
    // ENOTDIR, EACCES: it was never there.
  }
}

/** Everything that the server may be called. */
export function hostsOf(
  host: string,
  allowedHosts: readonly string[],
  interfaces: ReturnType<typeof networkInterfaces> = networkInterfaces(),
): string[] {
  const isAny = host === '0.0.0.0' || host === '::';
  const addresses = Object.values(interfaces).flatMap((list) => list ?? []);
  const own = isAny ? addresses.map(({ address }) => address).toSorted() : [host];
  const names = allowedHosts.flatMap((name) => (name.startsWith('.') ? [name.slice(1), `*${name}`] : [name]));
  return [...new Set(['localhost', '*.localhost', '127.0.0.1', '::1', ...own, ...names].map((name) => name.replace(/\.$/, '')))];
}
