/**
 * Every kind of module before it is linked: scripts as the author wrote them, stylesheets, JSON and assets as small modules that stand for
 * them.
 */
import { closeSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { INLINE_QUERY, type ModuleId } from '../../protocol.ts';
import { hashOf } from '../content-hash.ts';
import { HmrError } from '../errors.ts';
import { classify, moduleSourceFor, textOf } from './assets.ts';
import { absoluteUrl } from './css.ts';
import { compileCssModule } from './css-modules.ts';
import type { Formats } from './formats.ts';
import { fileOfId, idOfFile } from './module-ids.ts';
import { classNameExports, sheetModule, styleModule } from './style-modules.ts';
import { lowerSource, type Language } from './transform.ts';
import type { TsconfigFinder } from './tsconfig.ts';

/** Versions for the URLs of what changed, in the text of a stylesheet and alone; and the files that a stylesheet reaches, itself first. */
export interface StyleVersions {
  render(
    filePath: string,
    text: string,
    toUrl?: (url: string) => string | undefined,
  ): Promise<{ readonly versioned: string; readonly unversioned: string }>;
  stamp(filePath: string): Promise<string>;
  files(filePath: string): Promise<string[]>;
  hash(filePath: string): Promise<string | undefined>;
}

export interface ModuleScriptsOptions {
  readonly root: string;
  readonly tsconfig: TsconfigFinder;
  readonly formats: Formats;
  /** What was read, for telling a real change from a mere save. */
  readonly onRead: (filePath: string, content: Buffer) => void;
  /** Of a file of which only the address is needed, so that it may be large; undefined when it cannot be read. */
  readonly version: (filePath: string) => string | undefined;
  /** For data URLs. */
  readonly mediaType: (filePath: string) => string;
  readonly css: StyleVersions;
  /** The text of an inline module script; undefined when the page has no such script any more. */
  readonly inlineModule: (
    html: Buffer,
    urlPath: string,
    index: number,
  ) => { readonly source: string; readonly baseUrlPath: string } | undefined;
}

/** A module before it is compiled and linked. */
export interface Script {
  readonly code: string;
  /** What the author wrote it in; undefined for JavaScript that stands for another kind of file. */
  readonly language: Language | undefined;
  readonly files: readonly string[];
  /** File whose folder relative specifiers start from. */
  readonly importerPath: string;
  /** Of what the code stands for but does not hold: the bytes of an image. */
  readonly contentKey: string;
  /**
   * What is compared in place of the code, where that holds versions: they tell what changed since the start of this server, which the next
   * one does not know, and it must not take that for a change.
   */
  readonly unversioned?: string;
}

export interface ModuleScripts {
  /** @throws HmrError with place and frame */
  read(id: ModuleId): Promise<Script>;
  /** For a classic script written in TypeScript: types removed, nothing linked. @throws HmrError */
  classic(filePath: string): Promise<string>;
}

export function createModuleScripts(options: ModuleScriptsOptions): ModuleScripts {
  const { root, tsconfig, css } = options;

  const languageOf = (filePath: string, code: string): Language => ({
    loader: loaderOf(filePath),
    tsconfigRaw: tsconfig.rawFor(filePath),
    format: options.formats.of(filePath, code),
  });

  const readFile = (filePath: string): Buffer => {
    let descriptor: number | undefined;
    try {
      // Synchronous: for the thousand small files of a cold start the thread pool costs five times the read.
      descriptor = openSync(filePath, 'r');
      const content = readFileSync(descriptor);
      options.onRead(filePath, content);
      return content;
    } catch (cause) {
      throw unreadable(filePath, cause);
    } finally {
      if (descriptor !== undefined) closeSync(descriptor);
    }
  };

  const unreadable = (filePath: string, cause?: unknown): HmrError =>
    new HmrError('READ', `${path.relative(root, filePath)} could not be read.`, {
      location: { file: filePath, line: 1, column: 1 },
      cause,
    });

  const read = async (id: ModuleId): Promise<Script> => {
    const { filePath, search } = fileOfId(root, id);
    const plain = { files: [filePath], importerPath: filePath, contentKey: '' };
    const kind = classify(filePath, search);
    // What is imported by its address may be a film.
    const content = kind === 'url' ? Buffer.alloc(0) : readFile(filePath);
    switch (kind) {
      case 'script': {
        // A tsconfig above the folder is watched because a module depends on it.
        const configs = loaderOf(filePath) === 'js' ? [] : (tsconfig.find(filePath)?.files ?? []);
        const code = textOf(content);
        return { ...plain, files: [filePath, ...configs], code, language: languageOf(filePath, code) };
      }
      case 'inline-module': {
        const index = Number(new URLSearchParams(search).get(INLINE_QUERY));
        const inline = options.inlineModule(content, id.slice(0, id.indexOf('?')), index);
        if (!inline)
          throw new HmrError('READ', `${path.relative(root, filePath)} has no inline module script number ${index + 1} any more.`);
        const { filePath: importerPath } = fileOfId(root, inline.baseUrlPath.replace(/[^/]*$/, 'page.html'));
        return { ...plain, importerPath, code: inline.source, language: languageOf(filePath, inline.source) };
      }
      case 'css':
      case 'css-sheet': {
        const url = idOfFile(root, { filePath, search: '' });
        const text = await css.render(filePath, textOf(content), (specifier) => absoluteUrl(specifier, url));
        return { ...plain, ...(await styleScript(text, filePath, kind === 'css' ? styleModule : sheetModule)) };
      }
      case 'css-module': {
        const result = await compileCssModule(textOf(content), { filePath, root });
        const text = await css.render(filePath, result.css);
        const script = await styleScript(text, filePath, (one) => `${styleModule(one)}\n${classNameExports(result.exports)}`);
        return { ...plain, ...script, files: [...script.files, ...result.dependencies] };
      }
      default: {
        const url = idOfFile(root, { filePath, search: '' });
        const codeFor = (at: string): string =>
          moduleSourceFor(kind, { filePath, content, url: at, mediaType: options.mediaType(filePath) });
        const contentKey = kind === 'url' ? options.version(filePath) : hashOf(content);
        if (contentKey === undefined) throw unreadable(filePath);
        return {
          ...plain,
          language: undefined,
          code: codeFor(url + (await css.stamp(filePath))),
          unversioned: codeFor(url),
          contentKey,
        };
      }
    }
  };

  type StyleScript = Pick<Script, 'language' | 'code' | 'unversioned' | 'files' | 'contentKey'>;

  const styleScript = async (
    { versioned, unversioned }: Awaited<ReturnType<StyleVersions['render']>>,
    filePath: string,
    toCode: (text: string) => string,
  ): Promise<StyleScript> => {
    const files = await css.files(filePath);
    const reached = await Promise.all(files.slice(1).map((file) => css.hash(file)));
    return { language: undefined, code: toCode(versioned), unversioned: toCode(unversioned), files, contentKey: reached.join() };
  };

  return {
    read,
    async classic(filePath) {
      const source = textOf(readFile(filePath));
      const language = languageOf(filePath, source);
      return language.loader === 'js' ? source : (await lowerSource(source, { ...language, filePath })).code;
    },
  };
}

function loaderOf(filePath: string): 'ts' | 'tsx' | 'jsx' | 'js' {
  const extension = /\.([cm]?[jt]sx?)$/i.exec(filePath)?.[1]?.toLowerCase() ?? 'js';
  if (extension === 'tsx' || extension === 'jsx') return extension;
  return extension.includes('ts') ? 'ts' : 'js';
}
