/** The program that stays alive: it owns the store. What the board looks like and how it changes is in the container. */
import { container } from 'hmr-dev/client';
import { loadSeed } from '@/data/seed';
import { createHistory } from '@/store/history';
import { Store } from '@/store/store';

const root = document.querySelector('#app');
if (!root) throw new Error('The page has no element #app');

const store = new Store(createHistory(loadSeed()));

await container({ app: () => import('./app.tsx'), model: () => import('./model/reducer.ts') }, ({ app, model }) => {
  store.setReducer(model.reduce);
  store.onChange = () => app.render(root, store);
  store.onChange();
});
