/** What is sent to an endpoint: https://github.com/standard-webhooks/standard-webhooks */
import { Webhook as Signer } from 'standardwebhooks';
import { isoTime } from '../core/iso-time.ts';
import type { WorkspaceEvent } from '../core/workspace-event.ts';
import { VERSION } from '../version.ts';

export interface Message {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface MessageOrder {
  readonly id: string;
  readonly event: WorkspaceEvent;
  /** Each makes a signature; any of them may be checked. */
  readonly secrets: readonly string[];
  readonly now: number;
}

/** The body is the same for each sending of an event; headers carry the time of this one. */
export function messageOf({ id, event, secrets, now }: MessageOrder): Message {
  const { type, at, sequence, workspace, data } = event;
  const body = JSON.stringify({ type, timestamp: isoTime(at), sequence, workspace, data });
  const seconds = Math.floor(now / 1000);
  // A given time in the shape that the library takes; the clock is not read.
  // oxlint-disable-next-line no-restricted-globals
  const time = new Date(seconds * 1000);
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'user-agent': `Imagemill/${VERSION}`,
      'webhook-id': id,
      'webhook-timestamp': String(seconds),
      'webhook-signature': secrets
        .map((secret) => new Signer(secret).sign(id, time, body))
        .join(' '),
    },
  };
}
