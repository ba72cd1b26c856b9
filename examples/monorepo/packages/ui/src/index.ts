import type { Fruit } from '@example/prices';
import './button.css';

export function price(cents: number): string {
  return `${(cents / 100).toFixed(2)} €`;
}

export function fruitButton(fruit: Fruit, count: number, onClick: () => void): HTMLElement {
  const button = document.createElement('button');
  button.className = 'fruit';
  button.textContent = `${fruit.name} · ${price(fruit.cents)} × ${count}`;
  button.addEventListener('click', onClick);
  return button;
}
