import { container } from 'hmr-dev/client';

/** Made once. An edit changes what they do, and nothing that they hold. */
let pond;
let shopping;

await container({ './pond.js': 'ponds', './shopping.js': 'shops' }, ({ ponds, shops }) => {
  pond ??= new ponds.Pond(document.querySelector('#pond'));
  shopping ??= shops.open(document.querySelector('#shopping'));
  pond.tell();
  shopping.render();
});
