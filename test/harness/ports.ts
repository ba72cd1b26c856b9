/**
 * A port for a server that ends and comes back. One that the system gave for port 0 may go to anybody else in between: the system gives
 * those, also to outgoing connections, from a range of its own, and this one lies below.
 */
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';

/** Above the last of those that browsers, and `fetch`, refuse to ask (10080). */
const LOWEST = 10_081;
const RANGE_FILE = '/proc/sys/net/ipv4/ip_local_port_range';

export async function stablePort(): Promise<number> {
  const end = fs.existsSync(RANGE_FILE) ? Number.parseInt(fs.readFileSync(RANGE_FILE, 'utf8')) : 32_768;
  while (true) {
    const port = randomInt(LOWEST, end);
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const probe = net.createServer().listen(port);
  try {
    await once(probe, 'listening');
  } catch {
    return false; // EADDRINUSE
  }
  probe.close();
  await once(probe, 'close');
  return true;
}
