import { Fish } from './fish.js';

const COUNT = 40;
const WATER = '#dff3f5';

/** A loop that never ends, an interval, a listener and a Map of handlers, all of them made when the page was loaded. */
export class Pond {
  fed = 0;
  #second = 0;

  handlers = new Map([
    ['f', () => this.feed()],
    ['s', () => this.scare()],
  ]);

  constructor(root) {
    this.text = root.querySelector('.tells');
    this.canvas = root.querySelector('canvas');
    this.context = this.canvas.getContext('2d');
    this.fish = Array.from({ length: COUNT }, (_, index) => new Fish(index));
    document.addEventListener('keydown', this.onKey);
    setInterval(() => this.onSecond(), 1000);
    requestAnimationFrame(this.frame);
  }

  onKey = ({ key, target }) => {
    if (!target.matches('input')) this.handlers.get(key)?.();
  };

  frame = () => {
    this.draw();
    requestAnimationFrame(this.frame);
  };

  onSecond() {
    this.#second += 1;
    this.tell();
  }

  feed() {
    this.fed += 1;
    this.tell();
  }

  scare() {
    for (const fish of this.fish) fish.speed = -fish.speed;
  }

  draw() {
    const { context, canvas } = this;
    context.fillStyle = WATER;
    context.fillRect(0, 0, canvas.width, canvas.height);
    for (const fish of this.fish) {
      fish.swim(canvas.width);
      fish.draw(context);
    }
  }

  tell() {
    this.text.textContent = `${this.fish.length} fish, fed ${this.fed} times; the longest is ${Math.max(...this.fish.map((fish) => fish.length))} long.`;
    this.text.title = `open for ${this.#second} s`;
  }
}
