/**
 * Where an HTML file is in SVG or MathML. There `<style>` and `<script>` hold markup like any element, and CDATA sections exist, so
 * the tokenizer has to know; the tree builder of the standard (§13.2.6.5) tells it there. This follows only the elements that
 * enter and leave foreign content, which is all that a tokenizer without a tree can and need do.
 */

export interface ForeignContent {
  isInside(): boolean;
  start(name: string, isSelfClosing: boolean): void;
  end(name: string): void;
}

/** Elements whose content is HTML again, by the foreign element that is open. */
const INTEGRATION_POINTS: Readonly<Record<'svg' | 'math', ReadonlySet<string>>> = {
  svg: new Set(['foreignobject', 'desc', 'title']),
  math: new Set(['mi', 'mo', 'mn', 'ms', 'mtext']),
};
// HTML start tags that close foreign content, as authors forget `</svg>`.
const BREAKOUT: ReadonlySet<string> = new Set(
  (
    'b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li listing menu meta nobr ol p pre ruby ' +
    's small span strong strike sub sup table tt u ul var'
  ).split(' '),
);
/** Browsers nest no deeper either; it keeps hostile input linear. */
const MAX_DEPTH = 512;

export function createForeignContent(): ForeignContent {
  /** Elements that decide the namespace of their content. */
  const open: { readonly name: string; readonly content: 'svg' | 'math' | 'html' }[] = [];
  const current = (): 'svg' | 'math' | 'html' => open.at(-1)?.content ?? 'html';
  const leave = (): void => {
    while (current() !== 'html') open.pop();
  };
  return {
    isInside: () => current() !== 'html',
    start(name, isSelfClosing) {
      const around = current();
      if (around !== 'html' && BREAKOUT.has(name)) return leave();
      const content = contentOf(name, around, open.at(-1)?.name);
      if (content !== null && !isSelfClosing && open.length < MAX_DEPTH) open.push({ name, content });
    },
    end(name) {
      if (name === 'p' || name === 'br') return leave();
      const index = open.findLastIndex((element) => element.name === name);
      if (index !== -1) open.length = index;
    },
  };
}

/** `null` for elements that need not be remembered. */
function contentOf(name: string, around: 'svg' | 'math' | 'html', parent: string | undefined): 'svg' | 'math' | 'html' | null {
  if (around === 'html') {
    if (name === 'svg' || name === 'math') return name;
    return name === parent ? 'html' : null; // its end tag is not the one of its namesake around it
  }
  if (INTEGRATION_POINTS[around].has(name)) return 'html';
  return name === 'svg' || name === 'math' ? around : null; // `<math>` in SVG is an unknown element of SVG
}
