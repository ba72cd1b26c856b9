/**
 * URL paths of files, percent-encoded as browsers serialise them, so that an id, `location.pathname` and a request spell a file the
 * same way.
 */

// The path percent-encode set of the URL standard, and `%`, `\` and `/` as a name would hold them.
// oxlint-disable-next-line no-control-regex -- the set begins with the control characters
const MUST_ENCODE = /[\0-\x20"#%/<>?\\^`{}\x7f]|[^\0-\x7f]/gu;

/** `['a b', 'c']` → `/a%20b/c`: the one spelling of a path that all others of the same file are brought to. */
export function encodeSegments(segments: readonly string[]): string {
  return segments.map((name) => `/${encodeSegment(name)}`).join('');
}

/** One name as it stands in a URL. Half a surrogate pair, which Windows allows in names, cannot be encoded and is replaced. */
export function encodeSegment(name: string): string {
  return name.replace(/\p{Surrogate}/gu, '\ufffd').replace(MUST_ENCODE, encodeURIComponent);
}
