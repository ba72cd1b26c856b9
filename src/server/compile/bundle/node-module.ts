/**
 * What stands for a module of Node in a bundle, as `client/node-modules` does in development: a member may be taken, and extended by a class;
 * what is called says where it is missing. CommonJS, since that has any name that is asked for.
 */

export function nodeModuleSource(name: string): string {
  return `const missing = (path) => {
  const fail = () => { throw new Error('"' + path + '" is not in browsers: "' + ${JSON.stringify(name)} + '" is a module of Node.js'); };
  return new Proxy(function () {}, {
    get: (target, key) => key === 'prototype' ? target.prototype : isQuestion(key) ? undefined : missing(path + '.' + key),
    apply: fail,
    construct: fail,
  });
};
const isQuestion = (key) => typeof key === 'symbol' || key === '__esModule' || key === 'then';
module.exports = new Proxy({}, { get: (_, key) => isQuestion(key) ? undefined : missing(${JSON.stringify(`${name}.`)} + key) });
`;
}
