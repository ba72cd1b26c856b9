/** A served folder for tests of what a client gets: files on disk, the static half of the server, and a socket. */
import { createStaticFiles, type StaticFiles, type StaticFilesOptions } from '../../../src/server/http/static-files.ts';
import { fixture, type Fixture, type FixtureFiles } from '../../harness/fixture.ts';
import { serve, type TestServer } from './raw-http.ts';

export interface Site extends TestServer {
  readonly folder: Fixture;
  readonly files: StaticFiles;
}

export async function site(content: FixtureFiles, options: Partial<StaticFilesOptions> = {}): Promise<Site> {
  const folder = await fixture(content);
  const files = createStaticFiles({ root: folder.path, ...options });
  const server = await serve((req, res) => void files.serve(req, res));
  return {
    ...server,
    folder,
    files,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** The tag of a file that was written within the last tick of the clock (http/conditional.ts); a tag of content is none. */
export const ONCE_ONLY: RegExp = /^"(?:[\da-z]+-){3}[\da-z]+_/;

/** Waits until the tick of the file's last change is over for the tag; the event is the clock's. */
export async function settledTag(server: Site, target: string): Promise<string> {
  while (true) {
    const { etag = '' } = (await server.get(target)).headers;
    if (!ONCE_ONLY.test(etag)) return etag;
  }
}

/** What a browser sends for the address bar. */
export const navigation = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8', 'Sec-Fetch-Dest': 'document' };
