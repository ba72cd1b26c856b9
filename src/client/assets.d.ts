/**
 * What `hmr-dev` makes of files that are no source, and its events of a document, for `"types": ["hmr-dev/client"]`. A script and not a
 * module: only so can it declare names with a wildcard.
 */

declare module '*.svg' {
  const url: string;
  export default url;
}
declare module '*.png' {
  const url: string;
  export default url;
}
declare module '*.jpg' {
  const url: string;
  export default url;
}
declare module '*.jpeg' {
  const url: string;
  export default url;
}
declare module '*.gif' {
  const url: string;
  export default url;
}
declare module '*.webp' {
  const url: string;
  export default url;
}
declare module '*.avif' {
  const url: string;
  export default url;
}
declare module '*.ico' {
  const url: string;
  export default url;
}
declare module '*.woff' {
  const url: string;
  export default url;
}
declare module '*.woff2' {
  const url: string;
  export default url;
}
declare module '*.ttf' {
  const url: string;
  export default url;
}
declare module '*.otf' {
  const url: string;
  export default url;
}
declare module '*.mp3' {
  const url: string;
  export default url;
}
declare module '*.mp4' {
  const url: string;
  export default url;
}
declare module '*.webm' {
  const url: string;
  export default url;
}
declare module '*.ogg' {
  const url: string;
  export default url;
}
declare module '*.wav' {
  const url: string;
  export default url;
}
declare module '*.pdf' {
  const url: string;
  export default url;
}
declare module '*.wasm' {
  const url: string;
  export default url;
}
declare module '*.wasm?init' {
  const init: (imports?: WebAssembly.Imports) => Promise<WebAssembly.Instance>;
  export default init;
}
declare module '*?worker' {
  const WorkerOfFile: new (options?: { name?: string }) => Worker;
  export default WorkerOfFile;
}
declare module '*?sharedworker' {
  const WorkerOfFile: new (options?: { name?: string }) => SharedWorker;
  export default WorkerOfFile;
}
declare module '*?raw' {
  const text: string;
  export default text;
}
declare module '*?url' {
  const url: string;
  export default url;
}
declare module '*?inline' {
  const dataUrl: string;
  export default dataUrl;
}
declare module '*.module.css' {
  const names: Readonly<Record<string, string>>;
  export default names;
}
declare module '*.css' {}

/** An edit of the page's HTML: the file, and its trees before and after. */
interface HmrHtmlEdit {
  /** Root-relative URL. */
  readonly file: string;
  readonly before: Document;
  readonly after: Document;
}

interface DocumentEventMap {
  /** Cancelable: then the page stays as it is. */
  'hmr-dev:html': CustomEvent<HmrHtmlEdit>;
  /** The live elements that were put in, and all that were touched. */
  'hmr-dev:html-updated': CustomEvent<HmrHtmlEdit & { readonly added: readonly Element[]; readonly changed: readonly Element[] }>;
}
