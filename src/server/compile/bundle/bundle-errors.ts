/**
 * What esbuild complains of in a build, as the errors and warnings that the development server would show: with a place in the author's text, and
 * in the words of whoever found it.
 */
import path from 'node:path';
import { HmrError } from '../../errors.ts';
import { describeMessage, isBuildFailure, toHmrError, type MessageSource } from '../esbuild-errors.ts';
import type { Message } from '../esbuild.ts';
import { messagesError } from '../plugins/plugin-errors.ts';
import { OWN_NAME } from './bundle-plugin.ts';
import type { BundleScripts } from './bundle-scripts.ts';

export interface BundleMessages {
  /** @returns an HmrError for what is wrong with the sources, anything else as it came */
  error(failure: unknown): unknown;
  /** One line. */
  warning(message: Message): string;
}

/** @param folder that esbuild names files from */
export function createBundleMessages(folder: string, root: string, scripts: Pick<BundleScripts, 'inSource' | 'sourceOf'>): BundleMessages {
  const sourceOf = (file: string): MessageSource => {
    const filePath = path.resolve(folder, file.replace(/^hmr-dev-page:/, '').replace(/\?.*$/, ''));
    return { filePath, source: scripts.sourceOf(filePath) };
  };
  return {
    error(failure) {
      const [first] = isBuildFailure(failure) ? failure.errors : [];
      if (first?.detail instanceof HmrError && first.detail.location) return first.detail;
      if (isBuildFailure(failure) && first && first.pluginName !== '' && first.pluginName !== OWN_NAME) {
        const filePath = first.location ? sourceOf(first.location.file).filePath : folder;
        return messagesError(failure.errors, { plugin: first.pluginName, filePath, folder });
      }
      const error = toHmrError(failure, sourceOf);
      return error instanceof HmrError ? scripts.inSource(named(error)) : error;
    },
    warning(message) {
      const { location } = describeMessage(message, sourceOf);
      const place = location ? `${path.relative(root, location.file)}:${location.line}:${location.column}: ` : '';
      return `${place}${message.pluginName === '' ? '' : `[${message.pluginName}] `}${message.text}`;
    },
  };
}

function named(error: HmrError): HmrError {
  const { message, location, frame, hint, cause } = error;
  const code = message.startsWith('No matching export')
    ? 'MISSING_EXPORT'
    : message.startsWith('Could not resolve')
      ? 'RESOLVE'
      : error.code;
  return new HmrError(code, message, { location, frame, hint, cause });
}
