/**
 * The public API of `hmr-dev`: the server as a library and as middleware. What is not exported here may change at any time; the
 * other entries of the package are `hmr-dev/client`, `hmr-dev/react` and `hmr-dev/preact`.
 */
export { createDevServer, type DevServer, type ServerEvents } from './dev-server.ts';
export { build, type BuildOptions, type BuildResult, type BuiltFile } from './build/build.ts';
export { preview, type PreviewOptions, type PreviewServer } from './build/preview.ts';
export {
  defineConfig,
  loadConfig,
  type ConfigEnvironment,
  type LoadConfigOptions,
  type LoadedConfig,
  type UserConfig,
  type UserConfigExport,
} from './config/config-file.ts';
export type { DevServerOptions, PluginOption } from './config/config.ts';
export type { ProgramOptions } from './config/run-option.ts';
export type { HotUpdateContext, HtmlPage, HtmlResult, Middleware, Plugin, PluginServer } from './compile/plugins/plugin.ts';
export type { ProxyTarget } from './http/proxy-request.ts';
export { HmrError, type ErrorCode, type SourceLocation } from './errors.ts';
export type { Logger, LogLevel, BatchLine } from './logger.ts';
export type { ClientMessage, ErrorReport, OutcomeReport, Place, StackFrame } from '../protocol.ts';
