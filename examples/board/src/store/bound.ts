/** Method decorator: `this` stays the instance even when the method is handed on alone, as in `onClick={store.undo}`. */
export function bound<This extends object, Args extends unknown[], Result>(
  method: (this: This, ...args: Args) => Result,
  context: ClassMethodDecoratorContext<This>,
): void {
  context.addInitializer(function () {
    Object.defineProperty(this, context.name, { value: method.bind(this) });
  });
}
