/**
 * The encoding of pages that declare none, and of those that say Latin-1 (to the web it is one encoding). Written out, because
 * `TextDecoder('windows-1252')` of Node 20 decodes real Latin-1: `€` and the curly quotes come out as control characters there.
 */

/** Characters of the bytes 0x80 to 0x9F; the five that are not assigned stay control characters. */
const UPPER_CONTROLS = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

export function decodeWindows1252(bytes: Buffer): string {
  return bytes.toString('latin1').replace(/[\u0080-\u009f]/g, (control) => UPPER_CONTROLS.charAt(control.charCodeAt(0) - 0x80));
}
