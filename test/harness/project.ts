/**
 * The project of a folder, as the server makes it when nobody gives options: for tests of one part that needs the others around it.
 */
import { resolveOptions } from '../../src/server/config/config.ts';
import { createDescriptions } from '../../src/server/descriptions.ts';
import { createProject, type Project, type ProjectOptions } from '../../src/server/project.ts';

export function openProject(root: string, options: Partial<ProjectOptions> = {}): Project {
  return createProject({
    ...resolveOptions({ root }),
    descriptions: createDescriptions(),
    lastEventId: () => '1-1',
    onFile: () => undefined,
    warn: () => undefined,
    ...options,
  });
}
