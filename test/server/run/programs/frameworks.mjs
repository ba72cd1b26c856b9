/** The same small program in each framework. */
import { createServer } from 'node:http';
import { serve } from '@hono/node-server';
import express from 'express';
import fastifyFactory from 'fastify';
import { Hono } from 'hono';
import Koa from 'koa';
import polkaFactory from 'polka';
import { WebSocketServer } from 'ws';

const told = (server, tell) => () => tell('port', server.address().port);

export function express5({ version, port = 0, tell, mark }) {
  const app = express();
  mark(app);
  app.get('/', (_req, res) => res.send(`v${version}`));
  const server = app.listen(port, () => tell('port', server.address().port));
}

export async function fastify({ version, port = 0, tell, mark }) {
  const app = fastifyFactory();
  mark(app);
  app.get('/', () => `v${version}`);
  await app.listen({ port, host: 'localhost' });
  tell('port', app.server.address().port);
}

/** Nobody waits for its `listen`. */
export function fastifyLater({ version, port = 0, tell, mark }) {
  const app = fastifyFactory();
  mark(app);
  app.get('/', () => `v${version}`);
  app.listen({ port }, () => tell('port', app.server.address().port));
}

export function koa({ version, port = 0, tell, mark }) {
  const app = new Koa();
  mark(app);
  app.use((context) => {
    context.body = `v${version}`;
  });
  const server = app.listen(port, () => tell('port', server.address().port));
}

export function polka({ version, port = 0, tell, mark }) {
  const app = polkaFactory().get('/', (_req, res) => res.end(`v${version}`));
  mark(app);
  app.listen(port, () => tell('port', app.server.address().port));
}

export function hono({ version, port = 0, tell, mark }) {
  const app = new Hono();
  mark(app);
  app.get('/', (context) => context.text(`v${version}`));
  serve({ fetch: app.fetch, port }, (info) => tell('port', info.port));
}

/** Echoes with its version, and answers plain requests. */
export function ws({ version, port = 0, tell, mark }) {
  const server = createServer((_req, res) => res.end(`v${version}`));
  const sockets = new WebSocketServer({ server });
  mark(sockets);
  sockets.on('connection', (socket) => {
    socket.on('message', (data) => socket.send(`v${version} ${data}`));
    socket.on('close', () => tell('closed', version));
  });
  server.listen(port, told(server, tell));
}

/** A WebSocket server that listens itself. */
export function wsAlone({ version, port = 0, tell, mark }) {
  const sockets = new WebSocketServer({ port }, () => tell('port', sockets.address().port));
  mark(sockets);
  sockets.on('connection', (socket) => socket.send(`v${version}`));
}
