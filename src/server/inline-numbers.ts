/**
 * Which inline module script is which, over all edits of its page: a script keeps its number when others come and go in front of it, and when
 * its text changes in place. By position alone, a script that is put in would be taken for a change of all behind it.
 */

export interface InlineNumbers {
  /**
   * One number for each script, in the order of the page.
   * @param texts of the page's inline modules; none at all is taken for a file that is just being written
   */
  assign(urlPath: string, texts: readonly string[]): readonly number[];
}

interface Numbered {
  readonly number: number;
  readonly text: string;
}

interface PageNumbers {
  /** In the order of the page. */
  last: readonly Numbered[];
  /** Taken out; an undo brings one back. */
  gone: readonly Numbered[];
  next: number;
}

const REMEMBERED_GONE = 50;

export function createInlineNumbers(): InlineNumbers {
  const pages = new Map<string, PageNumbers>();
  return {
    assign(urlPath, texts) {
      const page = pages.get(urlPath) ?? { last: [], gone: [], next: 0 };
      pages.set(urlPath, page);
      if (texts.length === 0) return [];
      const free = new Set(page.last);
      const found = texts.map((text) => take(free, (known) => known.text === text));
      for (const [index, known] of found.entries()) found[index] = known ?? neighbour(page.last, free, found, index);
      const gone = new Set(page.gone);
      const numbers = texts.map((text, index) => (found[index] ?? take(gone, (known) => known.text === text))?.number ?? page.next++);
      page.last = texts.map((text, index) => ({ text, number: numbers[index] ?? 0 }));
      page.gone = [...gone, ...free].slice(-REMEMBERED_GONE);
      return numbers;
    },
  };
}

function take(from: Set<Numbered>, isWanted: (known: Numbered) => boolean): Numbered | undefined {
  for (const known of from) {
    if (!isWanted(known)) continue;
    from.delete(known);
    return known;
  }
  return undefined;
}

/** A changed script is the one that stood behind the same script, or in front of the same. */
function neighbour(
  last: readonly Numbered[],
  free: Set<Numbered>,
  found: readonly (Numbered | undefined)[],
  index: number,
): Numbered | undefined {
  const before = found[index - 1];
  const after = found[index + 1];
  const follower = index === 0 || before ? last[before ? last.indexOf(before) + 1 : 0] : undefined;
  const leader = index === found.length - 1 || after ? last[(after ? last.indexOf(after) : last.length) - 1] : undefined;
  return take(free, (known) => known === follower || known === leader);
}
