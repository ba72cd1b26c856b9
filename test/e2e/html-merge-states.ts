/**
 * Kinds of live state for the matrix of HTML edits: how each stands in the file, what a visitor or a script does to it, and how to tell that it
 * is still there. Code is text for the page, where `el` is the element and `kept` an object of the test's own.
 */

export interface LiveState {
  /** The element itself has `ID` in place of its id, attributes and class. */
  readonly html: string;
  /** May await. */
  readonly act: string;
  /** An expression. */
  readonly check: string;
}

export const STATES: Readonly<Record<string, LiveState>> = {
  'typed text': { html: '<input ID>', act: `el.value = 'typed'`, check: `el.value === 'typed'` },
  'typed text area': { html: '<textarea ID>default</textarea>', act: `el.value = 'typed'`, check: `el.value === 'typed'` },
  'text selection in a field': {
    html: '<input ID value="some words">',
    act: `el.setSelectionRange(2, 5, 'backward')`,
    check: `[el.selectionStart, el.selectionEnd, el.selectionDirection].join() === '2,5,backward'`,
  },
  'focus and caret': {
    html: '<input ID value="some words">',
    act: `el.focus(); el.setSelectionRange(3, 3)`,
    check: `document.activeElement === el && el.selectionStart === 3`,
  },
  checkbox: { html: '<input type="checkbox" ID>', act: `el.checked = true`, check: `el.checked` },
  'unchecked checkbox': { html: '<input type="checkbox" checked ID>', act: `el.checked = false`, check: `!el.checked` },
  'indeterminate checkbox': { html: '<input type="checkbox" ID>', act: `el.indeterminate = true`, check: `el.indeterminate` },
  radio: {
    html: '<div ID><input type="radio" name="r" checked><input type="radio" name="r"></div>',
    act: `el.lastElementChild.checked = true`,
    check: `el.lastElementChild.checked && !el.firstElementChild.checked`,
  },
  range: { html: '<input type="range" value="10" ID>', act: `el.value = '80'`, check: `el.value === '80'` },
  select: { html: '<select ID><option>a<option>b</select>', act: `el.value = 'b'`, check: `el.value === 'b'` },
  'multiple select': {
    html: '<select multiple ID><option>a<option>b<option>c</select>',
    act: `el.options[0].selected = el.options[2].selected = true`,
    check: `[...el.selectedOptions].map(({ text }) => text).join() === 'a,c'`,
  },
  'chosen file': {
    html: '<input type="file" ID>',
    act: `const data = new DataTransfer(); data.items.add(new File(['x'], 'x.txt')); el.files = data.files`,
    check: `el.files[0]?.name === 'x.txt'`,
  },
  'custom validity': { html: '<input ID>', act: `el.setCustomValidity('no')`, check: `el.validationMessage === 'no'` },
  details: { html: '<details ID><summary>s</summary>d</details>', act: `el.open = true`, check: `el.open` },
  'closed details': { html: '<details open ID><summary>s</summary>d</details>', act: `el.open = false`, check: `!el.open` },
  dialog: { html: '<dialog ID>d</dialog>', act: `el.show()`, check: `el.open` },
  popover: { html: '<div popover="manual" ID>p</div>', act: `el.showPopover()`, check: `el.matches(':popover-open')` },
  'scrolled box': {
    html: '<div ID style="height: 50px; overflow: auto"><div style="height: 900px"></div></div>',
    act: `el.scrollTop = 77`,
    check: `el.scrollTop === 77`,
  },
  iframe: {
    html: '<iframe ID srcdoc="frame"></iframe>',
    act: `el.contentWindow.mark = 1`,
    check: `el.contentWindow?.mark === 1`,
  },
  'playing video': {
    html: '<video muted ID></video>',
    act: `const canvas = document.createElement('canvas'); canvas.getContext('2d'); el.srcObject = canvas.captureStream(5); el.play().catch(() => {}); kept.stream = el.srcObject`,
    check: `!el.paused && el.srcObject === kept.stream`,
  },
  'playing audio': {
    html: '<audio muted loop ID></audio>',
    act: `el.src = wave(); await el.play()`,
    check: `!el.paused && el.src.startsWith('blob:')`,
  },
  canvas: {
    html: '<canvas width="5" height="5" ID></canvas>',
    act: `const context = el.getContext('2d'); context.fillStyle = 'rgb(9, 8, 7)'; context.fillRect(0, 0, 5, 5)`,
    check: `el.getContext('2d').getImageData(1, 1, 1, 1).data.join() === '9,8,7,255'`,
  },
  'running animation': {
    html: '<div ID>a</div>',
    act: `kept.animation = el.animate([{ opacity: 0 }, { opacity: 1 }], 1e6); await kept.animation.ready; kept.since = kept.animation.startTime`,
    check: `el.getAnimations()[0] === kept.animation && kept.animation.startTime === kept.since`,
  },
  'CSS animation': {
    html: '<div ID><i class="spin">a</i></div>',
    act: `kept.animation = el.firstElementChild.getAnimations()[0]; await kept.animation.ready; kept.since = kept.animation.startTime`,
    check: `el.firstElementChild.getAnimations()[0] === kept.animation && kept.animation.startTime === kept.since`,
  },
  'custom element': { html: '<x-count ID></x-count>', act: `el.count = 5`, check: `el.count === 5 && el.born === 1` },
  'shadow root of a script': {
    html: '<x-field ID></x-field>',
    act: `el.shadowRoot.querySelector('input').value = 'typed'`,
    check: `el.shadowRoot.querySelector('input').value === 'typed'`,
  },
  'declarative shadow root': {
    html: '<div ID><template shadowrootmode="open"><input><slot></slot></template>light</div>',
    act: `el.shadowRoot.querySelector('input').value = 'typed'`,
    check: `el.shadowRoot?.querySelector('input').value === 'typed'`,
  },
  contenteditable: {
    html: '<div contenteditable ID><p>written</p></div>',
    act: `el.firstElementChild.append(' and typed')`,
    check: `el.textContent === 'written and typed'`,
  },
  'caret in contenteditable': {
    html: '<div contenteditable ID><p>some words</p></div>',
    act: `el.focus(); getSelection().collapse(el.firstElementChild.firstChild, 4)`,
    check: `document.activeElement === el && getSelection().anchorNode === el.firstElementChild.firstChild && getSelection().anchorOffset === 4`,
  },
  'focus in a shadow root': {
    html: '<x-field ID></x-field>',
    act: `el.shadowRoot.querySelector('input').focus()`,
    check: `document.activeElement === el && el.shadowRoot.activeElement === el.shadowRoot.querySelector('input')`,
  },
  'scrolled page': {
    html: '<div ID style="height: 5000px"></div>',
    act: `scrollTo(0, 1234); kept.top = el.getBoundingClientRect().top`,
    // Where an edit above takes room, the browser keeps in place what is looked at, or else the position.
    check: `scrollY === 1234 || el.getBoundingClientRect().top === kept.top`,
  },
  'selected text': {
    html: '<p ID>some selected words</p>',
    act: `getSelection().setBaseAndExtent(el.firstChild, 5, el.firstChild, 13)`,
    check: `String(getSelection()) === 'selected'`,
  },
  'node that a script added': {
    html: '<div ID>a</div>',
    act: `el.append(kept.node = document.createElement('b'))`,
    check: `kept.node.parentNode === el`,
  },
  'node that a script put before it': {
    html: '<div ID>a</div>',
    act: `el.before(kept.node = document.createElement('b'))`,
    check: `kept.node.isConnected && el.isConnected`,
  },
  'attribute that a script set': {
    html: '<div ID>a</div>',
    act: `el.setAttribute('aria-busy', 'true')`,
    check: `el.getAttribute('aria-busy') === 'true'`,
  },
  'attribute that a script removed': { html: '<div hidden ID>a</div>', act: `el.hidden = false`, check: `!el.hidden` },
  'class that a script added': { html: '<div ID>a</div>', act: `el.classList.add('own')`, check: `el.classList.contains('own')` },
  'style that a script set': {
    html: '<div style="color: red" ID>a</div>',
    act: `el.style.width = '9px'`,
    check: `el.style.width === '9px' && el.style.color === 'red'`,
  },
  'text that a script set': { html: '<output ID>0</output>', act: `el.textContent = '5'`, check: `el.textContent === '5'` },
  'node that a script removed': {
    html: '<div ID><i>banner</i> rest</div>',
    act: `el.querySelector('i').remove()`,
    check: `!el.querySelector('i')`,
  },
  'list that a script sorted': {
    html: '<ul ID><li>c</li><li>a</li><li>b</li></ul>',
    act: `el.append(...[...el.children].sort((a, b) => a.textContent < b.textContent ? -1 : 1)); kept.items = [...el.children]`,
    check: `[...el.children].every((item, index) => item === kept.items[index]) && el.textContent.replace(/\\s/g, '') === 'abc'`,
  },
  'event listener': {
    html: '<button ID>b</button>',
    act: `el.addEventListener('click', () => kept.clicks = (kept.clicks ?? 0) + 1)`,
    check: `(kept.clicks = 0, el.click(), kept.clicks === 1)`,
  },
  'property of a script': { html: '<div ID>a</div>', act: `el.own = kept`, check: `el.own === kept` },
  'framework root': {
    html: '<div ID>Loading…</div>',
    act: `el.innerHTML = '<form><input><button type="button">0</button></form>'; const button = el.querySelector('button'); button.onclick = () => button.textContent++; button.click(); el.querySelector('input').value = 'typed'`,
    check: `(el.querySelector('button').click(), el.querySelector('button').textContent === '2' && el.querySelector('input').value === 'typed')`,
  },
  'SVG of a script': {
    html: '<svg ID><circle r="5"/></svg>',
    act: `el.firstElementChild.setAttribute('r', '9')`,
    check: `el.firstElementChild.getAttribute('r') === '9'`,
  },
  'modal dialog with focus': {
    html: '<dialog ID><input></dialog>',
    act: `el.showModal(); el.querySelector('input').focus()`,
    check: `el.matches(':modal') && document.activeElement === el.querySelector('input')`,
  },
};

