/**
 * A server process with all that it starts: run, measured and ended as one. Servers start helpers (esbuild's service, workers), and
 * both the memory that a developer pays for and the clean end are those of the whole tree. Linux: it reads /proc.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';

export interface ProcessTree extends AsyncDisposable {
  /** What it has printed so far, for an error message. */
  readonly output: () => string;
  readonly exited: () => boolean;
  /** Resident memory of the process and its descendants. */
  rssBytes(): number;
  /** Time on processors, of the same and of those that have ended. */
  cpuMs(): number;
}

const running = new Set<ChildProcess>();

// An interrupted bench must not leave servers behind; the group is ours alone, because each server is started as its leader.
process.on('exit', () => {
  for (const child of running) kill(child);
});
process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));

export function startProcess(command: string, args: readonly string[], options: { cwd: string; env?: NodeJS.ProcessEnv }): ProcessTree {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.on('error', (error) => (output += String(error)));
  const exit = once(child, 'exit').finally(() => running.delete(child));
  // Reported through exited() and output(); a missing program is an 'error' and never an 'exit'.
  exit.catch(() => undefined);
  return {
    output: () => output,
    exited: () => child.exitCode !== null || child.signalCode !== null || child.pid === undefined,
    rssBytes: () => (child.pid === undefined ? 0 : sumOfTree(child.pid, ({ rssBytes }) => rssBytes)),
    cpuMs: () => (child.pid === undefined ? 0 : sumOfTree(child.pid, ({ cpuMs }) => cpuMs)),
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
      kill(child);
      await exit;
    },
  };
}

function kill(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // ESRCH: the whole group has ended by itself.
  }
}

function sumOfTree(root: number, valueOf: (one: Facts) => number): number {
  const processes = readProcesses();
  const members = new Set([root]);
  for (let grown = true; grown;) {
    grown = false;
    for (const [pid, { parent }] of processes) {
      if (members.has(pid) || !members.has(parent)) continue;
      members.add(pid);
      grown = true;
    }
  }
  let sum = 0;
  for (const [pid, facts] of processes) if (members.has(pid)) sum += valueOf(facts);
  return sum;
}

interface Facts {
  readonly parent: number;
  readonly rssBytes: number;
  readonly cpuMs: number;
}

/** What the kernel counts time in, on all that Node runs on. */
const MS_PER_TICK = 10;

function readProcesses(): Map<number, Facts> {
  const processes = new Map<number, Facts>();
  for (const name of fs.readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const status = fs.readFileSync(`/proc/${name}/status`, 'utf8');
      const field = (key: string): number => Number(new RegExp(`^${key}:\\s*(\\d+)`, 'm').exec(status)?.[1] ?? 0);
      // proc(5): behind the name, which may hold anything, from field 3 on. Fields 14 to 17 are its times and those of its ended children.
      const stat = fs
        .readFileSync(`/proc/${name}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ');
      const ticks = stat.slice(11, 15).reduce((sum, value) => sum + Number(value), 0);
      processes.set(Number(name), { parent: field('PPid'), rssBytes: field('VmRSS') * 1024, cpuMs: ticks * MS_PER_TICK });
    } catch {
      // ENOENT, ESRCH: it ended between the listing and the reading.
    }
  }
  return processes;
}
