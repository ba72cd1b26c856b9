/**
 * Everything that crosses a process boundary: server-sent events, requests of the page to the server, and the shape of a linked
 * module. Types and constants only, so that the server, the page and the tests agree by construction; it imports nothing.
 * Who adds a message adds it to a union here, and the compiler names every `switch` that has to know it.
 */

/** The event stream. Anyone may open it: the plain contract (see {@link PlainMessage}) is meant for hand-written clients. */
export const CHANGES_PATH = '/changes';
/** Every other address of ours starts with this, so that it cannot meet a file of the author's. */
export const INTERNAL_PREFIX = '/@hmr-dev/';
/** The injected client, a classic script; in a worker the same file is imported and gives the runtime only. */
export const CLIENT_PATH = '/@hmr-dev/client.js';
/** The author's `import { container } from 'hmr-dev/client'`, served when the folder has no installation. */
export const AUTHOR_API_PATH = '/@hmr-dev/api.js';
/** The SharedWorker that holds the one stream of a browser. */
export const STREAM_WORKER_PATH = '/@hmr-dev/stream-worker.js';
/** `GET <UPDATES_PATH><event id>.js`: the definitions of one update as a script, for pages whose CSP forbids inline code; `.patch.js`: its patches. */
export const UPDATES_PATH = '/@hmr-dev/updates/';
/** `POST`, token: what a page has loaded; the answer is what differs ({@link SyncRequest}, {@link SyncAnswer}). */
export const SYNC_PATH = '/@hmr-dev/sync';
/** What merges a changed page into the live one; a module that pages import when the first such change comes. */
export const MERGE_PATH = '/@hmr-dev/merge.js';
/** Says what versions of modules are (src/runtime/swap/shape.ts): a script, for their hashes in `of`, joined by dots. */
export const DESCRIBE_PATH = '/@hmr-dev/describe.js';
/** What changes running code in place (runtime/swap); a module that pages import when they have time, or when the first update needs it. */
export const SWAP_PATH = '/@hmr-dev/swap.js';
/** `POST`, token: what became of the HTML file behind a page ({@link PageRequest}, {@link PageAnswer}). */
export const PAGE_PATH = '/@hmr-dev/page';
/** `POST`, token: the HTML that has a hash ({@link PageRequest}), as it was served but for the client's tag; `null` when it is not known any more. */
export const PAGE_SOURCE_PATH = '/@hmr-dev/page-source';
/** `POST`, token: open a file in the editor ({@link OpenRequest}). */
export const OPEN_PATH = '/@hmr-dev/open';
/** `POST`, token: an error of the running page, for the terminal ({@link PageErrorReport}; answer {@link ErrorReport}, mapped). */
export const REPORT_PATH = '/@hmr-dev/report';
/** `POST`, token: `import.meta.hot.send` ({@link ClientMessage}). */
export const SEND_PATH = '/@hmr-dev/send';
/** `POST`, token: what a page did about an update, for the one line in the terminal ({@link OutcomeReport}). */
export const OUTCOME_PATH = '/@hmr-dev/outcome';
/** Host module of modules that stand for a stylesheet; not for authors. */
export const STYLE_API_PATH = '/@hmr-dev/style.js';
/** Host module in place of what a package does without in a browser (`"browser": { "fs": false }`). */
export const EMPTY_MODULE_PATH = '/@hmr-dev/empty.js';
/** Host module in place of `fs` and its like, with the name behind it: reading anything of it throws. */
export const NODE_MODULE_PREFIX = '/@hmr-dev/node/';
/** Query of a request by the runtime's `import()`: the answer only defines. `without` lists chunks that the page has. */
export const DEFINE_QUERY = 'hmr-define';
/** Query of a source map: of the chunk or module definition with this hash. */
export const MAP_QUERY = 'hmr-map';
/** Query of a request for a module's patch; the value is the hash of its definition. */
export const PATCH_QUERY = 'hmr-patch';
/** Query in the name (`sourceURL`) of a script that an update ran: the hash of its module. */
export const UPDATE_QUERY = 'hmr-update';
/** Query of an inline module script: its number, which it keeps when others come and go in front of it. */
export const INLINE_QUERY = 'inline-module';
/** Names the exports of a module that an importer wants, and stands for a module that has only those. */
export const SELECTION_QUERY = 'only';
/** Header that carries the token of {@link HelloEvent} on every `POST`. */
export const TOKEN_HEADER = 'x-hmr-dev-token';

