/**
 * Whether the terminal is ours now. Reading it or changing its mode from the background (`hmr-dev &`) would stop the process with
 * SIGTTIN or SIGTTOU.
 */
import { readFileSync } from 'node:fs';

/** Linux tells in /proc (proc(5): pgrp is field 5, tpgid field 8, -1 without job control). Where there is no /proc, yes is assumed. */
export function isForeground(): boolean {
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8');
    // Field 2, the name in parentheses, may hold spaces: count from behind it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[5] === '-1' || fields[2] === fields[5];
  } catch {
    return true; // No /proc on this system.
  }
}
