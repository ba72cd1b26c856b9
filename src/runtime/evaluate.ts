/**
 * Evaluation of a linked graph, as ECMA-262 §16.2.1.5.3 has it, top-level await included; the step names are the standard's, so
 * that the two can be read side by side. A graph without top-level await runs synchronously and makes no promise.
 */
import { createCapability, type Instance } from './instance.ts';

/** The dependencies of an instance that have one themselves, in source order. */
type Requested = (instance: Instance) => readonly Instance[];

let asyncEvaluationOrder = 0;

/**
 * Runs an instance and what it depends on, once. Returns undefined when all of it has run, else the promise of its end.
 * Throws what a synchronous body threw, the same value every time.
 */
export function evaluate(start: Instance, requested: Requested): Promise<void> | undefined {
  const module = start.status === 'evaluating-async' || start.status === 'evaluated' ? (start.cycleRoot ?? start) : start;
  if (module.topLevel) return module.topLevel.promise;
  const stack: Instance[] = [];
  try {
    innerModuleEvaluation(module, stack, 0, requested);
  } catch (error) {
    for (const entered of stack) {
      entered.status = 'evaluated';
      entered.error = { value: error };
    }
    throw error;
  }
  if (module.asyncOrder === 0) return undefined;
  module.topLevel = createCapability();
  if (module.status === 'evaluated') {
    if (module.error) module.topLevel.reject(module.error.value);
    else module.topLevel.resolve();
  }
  return module.topLevel.promise;
}

function innerModuleEvaluation(module: Instance, stack: Instance[], start: number, requested: Requested): number {
  let index = start;
  if (module.status === 'evaluating-async' || module.status === 'evaluated') {
    if (module.error) throw module.error.value;
    return index;
  }
  if (module.status === 'evaluating') return index;
  module.status = 'evaluating';
  module.dfsIndex = module.dfsAncestorIndex = index++;
  module.pendingAsyncDependencies = 0;
  stack.push(module);
  for (const entry of requested(module)) {
    index = innerModuleEvaluation(entry, stack, index, requested);
    let dependency = entry;
    if (dependency.status === 'evaluating') {
      module.dfsAncestorIndex = Math.min(module.dfsAncestorIndex, dependency.dfsAncestorIndex);
    } else {
      dependency = dependency.cycleRoot ?? dependency;
      if (dependency.error) throw dependency.error.value;
    }
    if (dependency.asyncOrder > 0 && dependency.status !== 'evaluated') {
      module.pendingAsyncDependencies++;
      dependency.asyncParents.push(module);
    }
  }
  enterBody(module);
  if (module.dfsAncestorIndex === module.dfsIndex) closeCycle(module, stack);
  return index;
}

function enterBody(module: Instance): void {
  const { async } = module.definition.meta;
  if (module.pendingAsyncDependencies === 0 && !async) {
    runBody(module);
    return;
  }
  module.asyncOrder = ++asyncEvaluationOrder;
  if (module.pendingAsyncDependencies === 0) executeAsync(module);
}

function closeCycle(root: Instance, stack: Instance[]): void {
  for (;;) {
    const member = stack.pop();
    if (!member) return;
    member.status = member.asyncOrder === 0 ? 'evaluated' : 'evaluating-async';
    member.cycleRoot = root;
    if (member === root) return;
  }
}

function runBody(module: Instance): void {
  const { body } = module;
  module.body = undefined;
  body?.next();
}

/** The body yields what it awaits; each is answered after one promise job, as a native await. */
function executeAsync(module: Instance): void {
  const { body } = module;
  module.body = undefined;
  const capability = createCapability();
  capability.promise.then(
    () => asyncModuleFulfilled(module),
    (error: unknown) => asyncModuleRejected(module, error),
  );
  const advance = (resume: () => IteratorResult<unknown, void>): void => {
    try {
      const result = resume();
      if (result.done) capability.resolve();
      else Promise.resolve(result.value).then(onValue, onError);
    } catch (error) {
      capability.reject(error);
    }
  };
  const onValue = (value: unknown): void => {
    if (body) advance(() => body.next(value));
  };
  const onError = (error: unknown): void => {
    if (body) advance(() => body.throw(error));
  };
  if (body) advance(() => body.next());
  else capability.resolve();
}

function asyncModuleFulfilled(module: Instance): void {
  if (module.status === 'evaluated') return;
  module.status = 'evaluated';
  module.topLevel?.resolve();
  const ready: Instance[] = [];
  gatherAvailableAncestors(module, ready);
  ready.sort((a, b) => a.asyncOrder - b.asyncOrder);
  for (const parent of ready) {
    if (parent.status === 'evaluated') continue;
    if (parent.definition.meta.async) {
      executeAsync(parent);
      continue;
    }
    try {
      runBody(parent);
    } catch (error) {
      asyncModuleRejected(parent, error);
      continue;
    }
    parent.status = 'evaluated';
    parent.topLevel?.resolve();
  }
}

function gatherAvailableAncestors(module: Instance, ready: Instance[]): void {
  for (const parent of module.asyncParents) {
    if (ready.includes(parent) || parent.cycleRoot?.error) continue;
    parent.pendingAsyncDependencies--;
    if (parent.pendingAsyncDependencies > 0) continue;
    ready.push(parent);
    if (!parent.definition.meta.async) gatherAvailableAncestors(parent, ready);
  }
}

function asyncModuleRejected(module: Instance, error: unknown): void {
  if (module.status === 'evaluated') return;
  module.error = { value: error };
  module.status = 'evaluated';
  for (const parent of module.asyncParents) asyncModuleRejected(parent, error);
  module.topLevel?.reject(error);
}