/** The runtime's place on the global object: `globalThis[Symbol.for('hmr-dev')]`. */
export const RUNTIME_KEY = 'hmr-dev';

/**
 * A module's identity: the root-relative URL at which its file is served, with the resolved extension and any transforming query
 * (`/src/view.ts`, `/logo.svg?raw`), or the absolute URL of a module of another origin (`https://…`).
 */
export type ModuleId = string;

/** `<epoch>-<sequence>`; the epoch names one run of the server, the sequence counts its events from 1. */
export type EventId = string;

/**
 * The static facts of one linked module: all that linking needs before any code runs (ECMA-262 §16.2.1.6, "Source Text Module
 * Records"). Emitted as JSON in front of the factory.
 */
export interface ModuleMeta {
  readonly id: ModuleId;
  /** Hash of the emitted code and of what its specifiers resolve to; the version of the module. */
  readonly hash: string;
  /** Requested modules in source order, each once. The factory receives their exports in this order. */
  readonly deps: readonly ModuleId[];
  /** What is imported: dependency index and export name, `*` for the namespace object. */
  readonly imports: readonly (readonly [dep: number, name: string])[];
  /** Names exported from bindings of this module. */
  readonly exports: readonly string[];
  /** Names exported from another module's bindings; the name `*` stands for its namespace object. */
  readonly reexports: readonly (readonly [as: string, dep: number, name: string])[];
  /** Dependencies of `export * from`. */
  readonly stars: readonly number[];
  /** The body awaits at top level. */
  readonly async: boolean;
  /** Other literal specifiers (`import()`, `hot.accept`, `require`) and what they resolve to. */
  readonly specifiers: Readonly<Record<string, ModuleId>>;
  /**
   * `commonjs`: what it exports is known when it has run, and what `specifiers` names has to be there before. `node`: an ES module that takes
   * the default export of such a module for all of it, as Node does.
   */
  readonly format?: 'commonjs' | 'node';
}

/**
 * New code of modules. Two scripts, for both have each line of the author's, and a debugger sets a breakpoint at one place of a script only: a breakpoint
 * has to be in what is put into the old version and in what runs in its place.
 */
export interface UpdateCode {
  /** The definitions. */
  readonly code: string;
  /** What puts them into running versions, if anything does; to be run after `code`. */
  readonly patch?: string;
}

/** One thing that differs from what a page may have. The page decides what, if anything, to do about it. */
export type Change =
  /** A linked module has new output, whose code comes along where sending it pays; otherwise it is fetched. */
  | ({ readonly kind: 'module'; readonly id: ModuleId; readonly hash: string } & Partial<UpdateCode>)
  /** A stylesheet that a `<link>` may point at changed, itself or through `@import` and `url()`. */
  | { readonly kind: 'style'; readonly url: string; readonly hash: string }
  /** An HTML file changed. `url` is the path of the file (`/about.html`), not of the page. */
  | { readonly kind: 'page'; readonly url: string; readonly hash: string }
  /** Any other file changed: an image, a font, a classic script. */
  | { readonly kind: 'asset'; readonly url: string; readonly hash: string };

/** Where an error is: file relative to the served folder, line from 1, column from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** An error as the overlay and the terminal show it. */
export interface ErrorReport {
  /** Stable between two reports of the same error, so that a fix can name what it fixed. */
  readonly key: string;
  /** `program`: of what runs beside the pages (`--run`). */
  readonly kind: 'build' | 'runtime' | 'program';
  readonly title: string;
  readonly message: string;
  readonly place?: Place;
  /** Source lines around the place, with a marker. Plain text. */
  readonly frame?: string;
  /** What to do next, one sentence. */
  readonly hint?: string;
  /** Mapped stack frames, outermost last. */
  readonly stack?: readonly StackFrame[];
}

