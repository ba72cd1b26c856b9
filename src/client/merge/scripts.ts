/**
 * Scripts in a merge. One that did not change never runs again, one that is new runs once. What a script has done cannot be taken back, so a page
 * whose classic script changed, or any script went, has to be loaded again. Texts of inline modules are imports (protocol.ts, `INLINE_QUERY`):
 * a change of what they import comes as a change of that module.
 */

type ScriptKind = 'classic' | 'module' | 'importmap' | 'data';

const JAVASCRIPT = /^(?:(?:text|application)\/(?:x-)?(?:java|ecma)script|text\/(?:javascript1\.[0-5]|jscript|livescript))$/;

export function scriptKind(script: Element): ScriptKind {
  const type = script.getAttribute('type')?.trim().toLowerCase();
  if (type === undefined || type === '') return 'classic';
  if (type === 'module' || type === 'importmap') return type;
  return JAVASCRIPT.test(type) ? 'classic' : 'data';
}

export function isSameScript(a: Element, b: Element): boolean {
  const kind = scriptKind(a);
  if (kind !== scriptKind(b) || a.getAttribute('src') !== b.getAttribute('src')) return false;
  return kind === 'data' ? a.getAttribute('type') === b.getAttribute('type') : isSameCode(a.textContent, b.textContent);
}

/** Editors indent the lines of what they wrap. In a template, and after a line that goes on, that may be part of a text. */
function isSameCode(a: string, b: string): boolean {
  return a === b || (!/`|\\\r?\n/.test(a) && withoutIndent(a) === withoutIndent(b));
}

function withoutIndent(text: string): string {
  return text.replaceAll(/^\s+/gm, '').trimEnd();
}

/** Why a script that is not in both files needs the page to load again. */
export function whyReload(script: Element, change: 'gone' | 'added'): string | undefined {
  const kind = scriptKind(script);
  const name = script.getAttribute('src') ?? 'an inline script';
  if (kind === 'data') return undefined;
  if (kind === 'importmap') return 'its import map changed';
  if (change === 'added') return canInsertScripts() ? undefined : `${name} is new, and the page requires Trusted Types`;
  return `${name} was changed or removed, and has run already`;
}

/** A page that requires Trusted Types lets nobody set the text of a script. */
function canInsertScripts(): boolean {
  try {
    document.createElement('script').textContent = '0';
    return true;
  } catch {
    return false; // TypeError, by the policy.
  }
}

/** A copy that runs when it is put into the page: those that a parser or a clone has made may not. */
export function runnableScript(source: Element, nonce: string | undefined): Element {
  const script = document.createElementNS(source.namespaceURI, source.localName);
  // In the order of the page, as a parser would.
  if (script instanceof HTMLScriptElement && !source.hasAttribute('async')) script.async = false;
  for (const attribute of source.attributes) script.setAttributeNodeNS(attribute.cloneNode() as Attr);
  if (nonce !== undefined && (script instanceof HTMLElement || script instanceof SVGElement)) script.nonce = nonce;
  if (source.textContent !== '') script.textContent = source.textContent;
  return script;
}
