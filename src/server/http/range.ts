/**
 * The Range header (RFC 9110 §14), for media elements that seek and downloads that resume. One range is honoured; several at once, which
 * need a multipart body that no browser asks for, and anything malformed are answered with the whole file, as the standard allows.
 */

export type RangeAnswer =
  | { readonly kind: 'whole' }
  /** Bytes `start` to `end`, both inclusive and inside the file. */
  | { readonly kind: 'part'; readonly start: number; readonly end: number }
  /** 416: well-formed, but behind the end. */
  | { readonly kind: 'unsatisfiable' };

const WHOLE: RangeAnswer = { kind: 'whole' };
const UNSATISFIABLE: RangeAnswer = { kind: 'unsatisfiable' };

export function parseRange(header: string | undefined, sizeBytes: number): RangeAnswer {
  const match = /^\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*$/i.exec(header ?? '');
  if (match === null) return WHOLE;
  const [, first = '', last = ''] = match;
  if (first === '') return suffix(last, sizeBytes);
  const start = Number(first);
  const end = last === '' ? Infinity : Number(last);
  if (end < start) return WHOLE;
  if (start >= sizeBytes) return UNSATISFIABLE;
  return { kind: 'part', start, end: Math.min(end, sizeBytes - 1) };
}

/** `bytes=-5`: the last five. Of an empty file there is no part to name, and none is missing. */
function suffix(count: string, sizeBytes: number): RangeAnswer {
  if (count === '') return WHOLE;
  const length = Number(count);
  if (length === 0) return UNSATISFIABLE;
  return sizeBytes === 0 ? WHOLE : { kind: 'part', start: Math.max(0, sizeBytes - length), end: sizeBytes - 1 };
}
