/**
 * Modules that stand for other programs: workers, and WebAssembly. The forms are those that bundlers have taught projects (`?worker`, `?init`)
 * and, for names of a `.wasm` file, those of the WebAssembly/ES Module Integration proposal.
 */
import { HmrError } from '../errors.ts';

/** A class whose instances run the file as a module. */
export function workerModule(constructor: 'Worker' | 'SharedWorker', url: string): string {
  return `export default function WorkerOfFile(options) { return new ${constructor}(${JSON.stringify(url)}, { ...options, type: 'module' }); }\n`;
}

/** A function from imports to an instance. */
export function wasmInitModule(url: string): string {
  return `export default async (imports = {}) => (await ${instantiate(url, 'imports')}).instance;\n`;
}

/** One instance, whose exports are those of the module; what it imports is imported. @throws HmrError `SYNTAX` */
export function wasmModule(content: Uint8Array, filePath: string, url: string): string {
  const { imports, exports } = describe(content, filePath);
  const specifiers = [...new Set(imports.map(({ module }) => module))];
  const lines = [
    ...specifiers.map((specifier, index) => `import * as import${index} from ${JSON.stringify(specifier)};`),
    `const imports = { ${specifiers.map((specifier, index) => `${JSON.stringify(specifier)}: import${index}`).join(', ')} };`,
    `const { instance } = await ${instantiate(url, 'imports')};`,
  ];
  // Names of exports may be any text.
  exports.forEach(({ name }, index) => {
    lines.push(`const export${index} = instance.exports[${JSON.stringify(name)}]; export { export${index} as ${JSON.stringify(name)} };`);
  });
  // Who asks for names may ask for the address too.
  if (!exports.some(({ name }) => name === 'default')) lines.push(`export default ${JSON.stringify(url)};`);
  return `${lines.join('\n')}\n`;
}

function instantiate(url: string, imports: string): string {
  return `WebAssembly.instantiateStreaming(fetch(${JSON.stringify(url)}), ${imports})`;
}

/** As Node has it; the types for Node leave it to those for browsers. */
const { Module } = (globalThis as unknown as { readonly WebAssembly: { readonly Module: WasmModuleConstructor } }).WebAssembly;

interface WasmModuleConstructor {
  new (bytes: Uint8Array): object;
  imports(module: object): WasmDescription['imports'];
  exports(module: object): WasmDescription['exports'];
}

interface WasmDescription {
  readonly imports: readonly { readonly module: string }[];
  readonly exports: readonly { readonly name: string }[];
}

function describe(content: Uint8Array, filePath: string): WasmDescription {
  try {
    const module = new Module(content);
    return { imports: Module.imports(module), exports: Module.exports(module) };
  } catch (cause) {
    const message = cause instanceof Error ? cause.message.replace(/^WebAssembly\.Module\(\): /, '') : String(cause);
    throw new HmrError('SYNTAX', `This is no WebAssembly module: ${message}`, { location: { file: filePath, line: 1, column: 1 }, cause });
  }
}
