/**
 * Images and media of the page: everything in the DOM that names a changed file gets its stamped address, after the new file has
 * proved to load. What scripts hold (a canvas, a fetched JSON) cannot be seen from here; the caller learns it from the count.
 */
import { toUrl } from './base.ts';
import { domRoots, queryAll, type Roots } from './dom-roots.ts';
import { MODULE_STYLE } from './module-styles.ts';
import { addressMatcher, mapCssUrls, mapSrcset, stampUrl } from './versioned-url.ts';

export interface Images {
  /**
   * @param url root-relative path
   * @returns how many elements show the new file; 0 when none names it or it does not load
   */
  swapAsset(url: string, hash: string): Promise<number>;
  /** What the page names now, as it is written, without what is a part of the page itself (`#icon`). */
  addresses(roots?: Roots): ReadonlySet<string>;
}

/** Attribute and the elements on which it is an address of a picture or a recording. Stylesheets and scripts are not our business. */
const ATTRIBUTES: readonly (readonly [attribute: string, selector: string])[] = [
  ['src', 'img[src], source[src], video[src], audio[src], track[src], embed[src], input[type="image" i][src]'],
  ['srcset', 'img[srcset], source[srcset]'],
  ['imagesrcset', 'link[imagesrcset]'],
  ['poster', 'video[poster]'],
  ['data', 'object[data]'],
  ['href', 'link[rel~="icon" i], link[rel="apple-touch-icon" i], link[rel="mask-icon" i], use[href], image[href], feImage[href]'],
  ['xlink:href', 'use, image, feImage'],
];

export function createImages(): Images {
  return {
    async swapAsset(url, hash) {
      const isChanged = addressMatcher(url, document.baseURI);
      const uses = findUses((address) => (isChanged(address) ? stampUrl(address, hash) : address));
      if (uses.length === 0) return 0;
      // Chromium shows the larger of several pictures when it has that one already: what it did not choose is not asked for.
      const isSpare = uses.every(({ isOneOfSeveral }) => isOneOfSeveral) && !isShown(isChanged);
      if (!isSpare && !(await canLoad(new URL(stampUrl(toUrl(url), hash), document.baseURI).href))) return 0;
      for (const { apply } of uses) apply();
      return uses.length;
    },
    addresses(roots) {
      const addresses = new Set<string>();
      findUses((address) => {
        if (address !== '' && !address.startsWith('#')) addresses.add(address);
        return address;
      }, roots);
      return addresses;
    },
  };
}

interface Use {
  readonly apply: () => void;
  /** The browser chooses one of them (`srcset`). */
  readonly isOneOfSeveral: boolean;
}

function isShown(isChanged: (address: string) => boolean): boolean {
  return queryAll<HTMLImageElement>('img').some(({ currentSrc }) => isChanged(currentSrc));
}

function findUses(replace: (address: string) => string, roots: Roots = domRoots()): Use[] {
  const uses: Use[] = [];
  for (const root of roots) {
    for (const [attribute, selector] of ATTRIBUTES) {
      for (const element of root.querySelectorAll(selector)) {
        const now = element.getAttribute(attribute)?.trim() ?? '';
        const isOneOfSeveral = attribute.endsWith('srcset');
        const next = isOneOfSeveral ? mapSrcset(now, replace) : replace(now);
        if (next !== now) uses.push({ apply: () => setAddress(element, attribute, next), isOneOfSeveral });
      }
    }
    for (const style of inlineStyles(root)) uses.push(...inlineStyleUses(style, replace));
  }
  return uses;
}

/** Of `style` attributes and `<style>` elements. Sheets behind links are the server's, and modules run again for theirs. */
function inlineStyles(root: Document | ShadowRoot): CSSStyleDeclaration[] {
  const attributes = [...root.querySelectorAll<HTMLElement | SVGElement>('[style]')].map(({ style }) => style);
  const sheets = [...root.querySelectorAll<HTMLStyleElement>(`style:not([${MODULE_STYLE}])`)].flatMap(({ sheet }) => sheet ?? []);
  return [...attributes, ...sheets.flatMap(stylesOf)];
}

function stylesOf(parent: CSSRule | CSSStyleSheet): CSSStyleDeclaration[] {
  const inner = 'cssRules' in parent ? [...(parent.cssRules as CSSRuleList)].flatMap(stylesOf) : [];
  return parent instanceof CSSStyleRule || parent instanceof CSSKeyframeRule ? [parent.style, ...inner] : inner;
}

function setAddress(element: Element, attribute: string, address: string): void {
  const media = element.closest('video, audio');
  // Subtitles load by themselves.
  if (!(media instanceof HTMLMediaElement) || element.localName === 'track' || attribute === 'poster')
    return element.setAttribute(attribute, address);
  const { currentTime, paused } = media;
  element.setAttribute(attribute, address);
  // A changed `<source>` alone does nothing; `load` starts the choice again, from the beginning.
  media.load();
  media.currentTime = currentTime;
  // NotAllowedError where autoplay is forbidden: it stays paused, and that is all.
  if (!paused) media.play().catch(() => {});
}

/** Property by property through the CSSOM: a policy that forbids the `style` attribute allows it. */
function inlineStyleUses(style: CSSStyleDeclaration, replace: (address: string) => string): Use[] {
  if (!style.cssText.includes('url(')) return [];
  return [...style].flatMap((property) => {
    const now = style.getPropertyValue(property);
    const next = mapCssUrls(now, replace);
    return next === now
      ? []
      : [{ apply: () => style.setProperty(property, next, style.getPropertyPriority(property)), isOneOfSeveral: false }];
  });
}

/** As an image, so that it is in the browser's list of images when the elements ask for it; else at least asked for. */
async function canLoad(address: string): Promise<boolean> {
  const isImage = await new Promise<boolean>((resolve) => {
    const image = new Image();
    image.addEventListener('load', () => resolve(true));
    image.addEventListener('error', () => resolve(false));
    image.src = address;
  });
  if (isImage) return true;
  const answer = await fetch(address, { method: 'HEAD' }).catch(() => undefined);
  const type = answer?.headers.get('content-type') ?? '';
  // A broken picture stays out; media and whatever else is not a picture is taken as it comes.
  return answer?.ok === true && !(type.startsWith('image/') && !type.startsWith('image/svg'));
}
