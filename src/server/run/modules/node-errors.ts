/**
 * Errors as Node's own module loader throws them: programs ask for their codes (`ERR_MODULE_NOT_FOUND` of an optional dependency), and people
 * look for their sentences. Made here, because Node resolves for others only by the rules of `require`.
 */
type ErrorClass = ErrorConstructor | TypeErrorConstructor | SyntaxErrorConstructor;

const [MAJOR = 0, MINOR = 0] = process.versions.node.split('.').map(Number);

/** Whether this Node is at least of a version. */
export function isNode(major: number, minor = 0): boolean {
  return MAJOR > major || (MAJOR === major && MINOR >= minor);
}

/** Whether `require` takes ES modules, and the condition `module-sync` holds. */
export function requiresModules(): boolean {
  return (process.features as { readonly require_module?: boolean }).require_module === true;
}

/** The first line of its stack has the code, as in Node. */
export function nodeError(Base: ErrorClass, code: string, message: string, properties: Readonly<Record<string, unknown>> = {}): Error {
  const error = new Base(message);
  const { name } = error;
  error.name = `${name} [${code}]`;
  // Fixes the text of the stack while the name has the code in it.
  void error.stack;
  Reflect.deleteProperty(error, 'name');
  return Object.assign(error, { code, ...properties });
}

export function moduleNotFound(what: 'module' | 'package', name: string, importerPath: string, url?: string): Error {
  const message = `Cannot find ${what} '${name}' imported from ${importerPath}`;
  return nodeError(Error, 'ERR_MODULE_NOT_FOUND', message, url === undefined ? {} : { url });
}

export function directoryImport(filePath: string, importerPath: string, url: string): Error {
  const message = `Directory import '${filePath}' is not supported resolving ES modules imported from ${importerPath}`;
  return nodeError(Error, 'ERR_UNSUPPORTED_DIR_IMPORT', message, { url });
}

export function invalidSpecifier(specifier: string, reason: string, importerPath: string): Error {
  const message = `Invalid module "${specifier}" ${reason} imported from ${importerPath}`;
  return nodeError(TypeError, 'ERR_INVALID_MODULE_SPECIFIER', message);
}

export function attributeMissing(url: string): Error {
  const code = isNode(22) ? 'ERR_IMPORT_ATTRIBUTE_MISSING' : 'ERR_IMPORT_ASSERTION_TYPE_MISSING';
  return nodeError(TypeError, code, `Module "${url}" needs an import attribute of ${isNode(22) ? '"type: json"' : 'type "json"'}`);
}

export function attributeWrong(url: string): Error {
  const code = isNode(22) ? 'ERR_IMPORT_ATTRIBUTE_TYPE_INCOMPATIBLE' : 'ERR_IMPORT_ASSERTION_TYPE_FAILED';
  return nodeError(TypeError, code, `Module "${url}" is not of type "json"`);
}

/** `require` of an ES module that awaits at top level. */
export function requireAsync(): Error {
  const message = 'require() cannot be used on an ESM graph with top-level await. Use import() instead.';
  return nodeError(Error, 'ERR_REQUIRE_ASYNC_MODULE', message);
}

/** A name that a CommonJS module does not have, as far as its text tells. */
export function missingCommonJsName(name: string, specifier: string): string {
  return (
    `Named export '${name}' not found. The requested module '${specifier}' is a CommonJS module, which may not support all module.exports ` +
    `as named exports.`
  );
}
