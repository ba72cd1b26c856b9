/**
 * What stands before a CommonJS text in its linked form, on its first line. In a file of its own, since who runs what was linked earlier has to know it,
 * and needs nothing else of the compiler.
 */
export const COMMONJS_PREFIX = '(function(exports,require,module,__filename,__dirname,$dynamicImport){';
