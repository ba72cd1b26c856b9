/**
 * A program behind the proxy, as an author has one beside the page: answers, an event stream, and a WebSocket that sends back in capitals
 * what it gets, by hand, since the few frames of a test are no reason for a package.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

export interface Backend extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly server: Server;
}

/** @param port 0: any */
export async function startBackend(port = 0, server: Server = createServer()): Promise<Backend> {
  server.on('request', (req: IncomingMessage, res) => {
    if (req.url === '/api/events') return void res.writeHead(200, { 'Content-Type': 'text/event-stream' }).write('data: event\n\n');
    if (req.url === '/api/page') return void res.setHeader('Content-Type', 'text/html').end('<head></head><p>the page of the program</p>');
    res.end(JSON.stringify([req.method, req.url, req.headers['x-forwarded-proto']]));
  });
  server.on('upgrade', (req: IncomingMessage, socket: Duplex) => {
    const accept = createHash('sha1').update(`${req.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    socket.on('data', (frame: Buffer) => {
      const mask = frame.subarray(2, 6);
      const text = Buffer.from(frame.subarray(6).map((byte, index) => byte ^ (mask[index % 4] ?? 0)));
      socket.write(Buffer.concat([Buffer.of(0x81, text.length), Buffer.from(text.toString().toUpperCase())]));
    });
    socket.on('end', () => socket.end());
    socket.on('error', () => {});
  });
  server.listen(port, 'localhost');
  await once(server, 'listening');
  const { port: own } = server.address() as AddressInfo;
  return {
    url: `${'setSecureContext' in server ? 'https' : 'http'}://localhost:${own}`,
    port: own,
    server,
    async [Symbol.asyncDispose]() {
      if (!server.listening) return;
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Of a page that asks the program in every way that it can. */
export const PROXY_PAGE = {
  'index.html': `<!doctype html><p id="out"></p><script type="module" src="/main.js"></script>`,
  'main.js': `
    import { view } from './view.js';
    const ask = async (path, init) => (await fetch(path, init)).text();
    const event = await new Promise((done) => { const events = new EventSource('/api/events'); events.onmessage = ({ data }) => { events.close(); done(data); }; });
    const message = await new Promise((done, fail) => {
      const socket = new WebSocket(new URL('/api/socket', location.href.replace('http', 'ws')));
      socket.onopen = () => socket.send('shout');
      socket.onmessage = ({ data }) => { done(data); socket.close(); };
      socket.onerror = fail;
    });
    globalThis.result = [JSON.parse(await ask('/api/x?y', { method: 'POST', body: 'x' })), event, message, await ask('/api/page')];
    const show = (text) => { document.querySelector('#out').textContent = text; };
    show(view);
    import.meta.hot.accept('./view.js', ({ view }) => show(view));`,
  'view.js': `export const view = 'one';`,
};
