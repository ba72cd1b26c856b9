import { markdown } from './markdown.ts';

export default {
  root: './pages',
  plugins: [markdown({ layout: 'layout.html' })],
};
