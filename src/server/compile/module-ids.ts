/**
 * Files and the root-relative URLs that name them. A file outside the served folder (a package above it, a linked workspace) is
 * named by how far up it is, `/@outside/1/node_modules/d3/index.js`: readable, the same after a restart, and useless to
 * a request on its own, because only files that the module graph has reached are opened.
 */
import path from 'node:path';
import type { ModuleId } from '../../protocol.ts';
import { encodeSegments } from '../url-path.ts';

const OUTSIDE = '/@outside/';

export interface FileReference {
  readonly filePath: string;
  /** Transforming query with its `?`, or empty. */
  readonly search: string;
}

export function idOfFile(root: string, { filePath, search }: FileReference): ModuleId {
  const relative = path.relative(root, filePath).split(path.sep);
  const up = relative.findIndex((segment) => segment !== '..');
  const segments = up > 0 ? ['@outside', String(up), ...relative.slice(up)] : relative;
  return encodeSegments(segments) + search;
}

/** The inverse of {@link idOfFile}. The id must be one of ours: nothing is checked here. */
export function fileOfId(root: string, id: ModuleId): FileReference {
  const query = id.indexOf('?');
  const search = query === -1 ? '' : id.slice(query);
  const segments = (query === -1 ? id : id.slice(0, query)).split('/').slice(1).map(decodeURIComponent);
  if (!isOutside(id)) return { filePath: path.join(root, ...segments), search };
  const [, up = '0', ...rest] = segments;
  return { filePath: path.resolve(root, ...Array.from({ length: Number(up) }, () => '..'), ...rest), search };
}

export function isOutside(id: ModuleId): boolean {
  return id.startsWith(OUTSIDE);
}
