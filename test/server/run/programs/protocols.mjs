/** Servers of other protocols than plain HTTP/1, one thing each. */
import cluster from 'node:cluster';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';

const listen = (server, { port = 0, path, tell }) => {
  if (path === undefined) server.listen(port, () => tell('port', server.address().port));
  else server.listen(path, () => tell('port', 0));
};

export function secure(options) {
  const { version, pem } = options;
  listen(
    https.createServer({ key: pem, cert: pem }, (_req, res) => res.end(`v${version}`)),
    options,
  );
}

/** By request and response, as most programs use HTTP/2. */
export function http2Requests(options) {
  const { version, pem, mark, tell } = options;
  const answer = (req, res) => {
    if (req.url !== '/hold') return res.end(`v${version}`);
    globalThis.release = () => res.end(`v${version}`);
    tell('held', version);
  };
  mark(answer);
  listen(
    pem === undefined ? http2.createServer(answer) : http2.createSecureServer({ key: pem, cert: pem, allowHTTP1: true }, answer),
    options,
  );
}

export function http2Streams(options) {
  const { version, pem, tell } = options;
  const server = pem === undefined ? http2.createServer() : http2.createSecureServer({ key: pem, cert: pem });
  server.on('stream', (stream, headers) => {
    stream.respond({ ':status': 200 });
    if (headers[':path'] !== '/hold') return stream.end(`v${version}`);
    globalThis.release = () => stream.end(`v${version}`);
    tell('held', version);
  });
  listen(server, options);
}

/** Says its version when somebody connects, and to each line. */
const greet = (version) => (socket) => {
  socket.on('error', () => {});
  socket.write(`v${version}\n`);
  socket.on('data', () => socket.write(`v${version}\n`));
};

export function raw(options) {
  listen(net.createServer(greet(options.version)), options);
}

export function rawTls(options) {
  const { version, pem } = options;
  listen(tls.createServer({ key: pem, cert: pem }, greet(version)), options);
}

/** A primary that has one worker: the driver itself. Nothing of it is replaced. */
export function isWorker({ tell }) {
  tell('isWorker', cluster.isWorker);
}

export function unreferenced(options) {
  const server = http.createServer((_req, res) => res.end(`v${options.version}`));
  listen(server, options);
  server.unref();
}
