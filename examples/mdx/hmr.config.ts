import mdx from '@mdx-js/esbuild';

export default {
  plugins: [mdx({ jsxImportSource: 'preact' })],
};
