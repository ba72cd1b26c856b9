/**
 * The public API of `hmr-dev`: the server as a library and as middleware. What is not exported here may change at any time; the one
 * other entry of the package is `hmr-dev/client`.
 */
export { createDevServer, type DevServer, type ServerEvents } from './dev-server.ts';
export type { DevServerOptions } from './config.ts';
export type { ProxyTarget } from './http/proxy-request.ts';
export { HmrError, type ErrorCode, type SourceLocation } from './errors.ts';
export type { Logger, LogLevel, BatchLine } from './logger.ts';
export type { ClientMessage, ErrorReport, OutcomeReport, Place, StackFrame } from '../protocol.ts';
