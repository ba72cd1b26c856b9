/**
 * One case of the comparison of module semantics: a few plain modules that say what happens through `log`. A case holds no
 * expected output, because the native module system of the engine is the expectation: the same files run natively and linked,
 * and what they said is compared line by line. What a case does state is how the native run ends, so that a typing error in a
 * case (two equal failures) cannot pass for agreement. A known limit states the other output, so that it is known when it changes.
 */
export interface SemanticsCase {
  readonly name: string;
  /** File path below the case's own folder → text. `main.js` is the entry. */
  readonly files: Readonly<Record<string, string>>;
  /** Module scripts of the page in document order, where it is not `main.js` alone. */
  readonly entries?: readonly string[];
  /** The page's whole body, where script tags made from `entries` do not do. Such a case needs a browser. */
  readonly html?: string;
  /** Needs something that Node lacks or does in another way. */
  readonly browserOnly?: true;
  /** The graph does not link (ECMA-262 §16.2.1.6.4): nothing runs, and the error names this export and one of these modules. */
  readonly linkError?: { readonly exportName: string; readonly modules: readonly string[] };
  /** Evaluation ends with an error that nobody catches. */
  readonly uncaught?: true;
  /** A difference that README names as a limit: its reason, and what the linked run says in place of what the native one says. */
  readonly limit?: { readonly reason: string; readonly linked: readonly string[] };
}

/** What the modules of a case find on the global object. */
export interface CaseGlobals {
  /** Records one line; values are described, not only converted to strings. */
  log(...values: unknown[]): void;
  /** Runs a function and records its value or the error that it throws. */
  attempt(label: string, run: () => unknown): void;
  /** Ends a case whose work goes on after the page's `load` event. */
  done(): void;
}

/** What one run of a case showed. */
export interface Outcome {
  readonly lines: readonly string[];
  /** Errors that reached the host. */
  readonly uncaught: readonly string[];
}

/** Cases that go on after `load` say so by calling `done()`. */
export function callsDone(testCase: SemanticsCase): boolean {
  return Object.values(testCase.files).some((text) => /\bdone\b/.test(text));
}

/** Module scripts of a case, in document order. */
export function entriesOf(testCase: SemanticsCase): readonly string[] {
  return testCase.entries ?? ['main.js'];
}

/** A folder or file name of a case: the same on every run, so that a failure can be looked at alone. */
export function slug(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
