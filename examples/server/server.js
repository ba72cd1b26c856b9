// A chat. Pages hear what is said by server-sent events, and speak by a WebSocket. Each save runs this file again, beside the
// version that serves; what is open stays open, and what `room` holds stays.
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { newInterval } from 'hmr-dev/server';
import { WebSocketServer } from 'ws';
import { receive } from './chat.js';
import { room } from './room.js';

const pulseMs = 15_000;

const server = http.createServer((request, response) => {
  room.requests++;
  if (request.url === '/') {
    response.setHeader('content-type', 'text/html; charset=utf-8').end(readFileSync(new URL('./page.html', import.meta.url)));
  } else if (request.url === '/count') {
    response.end(`${room.requests} requests since the start\n`);
  } else if (request.url === '/events') {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    for (const message of room.messages) response.write(`data: ${JSON.stringify(message)}\n\n`);
    response.write(': you have heard all\n\n');
    room.listeners.add(response);
    response.on('close', () => room.listeners.delete(response));
  } else {
    response.writeHead(404).end('There is nothing.\n');
  }
});

const sockets = new WebSocketServer({ server, path: '/talk' });
sockets.on('connection', (socket) => {
  // Not `receive` itself: a socket lives longer than this version, and what it says is for the newest.
  socket.on('message', (text) => room.receive(String(text), (answer) => socket.send(answer)));
});

// Ends with this version, and the next one has its own: so it can be edited too.
newInterval(pulseMs, () => {
  for (const listener of room.listeners) listener.write(': still here\n\n');
});

const port = Number(process.env.PORT ?? 4680);
server.listen(port, () => console.log(`http://localhost:${server.address().port}`));

// Last: a version that fails on its way to this line takes no one's place.
room.receive = receive;
