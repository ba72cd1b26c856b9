import { sassPlugin } from 'esbuild-sass-plugin';

export default {
  plugins: [sassPlugin({ filter: /\.module\.scss$/, type: 'local-css' }), sassPlugin({ filter: /\.scss$/ })],
};