/** What would take the focus or the selection of another: on a page of its own. */
export const ALONE: readonly string[] = [
  'focus and caret',
  'modal dialog with focus',
  'selected text',
  'caret in contenteditable',
  'focus in a shadow root',
  'scrolled page',
];

/** In front of the states: what their elements need. */
export const SETUP = `<style>.spin { animation: spin 1000s infinite } @keyframes spin { to { rotate: 360deg } }</style>
<script>
  customElements.define('x-count', class extends HTMLElement { count = 0; born = 0; connectedMoveCallback() {} connectedCallback() { this.born++; } });
  customElements.define('x-field', class extends HTMLElement {
    connectedMoveCallback() {}
    connectedCallback() { this.attachShadow({ mode: 'open' }).innerHTML = '<input>'; }
  });
  /** A second of silence. */
  function wave() {
    const size = 8000;
    const view = new DataView(new ArrayBuffer(44 + size));
    const text = (at, value) => [...value].forEach((char, index) => view.setUint8(at + index, char.charCodeAt(0)));
    text(0, 'RIFF'); view.setUint32(4, 36 + size, true); text(8, 'WAVEfmt '); view.setUint32(16, 16, true);
    view.setUint16(20, 1, true); view.setUint16(22, 1, true); view.setUint32(24, 8000, true); view.setUint32(28, 8000, true);
    view.setUint16(32, 1, true); view.setUint16(34, 8, true); text(36, 'data'); view.setUint32(40, size, true);
    for (let at = 44; at < 44 + size; at++) view.setUint8(at, 128);
    return URL.createObjectURL(new Blob([view], { type: 'audio/wav' }));
  }
</script>`;