export interface StackFrame {
  readonly functionName: string;
  /** Missing when the frame is not in the served folder (the browser, another origin). */
  readonly place?: Place;
  /** The frame as the browser printed it. */
  readonly raw: string;
}

/** First event on every connection. */
export interface HelloEvent {
  readonly type: 'hello';
  readonly epoch: string;
  readonly sequence: number;
  /** Name of the served folder, for messages. Never its full path. */
  readonly root: string;
  readonly token: string;
  /** Everything missed since the client's `Last-Event-ID` follows. If false, the client must sync. */
  readonly resumed: boolean;
  /** Build errors that stand now. */
  readonly errors: readonly ErrorReport[];
}

export interface UpdateEvent {
  readonly type: 'update';
  readonly id: EventId;
  readonly changes: readonly Change[];
  /** The changed files that caused it, relative to the served folder. */
  readonly cause: readonly string[];
  readonly timings: { readonly batchMs: number; readonly compileMs: number };
}

/** Every page reloads (the `r` key, a setting that cannot be hot). */
export interface ReloadEvent {
  readonly type: 'reload';
  readonly reason: string;
}

/** The whole set of build errors that stand now; sent when it grows or changes. Nothing of the batch was applied. */
export interface ErrorEvent {
  readonly type: 'error';
  readonly errors: readonly ErrorReport[];
}

/** No build error stands any more. */
export interface FixedEvent {
  readonly type: 'fixed';
}

/** An event of a server plugin or of `server.send`, for `import.meta.hot.on`. */
export interface CustomEvent {
  readonly type: 'custom';
  readonly event: string;
  readonly data: unknown;
  /** A page in which nobody listens for it loads again, for this reason. */
  readonly orReload?: string;
}

/** Named events on {@link CHANGES_PATH}: the SSE event name is `type`, the data its JSON. */
export type ServerEvent = HelloEvent | UpdateEvent | ReloadEvent | ErrorEvent | FixedEvent | CustomEvent;

/**
 * The plain contract: a default `message` event whose data is the JSON string of a changed file's path relative to the served
 * folder (`"view.js"`, `"sub/a.js"`).
 */
export type PlainMessage = string;

/** What a page has: asked after a gap that the replay buffer cannot fill, and once after load with `null` hashes to learn them. */
export interface SyncRequest {
  readonly modules: Readonly<Record<ModuleId, string>>;
  /** Root-relative URLs of stylesheets, images and classic scripts; `null` where the page does not know the hash yet. */
  readonly assets: Readonly<Record<string, string | null>>;
  readonly page: PageRequest | null;
}

export interface SyncAnswer {
  /** The page is level with the server as of this event. */
  readonly id: EventId;
  readonly changes: readonly Change[];
  /** Current hash of every asset asked for that exists. */
  readonly assets: Readonly<Record<string, string>>;
}

/** A page and the version that it shows, or that is asked for. */
export interface PageRequest {
  /** Root-relative URL of the HTML file. */
  readonly file: string;
  /** Of the HTML, before the client's tag is put in. */
  readonly hash: string;
}

export type PageAnswer =
  /** `isOldKnown`: what the page shows can be asked for too. */
  | { readonly kind: 'page'; readonly hash: string; readonly isOldKnown: boolean }
  /** Saved in the middle of typing: the end of a tag, a quote or a comment is missing that was there before. */
  | { readonly kind: 'unfinished'; readonly reason: string }
  /** It is changed, and larger than what is kept to be merged. */
  | { readonly kind: 'large'; readonly reason: string }
  | { readonly kind: 'gone' };

export interface OpenRequest {
  /** Relative to the served folder. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface PageErrorReport {
  readonly kind: 'error' | 'rejection';
  readonly message: string;
  readonly stack: string;
  /** Address of the page, for the terminal. */
  readonly page: string;
}

export interface OutcomeReport {
  readonly id: EventId;
  /** `ignored`: this page runs nothing of what changed. */
  readonly kind: 'ignored' | 'updated' | 'reload' | 'failed';
  /** One line: what was done, or why the page reloads. */
  readonly text: string;
}

export interface ClientMessage {
  readonly event: string;
  readonly data: unknown;
}
