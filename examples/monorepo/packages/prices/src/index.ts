export interface Fruit {
  readonly name: string;
  readonly cents: number;
}

export const fruits: readonly Fruit[] = [
  { name: 'Apple', cents: 40 },
  { name: 'Pear', cents: 55 },
  { name: 'Fig', cents: 90 },
];

export function total(basket: ReadonlyMap<string, number>): number {
  return fruits.reduce((sum, { name, cents }) => sum + cents * (basket.get(name) ?? 0), 0);
}
