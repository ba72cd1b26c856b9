/**
 * Files that say how the server works, wherever they lie. They have versions of their own: a page may be made of one of them as well, and then
 * hears of its change as of any other's.
 */
import { createVersions } from '../versions.ts';

export interface ConfigurationFiles {
  /** As they are now; a change from here on is one. */
  add(filePaths: Iterable<string>): void;
  has(filePath: string): boolean;
  /** Those of a batch that are not as they were; asked once a batch. */
  changed(filePaths: Iterable<string>): string[];
  /** Changed before anybody watched. */
  untold(): Iterable<string>;
}

/** @param include has a file watched */
export function createConfigurationFiles(include: (filePath: string) => void): ConfigurationFiles {
  const files = new Set<string>();
  const versions = createVersions();
  return {
    add(filePaths) {
      for (const filePath of filePaths) {
        if (files.has(filePath)) continue;
        files.add(filePath);
        versions.read(filePath);
        include(filePath);
      }
    },
    has: (filePath) => files.has(filePath),
    changed: (filePaths) => [...filePaths].filter((filePath) => files.has(filePath) && versions.hasChanged(filePath)),
    untold: versions.untold,
  };
}
