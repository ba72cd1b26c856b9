/**
 * The file of the code that calls a function, to know the same call in the next version. From the stack, since an author should not have
 * to pass it.
 */

/** @param callee the function that was called; empty if nobody knows */
export function callerFile(callee: () => unknown): string {
  const { prepareStackTrace, stackTraceLimit } = Error;
  const holder: { stack?: unknown } = {};
  try {
    Error.prepareStackTrace = (_error, sites) => sites[0]?.getFileName() ?? '';
    Error.stackTraceLimit = 1;
    Error.captureStackTrace(holder, callee);
    return String(holder.stack);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    if (prepareStackTrace === undefined) Reflect.deleteProperty(Error, 'prepareStackTrace');
    else Error.prepareStackTrace = prepareStackTrace;
  }
}
