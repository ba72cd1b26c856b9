/**
 * `hmr-dev build`: the folder as a static site. The composition: what a specifier means is the server's own answer, esbuild makes the bundles, and
 * here is only what goes where. Nothing is written before all is made.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createBase } from '../base.ts';
import { publicFiles, isSource, siteFiles } from './build-files.ts';
import { resolveBuildOptions, type BuildOptions, type ResolvedBuildOptions } from './build-options.ts';
import { checkOutput, writeOutput } from './build-output.ts';
import { buildPages, isPage } from './build-pages.ts';
import { sizesOf, type BuiltFile } from './build-report.ts';
import { createBundleProject } from './bundle-project.ts';
import { stopEsbuild } from '../compile/esbuild.ts';
import { idOfFile } from '../compile/module-ids.ts';
import { createHtmlHooks } from '../compile/plugins/html-hooks.ts';
import { HmrError } from '../errors.ts';
import { isPrivatePath } from '../http/private-names.ts';
import type { PageFile } from './page-addresses.ts';
import { createHidden } from '../project.ts';
import { projectFolder } from '../config/project-folder.ts';
import { createPublicFolder, type PublicFolder } from '../public-folder.ts';

export type { BuildOptions } from './build-options.ts';
export type { BuiltFile } from './build-report.ts';

export interface BuildResult {
  /** Absolute. */
  readonly outDir: string;
  readonly files: readonly BuiltFile[];
  readonly durationMs: number;
}

/**
 * Makes a static site of a folder. What was in the folder of an earlier build stays there if it fails.
 * @throws HmrError with place and frame, as the server shows it
 */
export async function build(options: BuildOptions = {}): Promise<BuildResult> {
  const startMs = performance.now();
  const resolved = resolveBuildOptions(options);
  const { outDir, server } = resolved;
  checkOutput(outDir, server.root);
  try {
    const files = await makeSite(resolved);
    const names = [...files.keys()].sort();
    const hashed = names.filter((name) => files.get(name)?.isHashed);
    const contents = new Map([...files].map(([name, { content }]) => [name, content]));
    await writeOutput(outDir, contents, { base: server.base, files: names, hashed });
    return { outDir, files: sizesOf(files), durationMs: performance.now() - startMs };
  } finally {
    await stopEsbuild();
  }
}

/** A file of the site, and how it came to be. */
export interface SiteFile {
  readonly content: Uint8Array;
  readonly isHashed: boolean;
  /** As it is in the folder. */
  readonly isCopied: boolean;
}

/** By name in the folder of the build, with slashes. */
async function makeSite({ server, outDir, minify, sourcemap }: ResolvedBuildOptions): Promise<Map<string, SiteFile>> {
  const { root, plugins, publicDir, ignore, configurationFiles } = server;
  const base = createBase(server.base);
  const publicFolder = createPublicFolder(root, publicDir);
  const warn = once(server.logger.warn);
  const isHidden = hiddenFrom(root, ignore, outDir);
  const keptUrl = keptUrls(publicFolder, base.toUrl);
  const project = createBundleProject({ server, outDir, minify, sourcemap, warn, isHidden, keptUrl, fileFor: publicFolder.fileFor });

  const all = siteFiles({ root, publicFolder: publicFolder.path, isHidden: (filePath) => isHidden(filePath, false) });
  const documents = all.filter((filePath) => /\.html?$/i.test(filePath)).map((filePath): PageFile => pageFile(root, filePath));
  const pageFiles = documents.filter(({ content }) => isPage(content));
  if (pageFiles.length === 0) {
    throw new HmrError('ROOT', `${server.rootName} has no page.`, {
      hint: 'A build begins at the HTML files of a folder: write an index.html.',
    });
  }
  const fragments = documents.filter((document) => !pageFiles.includes(document));
  const html = createHtmlHooks(plugins, projectFolder(root));
  const built = await buildPages(pageFiles, fragments, { ...project, root, base, html, keptUrl, fileFor: publicFolder.fileFor, warn });

  const site = new Map<string, SiteFile>();
  const { bundler } = project;
  const isLeft = (filePath: string): boolean =>
    built.linked.has(filePath) ||
    !(isSource(filePath) || configurationFiles.includes(filePath) || built.consumed.has(filePath) || bundler.inputs.has(filePath));
  const copy = (filePath: string, folder: string): void =>
    void site.set(slashed(path.relative(folder, filePath)), { content: readFileSync(filePath), isHashed: false, isCopied: true });

  if (publicFolder.path !== undefined) {
    const folder = publicFolder.path;
    for (const filePath of publicFiles(folder, (one) => isPrivatePath(path.relative(folder, one).split(path.sep)))) copy(filePath, folder);
  }
  for (const filePath of all) if (!built.pages.has(filePath) && isLeft(filePath)) copy(filePath, root);
  for (const [name, content] of bundler.outputs) site.set(slashed(name), { content, isHashed: true, isCopied: false });
  for (const [filePath, content] of built.pages)
    site.set(slashed(path.relative(root, filePath)), { content, isHashed: false, isCopied: false });
  return site;
}

function pageFile(root: string, filePath: string): PageFile {
  return { filePath, urlPath: idOfFile(root, { filePath, search: '' }), content: readFileSync(filePath) };
}

/** What no page, pattern or copy sees: what the server hides, and the build itself. */
function hiddenFrom(root: string, ignored: readonly string[], outDir: string): (filePath: string, exhaustive: boolean) => boolean {
  const isHidden = createHidden(root, ignored);
  const isOutput = (filePath: string): boolean => filePath === outDir || filePath.startsWith(outDir + path.sep);
  return (filePath, exhaustive) => isOutput(filePath) || isHidden(filePath, exhaustive);
}

/** Files of the public folder keep their names. */
function keptUrls({ path: folder }: PublicFolder, toUrl: (urlPath: string) => string): (filePath: string) => string | undefined {
  if (folder === undefined) return () => undefined;
  return (filePath) => (filePath.startsWith(folder + path.sep) ? toUrl(idOfFile(folder, { filePath, search: '' })) : undefined);
}

function once(warn: (message: string) => void): (message: string) => void {
  const told = new Set<string>();
  return (message) => {
    if (!told.has(message)) warn(message);
    told.add(message);
  };
}

function slashed(name: string): string {
  return name.split(path.sep).join('/');
}
