/** Links of a run: who looked, what they said, and how it is ended. */
import { useState } from 'react';
import { Button, Chip, toast } from '@heroui/react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Share } from '../../../../src/api/client/index.ts';
import { client } from '../../client.ts';
import { agoText, timeText } from '../time.ts';

interface ShareListProps {
  readonly run: string;
  readonly shares: readonly Share[];
  readonly mayChange: boolean;
}

export function ShareList({ run, shares, mayChange }: ShareListProps) {
  if (shares.length === 0) return null;
  return (
    <section aria-label="Links so far">
      <h3 className="mb-1 text-sm font-medium text-foreground">Links so far</h3>
      <ul className="divide-y divide-separator">
        {shares.map((share) => (
          <li key={share.share} className="flex flex-wrap items-center gap-x-3 gap-y-2 py-3">
            <div className="min-w-0 grow basis-56">
              <p className="flex items-center gap-2">
                <span className="truncate font-medium text-foreground">{share.title}</span>
                {share.state !== 'open' && (
                  <Chip size="sm" variant="soft">
                    {share.state}
                  </Chip>
                )}
              </p>
              <p className="text-sm text-muted">{marksText(share)}</p>
              <p className="text-sm text-muted">{openedText(share)}</p>
            </div>
            {mayChange && (
              <div className="flex flex-wrap gap-2">
                <TakeOver run={run} share={share} />
                {share.state === 'open' && <Revoke run={run} share={share.share} />}
              </div>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function marksText({ items, approved, rejected, noted, takes_marks: takesMarks }: Share): string {
  if (!takesMarks) return `${items} images, to be looked at`;
  const parts = [
    `${approved + rejected} of ${items} decided`,
    ...(approved > 0 ? [`${approved} approved`] : []),
    ...(rejected > 0 ? [`${rejected} rejected`] : []),
    ...(noted > 0 ? [noted === 1 ? '1 note' : `${noted} notes`] : []),
  ];
  return parts.join(' · ');
}

function openedText({ opened_at: openedAt, expires_at: expiresAt, state }: Share): string {
  const opened = openedAt === null ? 'Not opened yet' : `Opened ${agoText(openedAt)}`;
  if (expiresAt === null || state !== 'open') return opened;
  return `${opened} · ends ${timeText(expiresAt)}`;
}

function TakeOver({ run, share }: { readonly run: string; readonly share: Share }) {
  const queries = useQueryClient();
  const told = () => {
    for (const queryKey of [
      ['reviews', run],
      ['items', run],
      ['tiles', run],
      ['run', run],
    ]) {
      void queries.invalidateQueries({ queryKey });
    }
  };
  const take = useMutation({
    mutationFn: () => client.shares.takeOver(run, share.share),
    onSuccess: ({ changed, former }) => {
      told();
      const text = changed === 1 ? '1 verdict changed' : `${changed} verdicts changed`;
      toast.success(text, {
        description: 'Approved images are kept, rejected ones are rejected.',
        ...(former !== null &&
          former.length > 0 && {
            actionProps: {
              children: 'Undo',
              onPress: () => void client.reviews.many(run, { restore: former }).then(told),
            },
          }),
      });
    },
  });
  const marks = share.approved + share.rejected;
  if (marks === 0) return null;
  return (
    <Button size="sm" variant="secondary" isPending={take.isPending} onPress={() => take.mutate()}>
      Take over {marks === 1 ? '1 mark' : `${marks} marks`}
    </Button>
  );
}

/** It cannot be undone: asked twice. */
function Revoke({ run, share }: { readonly run: string; readonly share: string }) {
  const queries = useQueryClient();
  const [isAsked, setIsAsked] = useState(false);
  const revoke = useMutation({
    mutationFn: () => client.shares.revoke(run, share),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['shares', run] }),
  });
  if (!isAsked) {
    return (
      <Button size="sm" variant="tertiary" onPress={() => setIsAsked(true)}>
        Revoke
      </Button>
    );
  }
  return (
    <>
      <Button size="sm" variant="tertiary" onPress={() => setIsAsked(false)}>
        Keep it
      </Button>
      <Button
        size="sm"
        variant="danger"
        autoFocus
        isPending={revoke.isPending}
        onPress={() => revoke.mutate()}
      >
        Revoke for good
      </Button>
    </>
  );
}
