/**
 * How supervisor and runner tell their messages from those of the program: Node emits what has a `cmd` that begins with `NODE_` as `internalMessage`,
 * which keeps nobody alive and is seen by no listener of a program.
 */

export const CHANNEL = 'NODE_HMR_DEV';

export interface Envelope<Message> {
  readonly cmd: typeof CHANNEL;
  readonly message: Message;
}
