/**
 * Names that are never served, whatever asks for them: dotfiles and what they cover (`.env`, `.git`), private keys, and the folders of
 * version control that have no dot. One predicate for the URL, for the real path behind a symlink and for directory listings,
 * because three lists would differ some day. A deny list alone would not be safe: containment (open-file.ts) is the fence, this is the
 * second one, for secrets that lie inside the served folder.
 */

const KEY_FILE = /(?:\.(?:pem|key|p12|pfx|jks|keystore|kdbx|ppk)|^id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?)$/i;
/** Exact case: a lower-case `cvs` is more likely somebody's folder of curricula. */
const VCS_FOLDERS: ReadonlySet<string> = new Set(['CVS', '_darcs', 'RCS', 'SCCS']);

/** Of one name, not a path. The one dotted folder of the web, `.well-known`, is for the caller to allow where it may stand. */
export function isPrivateName(name: string): boolean {
  return name.startsWith('.') || KEY_FILE.test(name) || VCS_FOLDERS.has(name);
}

/**
 * Of a path inside the served folder, by its names. `.well-known` (RFC 8615) is public at the top; package managers keep real files
 * in dot folders right below `node_modules` (`node_modules/.pnpm/`), which a URL cannot name but a symlink leads to.
 */
export function isPrivatePath(names: readonly string[]): boolean {
  return names.some((name, index) => {
    if (!isPrivateName(name)) return false;
    if (name === '.well-known' && index === 0) return false;
    const isStore = name.startsWith('.') && names[index - 1] === 'node_modules' && index < names.length - 1;
    return !isStore;
  });
}
