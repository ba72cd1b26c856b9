/**
 * One tab as the holder of the stream sees it: turns the tab's messages into calls of the hub, and notices when the tab is gone,
 * by its goodbye or by its lock. Sessions outlive the tab's pauses: a page that comes back joins again.
 */
import { whenGone } from './life-lock.ts';
import type { StreamHub, StreamMember } from './stream-hub.ts';
import type { HostMessage, TabMessage } from './stream-messages.ts';

export interface StreamSession {
  receive(message: TabMessage): void;
  end(): void;
}

export function createStreamSession(hub: StreamHub, send: (message: HostMessage) => void): StreamSession {
  let member: StreamMember | undefined;
  let stopWatching = (): void => {};
  const end = (): void => {
    stopWatching();
    member?.leave();
    member = undefined;
  };
  send({ type: 'welcome' });
  return {
    receive(message) {
      switch (message.type) {
        case 'join': {
          // The new membership first: the stream must not close and open again in between.
          const before = member;
          member = hub.join({ since: message.since, visible: message.visible, send });
          before?.leave();
          return;
        }
        case 'visible':
          member?.setVisible(message.visible);
          return;
        case 'lock':
          stopWatching();
          stopWatching = whenGone(message.name, end);
          return;
        case 'leave':
          end();
          return;
        default:
          message satisfies never;
      }
    },
    end,
  };
}
