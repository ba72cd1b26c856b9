import { readFile } from 'node:fs/promises';
import tailwind from '@tailwindcss/postcss';
import postcss from 'postcss';

// The files in which Tailwind looked for classes are what the sheet is made of, and so watched.
const tailwindPlugin = {
  name: 'tailwind',
  setup(build) {
    const processor = postcss([tailwind({ base: import.meta.dirname, optimize: false })]);
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { css, messages } = await processor.process(await readFile(path, 'utf8'), { from: path });
      const ofType = (type: string) => messages.filter((message) => message.type === type);
      const watchDirs = ofType('dir-dependency').map(({ dir }) => dir);
      return { contents: css, loader: 'css', watchFiles: ofType('dependency').map(({ file }) => file), watchDirs };
    });
  },
};

export default { plugins: [tailwindPlugin] };
