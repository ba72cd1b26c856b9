const COLOURS = ['#e76f51', '#f4a261', '#e9c46a'];

export class Fish {
  #strokes = 0;
  size;
  speed;

  constructor(index) {
    this.x = (index * 97) % 480;
    this.y = 20 + ((index * index * 31) % 260);
    this.size = 8 + (index % 5) * 3;
    this.speed = 0.3 + (index % 7) * 0.1;
    this.colour = COLOURS[index % COLOURS.length];
  }

  get length() {
    return this.size;
  }

  get height() {
    return this.size / 2;
  }

  swim(width) {
    this.#strokes += 1;
    this.x = (this.x + this.speed + width) % width;
  }

  draw(context) {
    const { x, y, length, height } = this;
    const tail = Math.sign(this.speed) * length;
    context.fillStyle = this.colour;
    context.beginPath();
    context.ellipse(x, y, length, height, 0, 0, Math.PI * 2);
    context.moveTo(x - tail * 0.8, y);
    context.lineTo(x - tail * 1.5, y - height);
    context.lineTo(x - tail * 1.5, y + height);
    context.fill();
  }
}

// So that all fish are known when the form of one changes.
import.meta.hot?.track(Fish);
