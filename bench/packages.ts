/**
 * The app of packages: one page that has all parts, and one page for each part alone. It is ready when every part shows its text; one that
 * fails says so, and the bench ends with its words.
 */
import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { leafSource, versionName, type App } from './generate.ts';
import { PARTS, type Part } from './package-parts.ts';

const run = promisify(execFile);

/** Installs all packages once. @param folder new */
export async function installPackages(folder: string): Promise<void> {
  const dependencies = Object.assign({}, ...Object.values(PARTS).map(({ packages }) => packages)) as Record<string, string>;
  await fs.mkdir(folder, { recursive: true });
  await fs.writeFile(path.join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies }));
  await run('npm', ['install', '--no-audit', '--no-fund'], { cwd: folder });
}

/** @param installed folder of {@link installPackages}, of which the app gets a copy: servers write into `node_modules` */
export async function packagesApp(folder: string, installed: string): Promise<App> {
  await fs.cp(installed, folder, { recursive: true, verbatimSymlinks: true });
  const source = path.join(folder, 'src');
  await fs.mkdir(source);
  const names = Object.keys(PARTS);
  const files: Record<string, string> = {
    'index.html': pageOf('./src/main.ts'),
    'tsconfig.json': '{ "compilerOptions": { "target": "es2022", "module": "esnext", "strict": false } }\n',
    'src/show.ts': show,
    'src/leaf.ts': leafSource(versionName(0)),
    'src/main.ts': `import './leaf';\n${names.map((name) => `import './${name}-part';\n`).join('')}import { ready } from './show';\nready();\n`,
  };
  for (const [name, part] of Object.entries(PARTS)) {
    files[`src/${name}-part.ts`] = partSource(name, part);
    files[`src/${name}-alone.ts`] = `import './${name}-part';\nimport { ready } from './show';\nready();\n`;
    files[`${name}.html`] = pageOf(`./src/${name}-alone.ts`);
  }
  for (const [name, text] of Object.entries(files)) await fs.writeFile(path.join(folder, name), text);
  return { folder, leaf: path.join(source, 'leaf.ts'), pages: names.map((name) => `/${name}.html`) };
}

const pageOf = (script: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>packages</title>
    <link rel="icon" href="data:," />
    <script type="module" src="${script}"></script>
  </head>
  <body></body>
</html>
`;

const partSource = (name: string, { imports, body, text }: Part): string => `import { show } from './show';
${imports}
show(${JSON.stringify(name)}, ${JSON.stringify(text)}, async (place: any) => {
${body}
});
`;

const show = `const shown: Promise<void>[] = [];

export function show(name: string, text: string, render: (place: HTMLElement) => Promise<void>): void {
  const place = document.createElement('section');
  place.id = name;
  document.body.append(place);
  const seen = new Promise<void>((resolve) => {
    const look = (): void => {
      if (place.textContent === text) resolve();
    };
    new MutationObserver(look).observe(place, { childList: true, characterData: true, subtree: true });
  });
  shown.push(Promise.all([seen, render(place)]).then(() => undefined, (error) => {
    console.error(name, error);
    throw error;
  }));
}

export async function ready(): Promise<void> {
  await Promise.all(shown);
  const page = globalThis as { __bench?: (message: string) => void };
  page.__bench?.('ready');
}
`;
