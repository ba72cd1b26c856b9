/**
 * Custom elements after a hot-swap. The platform looks at a class once, when it is defined: which callbacks it has, and which attributes it
 * observes. Here it is given functions that look again at each call, so that callbacks can come and go; attributes that are observed later
 * are watched. Elements that can draw themselves (`requestUpdate`, as Lit's) do, with their styles of now.
 */
import { domRoots } from './dom-roots.ts';

export interface Elements {
  /** Whether instances of one of these classes are drawn by `refresh`. */
  draws(classes: readonly object[]): boolean;
  /** Something was changed in place: brings all live elements level. */
  refresh(): void;
}

type Callback = (this: HTMLElement, ...args: unknown[]) => unknown;

interface ElementClass {
  new (): HTMLElement;
  readonly prototype: HTMLElement & Record<string, unknown>;
  readonly observedAttributes?: Iterable<string>;
  readonly formAssociated?: boolean;
}

/** As far as it is asked, of Lit's `ReactiveElement`. */
interface StyledClass {
  elementStyles: readonly Style[];
  readonly styles?: unknown;
  finalizeStyles(styles: unknown): readonly Style[];
}

type Style = CSSStyleSheet | { readonly styleSheet?: CSSStyleSheet };

const CALLBACKS = ['connectedCallback', 'disconnectedCallback', 'adoptedCallback', 'connectedMoveCallback', 'attributeChangedCallback'];
const FORM_CALLBACKS = ['formAssociatedCallback', 'formResetCallback', 'formDisabledCallback', 'formStateRestoreCallback'];

/** Has to run before any element is defined. */
export function createElements(): Elements {
  /** Attributes that the platform tells of, by class. */
  const observed = new Map<object, ReadonlySet<string>>();
  const watched = new WeakMap<Element, string>();
  let hasSwapped = false;

  const attributesOf = (type: ElementClass): Set<string> => new Set(Array.from(type.observedAttributes ?? [], String));

  const observer = new MutationObserver((records) => {
    for (const { target, attributeName, oldValue } of records) {
      const element = target as HTMLElement;
      if (attributeName !== null) tell(element, attributeName, oldValue, element.getAttribute(attributeName));
    }
  });

  const tell = (element: HTMLElement, name: string, before: string | null, after: string | null): void => {
    const callback: unknown = Reflect.get(element, 'attributeChangedCallback');
    if (typeof callback === 'function') Reflect.apply(callback as Callback, element, [name, before, after, null]);
  };

  /** Attributes that were not observed when its class was defined, and are now. */
  const watch = (element: HTMLElement, type: ElementClass): void => {
    const native = observed.get(type);
    const added = [...attributesOf(type)].filter((name) => !native?.has(name));
    const before = watched.get(element)?.split(' ') ?? [];
    if (added.length === 0 && before.length === 0) return;
    watched.set(element, added.join(' '));
    if (added.length > 0) observer.observe(element, { attributeFilter: added, attributeOldValue: true });
    for (const name of added) {
      const value = element.getAttribute(name);
      if (value !== null && !before.includes(name)) tell(element, name, null, value);
    }
  };

  const level = (element: HTMLElement, type: ElementClass): void => {
    watch(element, type);
    const update: unknown = Reflect.get(element, 'requestUpdate');
    if (typeof update === 'function') Reflect.apply(update as Callback, element, []);
  };

  /** What the platform calls in place of a callback. */
  const forwarder = (type: ElementClass, name: string): Callback =>
    ({
      [name](this: HTMLElement, ...args: unknown[]): unknown {
        const isGone = hasSwapped && name === 'attributeChangedCallback' && !attributesOf(type).has(String(args[0]));
        const callback = type.prototype[name];
        const result: unknown = typeof callback === 'function' && !isGone ? Reflect.apply(callback as Callback, this, args) : undefined;
        // Made while it was nowhere to be found, or after.
        if (hasSwapped && name === 'connectedCallback') level(this, type);
        return result;
      },
    })[name] as Callback;

  const prepare = (type: ElementClass): (() => void) => {
    const names = type.formAssociated ? [...CALLBACKS, ...FORM_CALLBACKS] : CALLBACKS;
    const ends = names.map((name) => readOnce(type.prototype, name, () => forwarder(type, name)));
    const end = readOnce(type, 'observedAttributes', () => {
      const attributes = attributesOf(type);
      observed.set(type, attributes);
      return [...attributes];
    });
    return () => [...ends, end].forEach((restore) => restore());
  };

  const { prototype } = CustomElementRegistry;
  const native = prototype.define;
  prototype.define = {
    define(this: CustomElementRegistry, name: string, constructor: CustomElementConstructor, options?: ElementDefinitionOptions): void {
      const type = constructor as unknown as ElementClass;
      const isKnown = typeof type !== 'function' || typeof type.prototype !== 'object' || observed.has(type);
      const restore = isKnown ? undefined : prepare(type);
      try {
        Reflect.apply(native, this, [name, constructor, options]);
        if (!isKnown && !observed.has(type)) observed.set(type, new Set());
      } catch (error) {
        if (!isKnown) observed.delete(type);
        throw error;
      } finally {
        restore?.();
      }
    },
  }.define;

  return {
    draws: (classes) => classes.some((type) => observed.has(type) && 'requestUpdate' in (type as ElementClass).prototype),
    refresh() {
      hasSwapped = true;
      // What is observed no more is told no more.
      observer.disconnect();
      const replaced = restyle(observed.keys());
      for (const root of domRoots()) {
        for (const element of root.querySelectorAll<HTMLElement>('*')) {
          const type = element.constructor as ElementClass;
          if (!observed.has(type)) continue;
          const sheets = replaced.get(type);
          if (sheets && element.shadowRoot) exchange(element.shadowRoot, sheets);
          level(element, type);
        }
      }
    },
  };
}

