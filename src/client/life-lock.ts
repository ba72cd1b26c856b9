/**
 * Noticing that a tab or a worker is gone when it could not say goodbye. A Web Lock is freed by the browser when its holder ends in
 * whatever way, which neither a ping (throttled in hidden tabs) nor a port (silent when a process crashes) can promise. They need a
 * secure context; elsewhere nothing is noticed, which costs a message per event to a dead tab, and events after a dead worker.
 */

/** Undefined on plain-http LAN addresses. */
export function webLocks(): LockManager | undefined {
  return 'locks' in navigator ? navigator.locks : undefined;
}

/** Asks for a lock and keeps it until the returned function is called. */
export function holdLock(locks: LockManager, name: string, granted: () => void): () => void {
  const abort = new AbortController();
  let release: () => void = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  locks
    .request(name, { signal: abort.signal }, () => {
      granted();
      return released;
    })
    // AbortError: given up before it was granted.
    .catch(() => {});
  return () => {
    abort.abort();
    release();
  };
}

export interface LifeLock {
  /** Tells somebody who came later. @returns false while the lock is still to come */
  announce(to: (name: string) => void): boolean;
  release(): void;
}

/** Holds a lock for as long as this context lives, and tells its name once it is held. */
export function holdLifeLock(send: (name: string) => void): LifeLock {
  const locks = webLocks();
  if (locks === undefined) return { announce: () => true, release: () => {} };
  const name = `hmr-dev-life-${crypto.randomUUID()}`;
  let isHeld = false;
  const release = holdLock(locks, name, () => {
    isHeld = true;
    send(name);
  });
  return {
    announce(to) {
      if (isHeld) to(name);
      return isHeld;
    },
    release,
  };
}

/** @returns stops waiting */
export function whenGone(name: string, then: () => void): () => void {
  const abort = new AbortController();
  webLocks()
    ?.request(name, { signal: abort.signal }, then)
    // AbortError: nobody waits any more.
    .catch(() => {});
  return () => abort.abort();
}
