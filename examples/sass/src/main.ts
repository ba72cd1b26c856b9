import './notes.scss';
import swatch from './swatch.module.scss';

const colours = ['#e76f51', '#2a9d8f', '#264653', '#e9c46a'];
const app = document.querySelector('#app');
const title = document.createElement('h1');
title.textContent = 'Paint shop';
const row = document.createElement('div');
row.className = swatch.row;
const notes = document.createElement('p');
notes.className = 'notes';
notes.textContent = 'Nothing chosen yet.';

for (const colour of colours) {
  const button = document.createElement('button');
  button.className = swatch.swatch;
  button.style.background = colour;
  button.ariaLabel = colour;
  button.addEventListener('click', () => {
    for (const other of row.children) other.classList.toggle(swatch.chosen, other === button);
    notes.textContent = `You chose ${colour}.`;
  });
  row.append(button);
}
app?.append(title, row, notes);
