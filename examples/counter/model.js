// How the state changes. Let it count in steps of 5: the number in the page stays what it is, the next click adds 5.
const step = 1;

export function update(state, action) {
  switch (action) {
    case 'up':
      return add(state, step);
    case 'down':
      return add(state, -step);
    case 'reset':
      return { count: 0, steps: [] };
  }
  return state;
}

function add({ count, steps }, amount) {
  return { count: count + amount, steps: [...steps, amount].slice(-12) };
}
