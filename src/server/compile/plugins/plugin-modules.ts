/**
 * Modules that plugins name: a path in a namespace, as esbuild has it, and the URL path that stands for it in pages. A file is a file, whoever
 * named it; everything else is `/@plugin/<namespace>/src/app.css` for an absolute path and `/@plugin/<namespace>:<path>` for any other.
 */
import path from 'node:path';
import type { ModuleId } from '../../../protocol.ts';
import { encodeSegments } from '../../url-path.ts';
import { fileOfId, idOfFile, isOutside } from '../module-ids.ts';

export const PLUGIN_PREFIX = '/@plugin/';
export const FILE = 'file';

export interface PluginModule {
  /** Absolute for files. */
  readonly path: string;
  readonly namespace: string;
  /** Query or fragment that is part of the module's name, or empty. */
  readonly suffix: string;
  /** From one hook of a plugin to the next. */
  readonly pluginData: unknown;
}

export interface PluginModules {
  idOf(module: PluginModule): ModuleId;
  /** Undefined for a virtual module that nobody has named yet. */
  at(id: ModuleId): PluginModule | undefined;
}

export function createPluginModules(root: string): PluginModules {
  const virtual = new Map<ModuleId, PluginModule>();
  /** What was handed on with files. */
  const pluginData = new Map<ModuleId, unknown>();
  return {
    idOf(module) {
      const { namespace, suffix } = module;
      if (namespace === FILE) {
        const id = idOfFile(root, { filePath: module.path, search: suffix });
        if (module.pluginData !== undefined) pluginData.set(id, module.pluginData);
        return id;
      }
      const id = virtualId(root, module);
      virtual.set(id, module);
      return id;
    },
    at(id) {
      if (isPluginId(id)) return virtual.get(id);
      const { filePath, search } = fileOfId(root, id);
      return { path: filePath, namespace: FILE, suffix: search, pluginData: pluginData.get(id) };
    },
  };
}

function virtualId(root: string, { path: name, namespace, suffix }: PluginModule): ModuleId {
  if (!path.isAbsolute(name)) return encodeSegments(`@plugin/${namespace.replaceAll('/', '%2F')}:${name}`.split('/')) + suffix;
  const id = idOfFile(root, { filePath: name, search: suffix });
  return encodeSegments(['@plugin', namespace.replaceAll('/', '%2F')]) + (isOutside(id) ? id.replace('/@outside', '/@') : id);
}

export function isPluginId(id: ModuleId): boolean {
  return id.startsWith(PLUGIN_PREFIX);
}

/** A file name that no file has, for what is made of no file. */
export function virtualFile({ namespace, path: name }: Pick<PluginModule, 'namespace' | 'path'>): string {
  return `\0${namespace}:${name}`;
}

export function isVirtualFile(filePath: string): boolean {
  return filePath.startsWith('\0');
}