/** The next read of a property, which is the platform's, gives something else. Returns how to forget that. */
function readOnce(target: object, key: string, read: () => unknown): () => void {
  const before = Reflect.getOwnPropertyDescriptor(target, key);
  let isOver = !Object.isExtensible(target) || before?.configurable === false;
  if (isOver) return () => undefined;
  const restore = (): void => {
    if (isOver) return;
    isOver = true;
    if (before) Object.defineProperty(target, key, before);
    else Reflect.deleteProperty(target, key);
  };
  const get = (): unknown => {
    restore();
    return read();
  };
  Object.defineProperty(target, key, { get, configurable: true, enumerable: before?.enumerable ?? false });
  return restore;
}

interface Sheets {
  readonly before: readonly CSSStyleSheet[];
  readonly after: readonly CSSStyleSheet[];
}

/** Lit puts the styles of a class together once. */
function restyle(types: Iterable<object>): Map<object, Sheets> {
  const replaced = new Map<object, Sheets>();
  for (const type of types) {
    if (!('finalizeStyles' in type) || !Object.hasOwn(type, 'elementStyles')) continue;
    const styled = type as unknown as StyledClass;
    const before = styled.elementStyles;
    const after = styled.finalizeStyles(styled.styles);
    if (before.length === after.length && before.every((style, index) => style === after[index])) continue;
    styled.elementStyles = after;
    replaced.set(type, { before: sheetsOf(before), after: sheetsOf(after) });
  }
  return replaced;
}

function sheetsOf(styles: readonly Style[]): CSSStyleSheet[] {
  return styles.flatMap((style) => (style instanceof CSSStyleSheet ? style : (style.styleSheet ?? [])));
}

function exchange(root: ShadowRoot, { before, after }: Sheets): void {
  const others = root.adoptedStyleSheets.filter((sheet) => !before.includes(sheet));
  root.adoptedStyleSheets = [...after, ...others];
}
