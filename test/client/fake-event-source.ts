/**
 * An EventSource that does what the test says: Node 20 has none, and a test of retries must not wait for a real one. `MessageEvent`
 * and `EventTarget` are Node's own.
 */
interface MessageOptions {
  readonly data: string;
  readonly lastEventId?: string;
}

export class FakeEventSource extends EventTarget {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSED = 2;
  static readonly instances: FakeEventSource[] = [];

  readonly url: string;
  readyState = 0;

  constructor(url: string | URL) {
    super();
    this.url = String(url);
    FakeEventSource.instances.push(this);
  }

  static get last(): FakeEventSource {
    const last = FakeEventSource.instances.at(-1);
    if (last === undefined) throw new Error('no EventSource was made');
    return last;
  }

  open(): void {
    this.readyState = FakeEventSource.OPEN;
    this.dispatchEvent(new Event('open'));
  }

  message(name: string, options: MessageOptions): void {
    this.dispatchEvent(new MessageEvent(name, options));
  }

  fail(): void {
    this.dispatchEvent(new Event('error'));
  }

  close(): void {
    this.readyState = FakeEventSource.CLOSED;
  }
}

/** Only what the code under test uses is there. */
export function fakeEventSource(): typeof EventSource {
  FakeEventSource.instances.length = 0;
  return FakeEventSource as unknown as typeof EventSource;
}
