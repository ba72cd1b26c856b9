/**
 * Validators and conditional requests (RFC 9110 §8.8, §13): a reload asks for everything again, and 304 is what makes it cheap.
 * The ETag of a file is made of its size, modification and change time and inode, because reading every file to hash it would cost
 * what 304 saves. Time stamps have a trap that a dev server meets and others do not; see {@link fileETag}.
 */
import type { IncomingMessage } from 'node:http';
import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';

/** Two ticks of the coarsest clock that Linux stamps files with (HZ=100). */
const SAME_TICK_MS = 20;
let racyCount = 0;

/**
 * The kernel stamps files by the tick, up to 10 ms apart: two saves of equal size within one tick look the same, and a tag taken
 * between them would pin the first for ever. So a file that was changed just now gets a tag that never matches again (git calls
 * such index entries racily clean).
 * @param nowMs the time after the `fstat`
 */
export function fileETag(stats: BigIntStats, nowMs: number): string {
  const tag = [stats.size, stats.mtimeNs, stats.ctimeNs, stats.ino].map((part) => part.toString(36)).join('-');
  const ageMs = nowMs - Math.max(Number(stats.mtimeMs), Number(stats.ctimeMs));
  // `_` is in no number of base 36, so that who reads a tag can tell.
  return ageMs <= SAME_TICK_MS ? `"${tag}_${(racyCount++).toString(36)}"` : `"${tag}"`;
}

/** For answers that are made up, such as HTML with the client in it. */
export function contentETag(body: Buffer): string {
  return `"${createHash('sha1').update(body).digest('base64url')}"`;
}

/**
 * Has the client the current representation? `If-Modified-Since` counts only without `If-None-Match`.
 * @param modifiedMs of the file; `null` if the body does not stem from one file
 */
export function isNotModified(req: IncomingMessage, etag: string, modifiedMs: number | null): boolean {
  const noneMatch = req.headers['if-none-match'];
  if (noneMatch !== undefined) return noneMatch.trim() === '*' || listedTags(noneMatch).has(opaque(etag));
  const since = req.headers['if-modified-since'];
  if (since === undefined || modifiedMs === null) return false;
  const sinceMs = Date.parse(since);
  return !Number.isNaN(sinceMs) && Math.floor(modifiedMs / 1000) <= Math.floor(sinceMs / 1000);
}

/** May a Range be honoured? `If-Range` names what the client has a part of: exactly this tag (strong) or this date. */
export function isRangeCurrent(req: IncomingMessage, etag: string, modifiedMs: number): boolean {
  const ifRange = req.headers['if-range'];
  if (ifRange === undefined) return true;
  const value = String(ifRange).trim();
  return value === etag || value === new Date(modifiedMs).toUTCString();
}

/** Weak comparison: `W/` is dropped. Tags may hold commas, so the list is matched and not split. */
function listedTags(header: string): Set<string> {
  return new Set(header.match(/"[^"]*"/g));
}

function opaque(etag: string): string {
  return etag.replace(/^W\//, '');
}
