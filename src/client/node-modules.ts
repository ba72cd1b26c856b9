/**
 * What stands for a module of Node.js in a page. Packages that also run in Node import such modules, often take functions out of them at once,
 * and never call those in a browser. So a member may be taken, and extended by a class; what is called says where it is missing.
 */
import type { ModuleId } from '../protocol.ts';

/** @param importer for the message */
export function nodeModule(name: string, importer: ModuleId): object {
  const module: object = new Proxy(
    {},
    {
      get: (_, key) => (key === 'default' ? module : isQuestion(key) ? undefined : missing(`${name}.${key}`)),
    },
  );
  const missing = (path: string): unknown => {
    const fail = (): never => {
      throw new Error(`"${path}" is not in browsers: "${name}" is a module of Node.js (imported by ${importer})`);
    };
    // No arrow function, which could not be extended.
    return new Proxy(function () {}, {
      get: (target, key) => (key === 'prototype' ? target.prototype : isQuestion(key) ? undefined : missing(`${path}.${key}`)) as unknown,
      apply: fail,
      construct: fail,
    });
  };
  return module;
}

/** What asks for the kind of a value, and not for the value. */
function isQuestion(key: string | symbol): key is symbol | '__esModule' | 'then' {
  return typeof key === 'symbol' || key === '__esModule' || key === 'then';
}
