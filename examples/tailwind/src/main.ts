import { container } from 'hmr-dev/client';

const packed = new Set<string>();
const list = document.querySelector('#app');

await container({ './item.ts': 'item' }, ({ item }) => {
  const draw = (): void => list?.replaceChildren(...item.things.map((thing) => item.render(thing, packed, draw)));
  draw();
});
