/**
 * The public API of `hmr-dev`.
 */
export { createDevServer, type DevServer, type ServerEvents } from './dev-server.ts';
export type { DevServerOptions } from './config.ts';
export { HmrError, type ErrorCode, type SourceLocation } from './errors.ts';
export type { Logger, LogLevel, BatchLine } from './logger.ts';
export type { ClientMessage, ErrorReport, OutcomeReport, Place, StackFrame } from '../protocol.ts';
