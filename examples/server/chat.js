// What becomes of a message. The file to play with: what you change here is so for the pages that are open already.
import { room } from './room.js';

const longest = 100;

/** @param answer sends a line to the one who has spoken, and nobody else */
export function receive(text, answer) {
  if (text === '/help') return answer('/count: how many requests there were. All else is said to everybody.');
  if (text === '/count') return answer(`${room.requests} requests since the start`);
  say(decorate(text));
}

function decorate(text) {
  return text;
}

function say(text) {
  const message = { text, at: new Date().toISOString() };
  room.messages.push(message);
  if (room.messages.length > longest) room.messages.shift();
  for (const listener of room.listeners) listener.write(`data: ${JSON.stringify(message)}\n\n`);
}
