import { test } from 'node:test';
import { openHot } from './hot-page.ts';
test('stress', async (t) => {
  for (let i = 0; i < 40; i++) {
    const requests: string[] = [];
    const site = await openHot(
      t,
      {
        'main.js': `window.load = () => import('./lazy.js'); window.loadOther = () => import('./other.js');`,
        'lazy.js': `import { part } from './part.js'; export const n = part;`,
        'other.js': `export { part } from './part.js';`,
        'part.js': `export const part = 1;`,
      },
      {
        prepare: async (page) => {
          page.on('request', (r) => requests.push('> ' + r.url()));
          page.on('requestfinished', (r) => requests.push('< ' + r.url()));
          page.on('requestfailed', (r) => requests.push('x ' + r.url()));
        },
      },
    );
    const race = async (name: string, p: Promise<unknown>): Promise<void> => {
      let timer: NodeJS.Timeout | undefined;
      const r = await Promise.race([
        p.then(
          () => 'ok',
          (e: unknown) => String(e),
        ),
        new Promise((resolve) => (timer = setTimeout(resolve, 8000, 'HANG'))),
      ]);
      clearTimeout(timer);
      if (r !== 'ok') {
        console.log(i, name, r, JSON.stringify(requests, null, 1), site.tab.console.lines, site.server.log.lines);
        throw new Error('stop');
      }
    };
    const other = await site.open('/');
    await race('loadOther', other.page.evaluate('loadOther().then(() => 0)'));
    await race('save', site.save({ 'part.js': `export const part = 2;` }, 1));
    await race('load', site.page.evaluate('load().then(({ n }) => n)'));
    await other.tab.close();
    await site.tab.close();
  }
});
