// What outlives every version of the program: all of them share this one object, made by the first. Under plain node there is
// one version, and the same lines work.
import { keepOnHotReload } from 'hmr-dev/server';

export const room = keepOnHotReload('room', () => ({
  requests: 0,
  messages: [],
  /** Open responses of /events, whichever version has opened them. */
  listeners: new Set(),
  /** What is to be done with a message: the newest version's answer to that. */
  receive: undefined,
}));
