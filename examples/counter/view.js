// How the state looks. Change a text, an emoji, the order of the buttons.
const title = 'Counter';

export function render(root, { count, steps }, dispatch) {
  root.replaceChildren(
    element('h1', { textContent: title }),
    element('output', { className: 'count', textContent: count }),
    element(
      'div',
      { className: 'buttons' },
      button('−', 'Count down', () => dispatch('down')),
      button('+', 'Count up', () => dispatch('up')),
    ),
    element('p', { className: 'steps', textContent: steps.map(sign).join('  ') || 'no steps yet' }),
    button('Start again', 'Start again', () => dispatch('reset')),
  );
}

const sign = (amount) => (amount < 0 ? `−${-amount}` : `+${amount}`);

function button(textContent, ariaLabel, onclick) {
  return element('button', { textContent, ariaLabel, onclick });
}

function element(tag, properties, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}
