/**
 * Whether an HTML file was saved in the middle of typing. Browsers read anything, and so show half a page where a quote, a comment or a
 * `<script>` is not closed yet. What a page had before counts as meant: only what is new makes it unfinished.
 */
import { createHtmlText } from './html-encoding.ts';
import { hasOddAttribute, htmlTokens, type HtmlToken } from './html-tokens.ts';

/**
 * @param refused the last save that could not be shown. Who saves again without an end tag, and not only more of the same text, has left it out
 * @returns why, for people; undefined when the file can be shown
 */
export function whyUnfinished(html: Buffer, before: Buffer, refused?: Buffer): string | undefined {
  const known = new Set(flaws(before));
  const isGrowing = refused?.equals(html.subarray(0, refused.length));
  if (refused && !isGrowing) for (const flaw of flaws(refused)) if (flaw.endsWith(MISSING)) known.add(flaw);
  return flaws(html).find((flaw) => !known.has(flaw));
}

const MISSING = ' is missing';

function flaws(html: Buffer): string[] {
  const { units } = createHtmlText(html);
  const found = new Set<string>();
  const closed = new Set<string>();
  let at = 0;
  for (const token of htmlTokens(units)) {
    at = token.end;
    if (token.kind === 'end') closed.add(token.name);
    const flaw = flawOf(token, units);
    if (flaw !== undefined) found.add(flaw);
  }
  if (at < units.length) found.add('it ends inside of a tag');
  if (units.length === 0) found.add('it is empty');
  for (const name of ['body', 'html']) if (!closed.has(name)) found.add(`</${name}>${MISSING}`);
  return [...found];
}

function flawOf(token: HtmlToken, units: Buffer): string | undefined {
  switch (token.kind) {
    case 'start': {
      return /["'<]/.test(token.name) || hasOddAttribute(units, token)
        ? `a tag or a quote is not closed (<${token.name.replace(/\W.*/s, '')}>)`
        : undefined;
    }
    case 'end':
      return /["'<]/.test(token.name) ? `an end tag is not closed (</${token.name.replace(/\W.*/s, '')}>)` : undefined;
    case 'comment':
      // Up to the end of the next comment.
      return !token.isClosed || holds(units, '<!--', token.start + 4, token.end) ? 'a comment is not closed' : undefined;
    case 'doctype':
      return token.isClosed ? undefined : 'the doctype is not closed';
    case 'raw':
      return !token.isClosed || holds(units, `<${token.name}`, token.start, token.end) ? `<${token.name}> is not closed` : undefined;
    case 'text':
      return undefined;
    default:
      return token satisfies never;
  }
}

function holds(units: Buffer, text: string, start: number, end: number): boolean {
  return units.subarray(start, end).includes(text, 0, 'latin1');
}
