/**
 * How preact is used in a page, for preact.test.ts, which bundles this file: an app of class and function components with what each can do, whose HTML after
 * each step is the result.
 */
import type * as preactTypes from 'preact';
import type * as hooksTypes from 'preact/hooks';
import { runLibrary } from './library.ts';
import type { ModuleText } from './host.ts';

/** What is rendered; the types of preact's `h` know each element, which is too much here. */
type Child = preactTypes.VNode<never>;
export type Preact = Omit<typeof preactTypes, 'h' | 'render'> &
  typeof hooksTypes & {
    h(type: unknown, props: object | null, ...children: unknown[]): Child;
    render(child: Child | null, root: Element): void;
  };

interface App {
  /** Goes through the same steps at every call, and is as before when they are done. */
  steps(interrupt: () => void): readonly string[];
  unmount(): void;
}

export function mountApp({ h, render, Component, Fragment, createContext, createRef, options, ...hooks }: Preact): App {
  const { useState, useReducer, useContext, useMemo, useLayoutEffect, useRef, useErrorBoundary } = hooks;
  // Every update is drawn before the call that makes it returns.
  options.debounceRendering = (draw) => draw();
  const log: string[] = [];
  let interruption = (): void => undefined;
  const Theme = createContext('light');
  const root = document.body.appendChild(document.createElement('main'));

  class Counter extends Component<{ name: string }, { count: number }> {
    override state = { count: 0 };
    override componentDidMount(): void {
      log.push(`${this.props.name} mounted`);
    }
    override componentDidUpdate(_: unknown, before: { count: number }): void {
      log.push(`${this.props.name} ${before.count} → ${this.state.count}`);
    }
    override componentWillUnmount(): void {
      log.push(`${this.props.name} gone`);
    }
    override render({ name }: { name: string }, { count }: { count: number }): Child {
      return h('button', { id: name, onClick: () => this.setState({ count: (count + 1) % 3 }) }, `${name}: ${count}`);
    }
  }

  const Row = ({ id, on }: { id: number; on: boolean }): Child => {
    if (id === 3) interruption();
    const theme = useContext(Theme);
    const [first] = useState(() => id * 10);
    const label = useMemo(() => `row ${id} of ${theme}`, [id, theme]);
    const cell = useRef<HTMLElement>(null);
    useLayoutEffect(() => {
      cell.current?.setAttribute('data-seen', String(first));
      return () => void log.push(`effect of ${id} ends`);
    }, [first, on]);
    return h(
      'li',
      { class: on ? 'on' : undefined, style: { top: `${id}px` }, ref: cell as never },
      label,
      h('input', { checked: on, type: 'checkbox' }),
    );
  };

  const Guard = ({ children }: { children: preactTypes.ComponentChildren }): Child => {
    const [error] = useErrorBoundary();
    return h(Fragment, null, error ? `caught ${String(error)}` : children);
  };
  const Throws = ({ now }: { now: boolean }): Child => {
    if (now) throw new Error('on purpose');
    return h('i', null, 'calm');
  };

  let change: (next: Partial<Shown>) => void = () => undefined;
  const list = createRef<HTMLUListElement>();
  const App = (): Child => {
    const [shown, dispatch] = useReducer<Shown, Partial<Shown>>((old, next) => ({ ...old, ...next }), START);
    change = dispatch as typeof change;
    const rows = shown.ids.map((id) => h(Row, { key: id, id, on: shown.on === id }));
    return h(
      Theme.Provider,
      { value: shown.theme },
      h('ul', { ref: list }, rows),
      h(Counter, { name: 'a' }),
      shown.on > 0 && h(Counter, { name: 'b' }),
      h('svg', { viewBox: '0 0 1 1' }, h('path', { d: 'M0 0' })),
      h('p', { dangerouslySetInnerHTML: { __html: `<b>${shown.theme}</b>` } }),
      h(Guard, { key: shown.throws }, h(Throws, { now: shown.throws })),
    );
  };
  render(h(App, null), root);

  return {
    steps(interrupt) {
      interruption = interrupt;
      const seen: string[] = [];
      const look = (): void => void seen.push(`${root.innerHTML} ${list.current?.children.length} ${log.splice(0).join(', ')}`);
      log.splice(0);
      look();
      for (const next of CHANGES) {
        change(next);
        look();
      }
      for (let clicks = 0; clicks < 3; clicks++) {
        root.querySelector<HTMLElement>('#a')?.click();
        look();
      }
      interruption = () => undefined;
      return seen;
    },
    unmount() {
      render(null, root);
      root.remove();
    },
  };
}

interface Shown {
  readonly ids: readonly number[];
  readonly on: number;
  readonly theme: string;
  readonly throws: boolean;
}

const START: Shown = { ids: [1, 2, 3, 4, 5], on: 0, theme: 'light', throws: false };
const CHANGES: readonly Partial<Shown>[] = [
  { ids: [5, 3, 1, 2, 4] },
  { on: 3 },
  { ids: [3, 6, 7, 1] },
  { theme: 'dark', on: 7 },
  { throws: true },
  { ids: [], throws: false },
  { ...START },
];

export interface PreactRun {
  readonly entry: string;
  readonly plain: readonly ModuleText[];
  /** The first stands for the first version, which the last brings back. */
  readonly versions: readonly (readonly ModuleText[])[];
}

/** What each version's steps showed that should not be: nothing, if all is well. */
export async function runPreact({ entry, plain, versions }: PreactRun): Promise<readonly string[]> {
  const nothing = (): void => undefined;
  const stepsOf = (library: Preact, interrupt = nothing): string => {
    const app = mountApp(library);
    const seen = app.steps(interrupt);
    app.unmount();
    return seen.join('\n');
  };
  const [first = [], ...rest] = versions;
  const expected = stepsOf((await runLibrary<Preact>(entry, plain)).namespace);
  const library = await runLibrary<Preact>(entry, first);
  const wrong: string[] = [];
  const check = (shown: string, when: string): void => {
    if (shown !== expected) wrong.push(`${when}:\n${shown}\n\n${expected}`);
  };
  check(stepsOf(library.namespace), 'with slots');
  const held = mountApp(library.namespace);
  for (const [index, version] of rest.entries()) {
    const commit = await library.prepare(version);
    let calls = 0;
    check(held.steps(() => ++calls === 2 && commit()).join('\n'), `while version ${index} comes`);
    if (calls < 2) wrong.push(`${calls} interruptions`);
    check(stepsOf(library.namespace), `after version ${index} came`);
    check(held.steps(nothing).join('\n'), `the app of before, after version ${index} came`);
  }
  held.unmount();
  return expected.includes('caught Error: on purpose') ? wrong : ['the app does not do what it should'];
}
