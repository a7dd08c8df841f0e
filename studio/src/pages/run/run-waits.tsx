/** What a run waits for, in words. */
import { Alert } from '@heroui/react';
import type { Run } from '../../../../src/api/client/index.ts';
import { timeText } from '../../parts/time.ts';
import { limitText } from '../../parts/item-words.ts';

export function RunWaits({ run }: { readonly run: Run }) {
  const risk = run.at_risk.requests;
  if (run.waits.length === 0 && run.state !== 'awaiting_approval' && risk === 0) return null;
  return (
    <div className="mb-4 flex flex-col gap-2" role="status">
      {run.state === 'awaiting_approval' && (
        <Note
          title={
            isProofMade(run)
              ? 'The proof is there: look at it, then approve the rest'
              : 'It waits for approval'
          }
        />
      )}
      {run.waits.map(({ lane, limit, until, reason }) => (
        <Note
          key={lane}
          title={`${lane} waits for its ${limitText(limit)}${until === null ? '' : ` until ${timeText(until)}`}`}
          detail={reason}
        />
      ))}
      {risk > 0 && (
        <Note
          title={`${risk} ${risk === 1 ? 'request' : 'requests'} without an answer`}
          detail="Nobody can tell yet whether they were made. They are not sent again unless you retry them."
        />
      )}
    </div>
  );
}

function Note({ title, detail }: { readonly title: string; readonly detail?: string }) {
  return (
    <Alert status="warning">
      <Alert.Indicator />
      <Alert.Content>
        <Alert.Title>{title}</Alert.Title>
        {detail !== undefined && <Alert.Description>{detail}</Alert.Description>}
      </Alert.Content>
    </Alert>
  );
}

/** What comes first is there, and the rest is not agreed to. */
export function isProofMade({ proof }: Run): boolean {
  return proof !== null && proof.items.waiting + proof.items.sent === 0;
}
