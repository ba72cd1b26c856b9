/**
 * Outlines for a moment what an edit has changed. As an animation, which leaves no attribute behind and which no policy forbids; outlines
 * take no space.
 */
const DURATION_MS = 1200;
const COLOR = 'rgb(255 120 0)';

export function outline(elements: Iterable<Element>): void {
  for (const element of elements) {
    element.animate(
      [
        { outline: `3px solid ${COLOR}`, outlineOffset: '-1px' },
        { outline: '3px solid transparent', outlineOffset: '-1px' },
      ],
      {
        duration: DURATION_MS,
        id: 'hmr-dev-highlight',
      },
    );
  }
}
