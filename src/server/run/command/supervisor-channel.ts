/**
 * The runner's way to its supervisor. Node's own channel between parent and child, kept out of the program's sight: under plain `node` there is no
 * `process.send`, and programs ask for it to find out who has started them.
 */
import type { SendHandle } from 'node:child_process';
import type { RunnerMessage, SupervisorMessage } from './messages.ts';
import { CHANNEL, type Envelope } from './envelope.ts';

export interface SupervisorChannel {
  /** @param handle travels with it */
  send(message: RunnerMessage, handle?: object): void;
  onMessage(listener: (message: SupervisorMessage, handle: unknown) => void): void;
  /** Keeps this process alive when nothing else does. */
  hold(isHeld: boolean): void;
}

/** To be called before the program runs. */
export function openSupervisorChannel(): SupervisorChannel {
  const { channel } = process;
  const send = process.send?.bind(process);
  // Without a supervisor the program would hold its port for ever. One that was killed while this process started has been missed.
  if (!process.connected) process.exit();
  process.on('disconnect', () => process.exit());
  // Node calls it when the other side has gone; the event never comes while a handle is on its way there.
  process.disconnect = () => process.exit();
  channel?.unref();
  Reflect.deleteProperty(process, 'send');
  return {
    // A supervisor that has just gone needs no answer.
    send: (message, handle) =>
      void send?.(
        { cmd: CHANNEL, message } satisfies Envelope<RunnerMessage>,
        handle as SendHandle | undefined,
        undefined,
        () => undefined,
      ),
    onMessage(listener) {
      process.on('internalMessage' as 'message', (given: unknown, handle: unknown) => {
        const envelope = given as Partial<Envelope<SupervisorMessage>>;
        if (envelope.cmd === CHANNEL && envelope.message !== undefined) listener(envelope.message, handle);
      });
    },
    hold(isHeld) {
      if (isHeld) channel?.ref();
      else channel?.unref();
    },
  };
}
