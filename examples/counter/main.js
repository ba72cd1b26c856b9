// The program that stays alive. It owns the state; how the state changes (model.js) and how it looks (view.js) can be replaced
// while it runs. Count a little, then edit one of the two and save.
import { container } from 'hmr-dev/client';

const root = document.querySelector('#app');
let state = { count: 0, steps: [] };

await container({ './model.js': 'model', './view.js': 'view' }, ({ model, view }) => {
  const dispatch = (action) => {
    state = model.update(state, action);
    draw();
  };
  const draw = () => view.render(root, state, dispatch);
  draw();
});
