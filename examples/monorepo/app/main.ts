import { container } from 'hmr-dev/client';

const basket = new Map<string, number>();
const app = document.querySelector('#app');

await container({ view: () => import('./view.ts') }, ({ view }) => {
  const draw = (): void =>
    view.render(app, basket, (name) => {
      basket.set(name, (basket.get(name) ?? 0) + 1);
      draw();
    });
  draw();
});
