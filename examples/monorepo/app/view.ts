import { fruits, total } from '@example/prices';
import { fruitButton, price } from '@example/ui';

export function render(app: Element | null, basket: ReadonlyMap<string, number>, take: (name: string) => void): void {
  const title = document.createElement('h1');
  title.textContent = 'Market stall';
  const sum = document.createElement('output');
  sum.textContent = price(total(basket));
  const buttons = fruits.map((fruit) => fruitButton(fruit, basket.get(fruit.name) ?? 0, () => take(fruit.name)));
  app?.replaceChildren(title, ...buttons, sum);
}
