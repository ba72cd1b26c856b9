/**
 * The recorder of the module-semantics comparison: `log`, `attempt` and `done` on the global object. The function is
 * self-contained on purpose: it runs in the test process for the Node comparison, and as an init script in the page for the
 * browser's, so that both describe values in the same way. Descriptions are text, since a namespace object, a function's name or
 * a getter that throws would not survive the way out of the page.
 */
import type { CaseGlobals } from './case.ts';

export interface Recorder {
  readonly lines: string[];
  /** What no module caught: errors reported by the host. */
  readonly uncaught: string[];
  /** Fulfilled by `done()`, and by the first error that nobody caught. */
  readonly settled: Promise<void>;
  /** Adds an error that reached the host. */
  fail(kind: 'error' | 'rejection', value: unknown): void;
}

export function installRecorder(): Recorder {
  const lines: string[] = [];
  const uncaught: string[] = [];
  const seen: unknown[] = [];

  function name(value: object): string {
    const own = Reflect.get(value, 'name');
    return typeof own === 'string' ? own : typeof own;
  }

  function properties(value: object, open: string, close: string): string {
    if (seen.includes(value) || seen.length > 5) return `${open}…${close}`;
    seen.push(value);
    const parts = Reflect.ownKeys(value).map((key) => {
      try {
        return `${String(key)}: ${describe(Reflect.get(value, key))}`;
      } catch (error) {
        return `${String(key)}: <${describe(error)}>`;
      }
    });
    seen.pop();
    return `${open}${parts.join(', ')}${close}`;
  }

  function describeObject(value: object): string {
    if (value instanceof Error) return `${value.name}: ${value.message}`;
    if (value instanceof Promise) return 'Promise';
    if (value instanceof RegExp || value instanceof Date) return String(value);
    if (value instanceof Map || value instanceof Set) return `${name(value.constructor)}${describe([...value])}`;
    if (Array.isArray(value)) return `[${value.map((item) => describe(item)).join(', ')}]`;
    const tag = Reflect.get(value, Symbol.toStringTag);
    return properties(value, typeof tag === 'string' ? `${tag} {` : '{', '}');
  }

  function describe(value: unknown): string {
    if (typeof value === 'string') return JSON.stringify(value);
    if (typeof value === 'bigint') return `${value}n`;
    if (typeof value === 'symbol') return value.toString();
    if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
    if (typeof value === 'function') return `${/^class\b/.test(String(value)) ? 'class' : 'function'} ${JSON.stringify(name(value))}`;
    return typeof value === 'object' && value !== null ? describeObject(value) : String(value);
  }

  let finish = (): void => undefined;
  const settled = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const globals: CaseGlobals = {
    log: (...values) => {
      lines.push(values.map((value) => (typeof value === 'string' ? value : describe(value))).join(' '));
    },
    attempt: (label, run) => {
      try {
        lines.push(`${label}: ${describe(run())}`);
      } catch (error) {
        lines.push(`${label} threw ${describe(error)}`);
      }
    },
    done: () => finish(),
  };
  const fail = (kind: 'error' | 'rejection', value: unknown): void => {
    uncaught.push(`${kind} ${describe(value)}`);
    finish();
  };
  const recorder: Recorder = { lines, uncaught, settled, fail };
  Object.assign(globalThis, globals, { semanticsRecorder: recorder });
  if (typeof window !== 'undefined') {
    window.addEventListener('error', (event) => fail('error', event.error));
    window.addEventListener('unhandledrejection', (event) => fail('rejection', event.reason));
  }
  return recorder;
}

/** The recorder as a script, for a page or another process; evaluates to the {@link Recorder}. */
export function recorderSource(): string {
  // The transpiler of the tests wraps functions in a helper of this name, which does not travel with the function's text.
  return `(() => { const __name = (fn) => fn; return (${String(installRecorder)})(); })()`;
}
