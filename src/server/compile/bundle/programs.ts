/**
 * Workers of a build: each is a bundle of its own, made before those that name it, since its name has a hash in it. So it must be known who waits for
 * whom, or two that start each other would wait for ever.
 */
import { HmrError } from '../../errors.ts';
import { SELF } from './bundle-plugin.ts';

export interface Programs {
  urlOf(filePath: string, importer: string | undefined): Promise<string>;
}

/** Each is built once; of two that start each other neither could be first. */
export function createPrograms(buildProgram: (filePath: string) => Promise<string>, nameOf: (filePath: string) => string): Programs {
  const urls = new Map<string, Promise<string>>();
  const waiting = new Map<string, Set<string>>();
  const waitsFor = (from: string, to: string): boolean => from === to || [...(waiting.get(from) ?? [])].some((next) => waitsFor(next, to));
  return {
    async urlOf(filePath, importer) {
      if (importer === filePath) return SELF;
      if (importer !== undefined) {
        if (waitsFor(filePath, importer)) {
          const message = `${nameOf(importer)} and ${nameOf(filePath)} start each other as workers, and the name of each would be part of the other.`;
          throw new HmrError('UNSUPPORTED', message, { hint: 'Hand the address of one to the other in a message.' });
        }
        waiting.set(importer, (waiting.get(importer) ?? new Set()).add(filePath));
      }
      const url = urls.get(filePath) ?? buildProgram(filePath);
      urls.set(filePath, url);
      return url;
    },
  };
}
