/** Makes chosen images again: changed, or as finals. Shows what that costs before it does. */
import { useMemo, useState } from 'react';
import { Button, Modal, toast } from '@heroui/react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { FollowUpPlan } from '../../../src/api/client/index.ts';
import type { SourceKind } from '../../../src/engine/core/review.ts';
import { client } from '../client.ts';
import { followUpPlanQuery } from '../queries/follow-ups.ts';
import { creditsText } from './credits.tsx';
import { FollowUpCost, imagesText } from './follow-up/follow-up-cost.tsx';
import { type FollowedItems, newDraft, orderOf } from './follow-up/follow-up-draft.ts';
import { MakingChoices } from './follow-up/making-choices.tsx';
import { type ChangeDraft, ManyPrompts, OnePrompt } from './follow-up/prompt-changes.tsx';
import { useSettled } from './use-settled.ts';

interface FollowUpDialogProps {
  readonly run: string;
  /** Their ids, or what was said of them. */
  readonly items: FollowedItems;
  readonly kind: SourceKind;
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}

export function FollowUpDialog({ isOpen, onOpenChange, ...about }: FollowUpDialogProps) {
  return (
    <Modal isOpen={isOpen} onOpenChange={onOpenChange}>
      <Modal.Backdrop>
        <Modal.Container size="lg" scroll="inside">
          <Modal.Dialog>
            <Modal.CloseTrigger aria-label="Close" />
            <Modal.Header>
              <Modal.Heading>{headingOf(about)}</Modal.Heading>
            </Modal.Header>
            <FollowUpForm {...about} onClose={() => onOpenChange(false)} />
          </Modal.Dialog>
        </Modal.Container>
      </Modal.Backdrop>
    </Modal>
  );
}

function headingOf({ kind, items }: Pick<FollowUpDialogProps, 'kind' | 'items'>): string {
  if ('review' in items) {
    return kind === 'finals' ? `Finals of the ${items.review}` : `The ${items.review} again`;
  }
  const what = imagesText(items.length);
  return kind === 'finals' ? `Finals of ${what}` : `Make ${what} again`;
}

type FormProps = Omit<FollowUpDialogProps, 'isOpen' | 'onOpenChange'> & {
  readonly onClose: () => void;
};

function FollowUpForm({ run, items, kind, onClose }: FormProps) {
  const [draft, setDraft] = useState(() => newDraft(kind));
  const change: ChangeDraft = (changes) => setDraft((was) => ({ ...was, ...changes }));
  const order = useMemo(() => orderOf(kind, items, draft), [kind, items, draft]);
  const settled = useSettled(order);
  const { data, error, isFetching } = useQuery(followUpPlanQuery(run, settled));
  const isOld = isFetching || settled !== order;
  const make = useMakeFollowUp({ run, kind, onClose });
  const [only] = 'review' in items || items.length > 1 ? [] : items;
  const isEmpty = draft.prompt?.trim() === '';
  return (
    <>
      <Modal.Body className="flex flex-col gap-5 p-1">
        {kind === 'reroll' &&
          (only === undefined ? (
            <ManyPrompts draft={draft} onChange={change} />
          ) : (
            <OnePrompt run={run} item={only} draft={draft} onChange={change} />
          ))}
        <MakingChoices run={run} kind={kind} draft={draft} onChange={change} />
        <FollowUpCost plan={data} error={make.error ?? error} isOld={isOld} />
      </Modal.Body>
      <Modal.Footer>
        <Button variant="tertiary" onPress={onClose}>
          Cancel
        </Button>
        <Button
          isDisabled={isOld || isEmpty || data === undefined || error !== null}
          isPending={make.isPending}
          onPress={() =>
            make.mutate({
              ...settled,
              approve: true,
              ...(data && { plan_hash: data.plan.plan_hash }),
            })
          }
        >
          {actionText(kind, data)}
        </Button>
      </Modal.Footer>
    </>
  );
}

function actionText(kind: SourceKind, found: FollowUpPlan | undefined): string {
  const action = kind === 'finals' ? 'Make finals' : 'Make again';
  if (found === undefined) return action;
  const { items, total } = found.plan;
  const what = kind === 'finals' ? `Make ${items} finals` : `Make ${imagesText(items)}`;
  return `${items === 1 ? action : what} · ${creditsText(total.expected.credits)}`;
}

/** Finals are watched; after a re-roll one goes on with what one was at. */
function useMakeFollowUp({ run, kind, onClose }: Pick<FormProps, 'run' | 'kind' | 'onClose'>) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const open = (made: string) => void navigate({ to: '/runs/$run', params: { run: made } });
  return useMutation({
    mutationFn: (order: Parameters<typeof client.followUps.create>[1]) =>
      client.followUps.create(run, order),
    meta: { showsErrors: true },
    onSuccess: (made) => {
      void queries.invalidateQueries({ queryKey: ['runs'] });
      void queries.invalidateQueries({ queryKey: ['run', run] });
      onClose();
      if (kind === 'finals') return open(made.run);
      toast.success('They are being made again', {
        description: made.title,
        actionProps: { children: 'Open the run', onPress: () => open(made.run) },
      });
    },
  });
}
