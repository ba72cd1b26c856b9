/**
 * Whether what a client sent has the shape that protocol.ts declares. By hand: six shapes, and a schema library would be the largest
 * dependency after the compiler.
 */
import type { ClientMessage, OpenRequest, OutcomeReport, PageErrorReport, PageRequest, SyncRequest } from '../protocol.ts';

type Shape = Record<string, unknown>;

const isObject = (value: unknown): value is Shape => typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string';
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
const isTextOrNull = (value: unknown): boolean => value === null || isText(value);

export function isSyncRequest(value: unknown): value is SyncRequest {
  if (!isObject(value)) return false;
  const { modules, assets, page } = value;
  if (!isObject(modules) || !Object.values(modules).every(isText)) return false;
  if (!isObject(assets) || !Object.values(assets).every(isTextOrNull)) return false;
  return page === null || isPageRequest(page);
}

export function isPageRequest(value: unknown): value is PageRequest {
  return isObject(value) && isText(value['file']) && isText(value['hash']);
}

export function isOpenRequest(value: unknown): value is OpenRequest {
  return isObject(value) && isText(value['file']) && isCount(value['line']) && isCount(value['column']);
}

export function isPageErrorReport(value: unknown): value is PageErrorReport {
  if (!isObject(value) || (value['kind'] !== 'error' && value['kind'] !== 'rejection')) return false;
  return isText(value['message']) && isText(value['stack']) && isText(value['page']);
}

const OUTCOMES: readonly unknown[] = ['ignored', 'updated', 'reload', 'failed'] satisfies OutcomeReport['kind'][];

export function isOutcomeReport(value: unknown): value is OutcomeReport {
  return isObject(value) && isText(value['id']) && isText(value['text']) && OUTCOMES.includes(value['kind']);
}

export function isClientMessage(value: unknown): value is ClientMessage {
  return isObject(value) && isText(value['event']);
}
