/**
 * Nodes of a parsed file, copied for the live page: scripts that run, declarative shadow roots attached, the page's nonce on what a policy asks
 * for it.
 */
import { isElement, isShadowTemplate } from './tree.ts';
import { runnableScript } from './scripts.ts';

/** With all that is in it. */
export function copyOf(node: Node, nonce: string | undefined): Node {
  if (isScript(node)) return runnableScript(node, nonce);
  const copy = document.importNode(node, true);
  prepare(copy, nonce);
  return copy;
}

/** Without children. */
export function shellOf(node: Node, nonce: string | undefined): Node {
  const copy = document.importNode(node, false);
  setNonce(copy, nonce);
  return copy;
}

/** @param template of the copied file, or a copy of it */
export function attachShadow(host: Element, template: HTMLTemplateElement, nonce: string | undefined): ShadowRoot {
  const root = host.attachShadow({
    mode: template.getAttribute('shadowrootmode') === 'closed' ? 'closed' : 'open',
    delegatesFocus: template.hasAttribute('shadowrootdelegatesfocus'),
    clonable: template.hasAttribute('shadowrootclonable'),
    serializable: template.hasAttribute('shadowrootserializable'),
  } as ShadowRootInit);
  const content = document.importNode(template.content, true);
  prepare(content, nonce);
  root.append(content);
  return root;
}

function prepare(copy: Node, nonce: string | undefined): void {
  setNonce(copy, nonce);
  const children = [...copy.childNodes];
  for (const node of children) {
    if (isScript(node)) node.replaceWith(runnableScript(node, nonce));
    else if (isShadowTemplate(node) && isElement(copy)) {
      attachShadow(copy, node, nonce);
      node.remove();
    } else if (isElement(node)) prepare(node, nonce);
  }
}

function isScript(node: Node): node is Element & ChildNode {
  return isElement(node) && node.localName === 'script';
}

function setNonce(node: Node, nonce: string | undefined): void {
  if (nonce !== undefined && node instanceof HTMLElement && node.hasAttribute('nonce')) node.nonce = nonce;
}
