/** Servers of node:http, one thing each. */
import http from 'node:http';

/** Ends the responses that `/hold` keeps, each with the version that has kept it. */
const held = [];
globalThis.release = () => {
  for (const end of held.splice(0)) end();
};
globalThis.heldCount = () => held.length;

/** Answers with its version. `/hold` waits for `release()`, `/events` stays open. */
function answer(version, tell) {
  const handler = (req, res) => {
    if (req.url === '/hold') {
      held.push(() => res.end(`v${version}`));
      tell?.('held', version);
    } else if (req.url === '/events') {
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      res.write(`data: v${version}\n\n`);
      globalThis.sendEvent = () => void res.write(`data: still v${version}\n\n`);
      // As a program's closures hold what they were made in.
      res.on('close', () => handler);
    } else if (req.method === 'POST') {
      let length = 0;
      req.on('data', (chunk) => (length += chunk.length)).on('end', () => res.end(`v${version} ${length}`));
      tell?.('uploading', version);
    } else res.end(`v${version}`);
  };
  return handler;
}

export function hello({ version, port = 0, host, keepAliveMs = 5000, tell, mark }) {
  const handler = answer(version, tell);
  mark(handler);
  const server = http.createServer({ keepAliveTimeout: keepAliveMs }, handler);
  server.listen(...(host === undefined ? [port] : [port, host]), () => tell('port', server.address().port));
  return undefined;
}

/** Says when its server, and not only what it does, is free. */
export function marksServer({ version, port = 0, tell, mark }) {
  const server = http.createServer((_req, res) => res.end(`v${version}`));
  mark(server);
  server.on('connection', (socket) => socket.on('close', () => tell('disconnected', version)));
  server.listen(port, () => tell('port', server.address().port));
}

export function throwsAfterListen(options) {
  hello(options);
  throw new Error('after listen');
}

export async function hangs({ tell }) {
  tell('hangs', true);
  await new Promise((resolve) => (globalThis.unhang = resolve));
}

/** Hangs, and listens when it is let go. */
export async function hangsThenListens(options) {
  await hangs(options);
  hello(options);
}

export async function listensThenHangs(options) {
  hello(options);
  await hangs(options);
}

export async function listensThenWaits({ version, port, tell }) {
  http.createServer(answer(version)).listen(port, () => tell('waits', true));
  await new Promise((resolve) => (globalThis.goOn = resolve));
}

export async function listensThenRejects(options) {
  await listensThenHangs(options);
  throw new Error('late');
}

/** `main()` that nobody waits for. */
export function listensLater(options) {
  const main = async () => {
    await hangs(options);
    hello(options);
  };
  void main();
}

export function throwsInTick(options) {
  hello(options);
  process.nextTick(() => {
    throw new Error('in a tick');
  });
}

export function rejectsUnhandled(options) {
  hello(options);
  void Promise.reject(new Error('nobody caught'));
}

export function hasErrorListener({ version, port, tell }) {
  http
    .createServer(answer(version))
    .on('error', (error) => tell('error', error.code))
    .listen(port);
}

/** Looks for a free port as get-port does: by listening. */
export async function probes({ version, port, tell }) {
  const probe = http.createServer();
  await new Promise((resolve) => probe.listen(port, resolve));
  await new Promise((resolve) => probe.close(resolve));
  hello({ version, port, tell, mark() {} });
}

/** Goes on to the next port, as get-port does when one is taken. */
export async function nextPort({ version, port, tell }) {
  const tries = async (number) => {
    const server = http.createServer(answer(version));
    try {
      await new Promise((resolve, reject) => server.on('error', reject).listen(number, resolve));
      tell('port', server.address().port);
    } catch {
      await tries(0);
    }
  };
  void tries(port);
}

/** Several servers in one program, all on port 0. */
export function several({ version, count = 3, tell }) {
  const ports = [];
  for (let index = 0; index < count; index++) {
    const server = http.createServer((_req, res) => res.end(`v${version} #${index}`));
    server.listen(0, () => {
      ports[index] = server.address().port;
      if (Object.keys(ports).length === count) tell('ports', ports);
    });
  }
}

export function listensNowhere() {}

export function exits({ version, port, tell }) {
  hello({ version, port, tell, mark() {} });
  process.exit(3);
}

/** As many programs do. */
export function exitsOnError({ version, port }) {
  http
    .createServer(answer(version))
    .on('error', () => process.exit(1))
    .listen(port);
}

/** A queue or an add-on calls back without the context that it was called in. */
export async function listensFromLostContext(options) {
  await new Promise((resolve) => {
    globalThis.listenNow = () => {
      hello(options);
      resolve();
    };
    options.tell('ready', true);
  });
}

/** Fails while it serves `/fail`. */
export function failsServing({ port = 0, tell }) {
  const server = http.createServer(() => setTimeout(() => tell.of.nothing));
  server.listen(port, () => tell('port', server.address().port));
}

export function events({ version, port = 0, maxRequests = 0, tell }) {
  const server = http.createServer((_req, res) => res.end(`v${version}`));
  server.on('upgrade', (_req, socket) => {
    socket.end(`HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: test\r\n\r\nupgraded v${version}`);
  });
  server.on('connect', (_req, socket) => socket.end(`HTTP/1.1 200 OK\r\n\r\nconnected v${version}`));
  server.on('checkContinue', (_req, res) => res.end(`continue v${version}`));
  server.on('checkExpectation', (_req, res) => res.end(`expectation v${version}`));
  server.on('clientError', (_error, socket) => socket.end(`HTTP/1.1 400 Bad Request\r\n\r\nclientError v${version}`));
  server.maxRequestsPerSocket = maxRequests;
  server.on('dropRequest', () => tell('dropped', version));
  server.listen(port, () => tell('port', server.address().port));
}

/** Closes its server from a hook, as programs written for other tools do. */
export function closesOnReload({ version, port = 0, tell }) {
  const server = http.createServer(answer(version, tell));
  server.listen(port, () => tell('port', server.address().port));
  globalThis.closeServer = () =>
    new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve(`closed v${version}`))));
  globalThis.closeAll = () => server.closeAllConnections();
}

/** Every form of `listen`, by name. */
export function listenForm({ version, form, port, path, tell, outside }) {
  const server = http.createServer(answer(version));
  server.on('listening', () => {
    tell('listening', { isListening: server.listening, address: server.address() });
  });
  const callback = () => tell('callback', version);
  const forms = {
    port: () => server.listen(port, callback),
    text: () => server.listen(String(port), callback),
    host: () => server.listen(port, 'localhost', callback),
    backlog: () => server.listen(port, '127.0.0.1', 64, callback),
    options: () => server.listen({ port, host: '127.0.0.1', exclusive: true }, callback),
    ipv6Only: () => server.listen({ port, ipv6Only: true, host: '::' }, callback),
    nothing: () => server.listen(callback),
    path: () => server.listen(path, callback),
    pathOptions: () => server.listen({ path, readableAll: true, writableAll: true }, callback),
    handle: () => server.listen(outside(keptHandle), callback),
    signal: () => server.listen({ port, signal: (globalThis.abort ??= new AbortController()).signal }, callback),
  };
  forms[form]();
}

/** A server that the program has made outside of versions, whose handle it hands on. */
function keptHandle() {
  return (globalThis.keptServer ??= new http.Server().listen(0));
}
