/** Timers, listeners and others who keep a function: functions inside top-level expressions and those handed over by name. */
import { story, type SwapCase } from '../case.ts';

export const timerListenerCases: readonly SwapCase[] = [
  story({
    name: 'an interval handed a function by name',
    level: 'bindings',
    files: `let beats = 0;
const said = [];
function beat() { beats++; said.push('v1:' + beats); }
setInterval(beat, 1);
probe(() => [said.join(' ')]);`,
    starts: ['v1:1'],
    steps: [
      { edit: [["'v1:'", "'v2:'"]], says: ['v1:1 v2:2'], kept: true },
      { edit: [['beats++', 'beats += 10']], says: ['v1:1 v2:2 v2:12'], kept: true },
    ],
  }),
  story({
    name: 'an interval and a timeout with functions of their own, at top level',
    files: `const said = [];
setInterval(() => said.push('i1'), 1);
setTimeout(() => { said.push('t1'); }, 3);
const id = setInterval(function () { said.push('cleared'); clearInterval(id); }, 1);
probe(() => [said.join(' ')]);`,
    starts: ['i1 cleared'],
    steps: [
      { edit: [["'i1'", "'i2'"]], says: ['i1 cleared i2'], kept: true },
      {
        edit: [
          ["'t1'", "'t2'"],
          ["'cleared'", "'never'"],
        ],
        says: ['i1 cleared i2 i2 t2'],
        kept: true,
      },
    ],
  }),
  story({
    name: 'listeners at top level: each event its own, with one added between them',
    files: `const target = new EventTarget();
target.addEventListener('a', (event) => { event.said = 'a1'; });
target.addEventListener('b', (event) => { event.said = 'b1'; });
function fire(type) { const event = new Event(type); target.dispatchEvent(event); return event.said ?? 'nobody'; }
probe(() => [fire('a'), fire('b'), fire('c')]);`,
    starts: ['a1', 'b1', 'nobody'],
    steps: [
      { edit: [["'b1'", "'b2'"]], says: ['a1', 'b2', 'nobody'] },
      {
        edit: [
          ["target.addEventListener('b'", "target.addEventListener('c', (event) => { event.said = 'c1'; });\ntarget.addEventListener('b'"],
        ],
        says: ['a1', 'b2', 'c1'],
      },
      {
        edit: [
          ["'a1'", "'a2'"],
          ["'c1'", "'c2'"],
        ],
        says: ['a2', 'b2', 'c2'],
      },
    ],
  }),
  story({
    name: 'two listeners of one event never get each other’s code',
    files: `const target = new EventTarget();
target.addEventListener('x', (event) => { event.one = 'one 1'; });
target.addEventListener('x', (event) => { event.two = 'two 1'; });
function fire() { const event = new Event('x'); target.dispatchEvent(event); return event.one + ' ' + event.two; }
const both = () => fire().replaceAll(/ \\d/g, '');
probe(() => [both()]);`,
    starts: ['one two'],
    steps: [
      { edit: [["'one 1'", "'one 2'"]], orRefused: true },
      {
        edit: [
          ["(event) => { event.one = 'one 2'; }", "(event) => { event.two = 'two 3'; }"],
          ["(event) => { event.two = 'two 1'; }", "(event) => { event.one = 'one 3'; }"],
        ],
        orRefused: true,
      },
    ],
  }),
  story({
    name: 'an object that handles events, and a listener that ends itself',
    files: `const target = new EventTarget();
const handler = { prefix: 'p', handleEvent(event) { event.said = this.prefix + ' v1'; } };
target.addEventListener('x', handler);
target.addEventListener('once', function ended(event) { event.said = 'once1'; target.removeEventListener('once', ended); });
const fire = (type) => { const event = new Event(type); target.dispatchEvent(event); return event.said ?? 'nobody'; };
const first = fire('once');
probe(() => [fire('x'), first, fire('once')]);`,
    starts: ['p v1', 'once1', 'nobody'],
    steps: [
      {
        edit: [
          ["' v1'", "' v2'"],
          ["'once1'", "'once2'"],
        ],
        says: ['p v2', 'once1', 'nobody'],
        kept: true,
      },
    ],
  }),
  story({
    name: 'removeEventListener finds the listener by identity after an edit',
    level: 'bindings',
    files: `const target = new EventTarget();
let heard = 0;
function onX() { heard++; return 'v1'; }
target.addEventListener('x', onX);
function toggle() {}
setInterval(turn, 1);
function turn() { toggle(); target.dispatchEvent(new Event('x')); }
probe(() => [String(heard)]);`,
    starts: ['1'],
    steps: [
      { edit: [["'v1'", "'v2'"]], says: ['2'], kept: true },
      { edit: [['toggle() {}', "toggle() { target.removeEventListener('x', onX); }"]], says: ['2'], kept: true },
    ],
  }),
  story({
    name: 'an observer pattern, a plugin list and a Proxy handler',
    files: `const subscribers = new Set(), plugins = [];
const subscribe = (f) => subscribers.add(f);
subscribe((x) => 'first1 ' + x);
plugins.push({ name: 'p', apply(x) { return 'plugin1 ' + x; } });
const proxy = new Proxy({}, { get: (target, key) => 'proxied1 ' + String(key) });
const held = [...subscribers];
probe(() => [held[0]('s'), plugins[0].apply('a'), proxy.key]);`,
    starts: ['first1 s', 'plugin1 a', 'proxied1 key'],
    steps: [
      {
        edit: [
          ["'first1 '", "'first2 '"],
          ["'plugin1 '", "'plugin2 '"],
          ["'proxied1 '", "'proxied2 '"],
        ],
        says: ['first2 s', 'plugin2 a', 'proxied2 key'],
      },
    ],
  }),
  story({
    name: 'a debounce: the wrapper made at top level calls the new function',
    files: `const said = [];
function debounce(f, ticks) { let id; return (...args) => { clearTimeout(id); id = setTimeout(() => f(...args), ticks); }; }
const save = debounce((x) => said.push('saved1 ' + x), 2);
save('a'); save('b');
probe(() => [said.join()]);`,
    starts: [''],
    steps: [{ edit: [["'saved1 '", "'saved2 '"]], says: ['saved2 b'], kept: true }],
  }),
  story({
    name: 'a method bound in the constructor, and one handed over as a callback',
    files: `const target = new EventTarget();
class Panel {
  constructor(name) { this.name = name; this.onX = this.onX.bind(this); target.addEventListener('x', this.onX); target.addEventListener('x', (event) => this.arrow(event)); }
  onX(event) { event.bound = 'bound1 ' + this.name; }
  arrow(event) { event.arrow = 'arrow1 ' + this.name; }
}
const panel = new Panel('P');
function fire() { const event = new Event('x'); target.dispatchEvent(event); return [event.bound, event.arrow]; }
probe(() => fire());`,
    starts: ['bound1 P', 'arrow1 P'],
    steps: [
      {
        edit: [
          ["'bound1 '", "'bound2 '"],
          ["'arrow1 '", "'arrow2 '"],
        ],
        says: ['bound2 P', 'arrow2 P'],
      },
    ],
  }),
  story({
    name: 'a promise chain that waits at top level gets the new callback',
    files: `const said = [];
const waits = new Promise((resolve) => setTimeout(resolve, 2));
waits.then(() => { said.push('then1'); });
probe(() => [said.join()]);`,
    starts: [''],
    steps: [{ edit: [["'then1'", "'then2'"]], says: ['then2'], kept: true }],
  }),
];
