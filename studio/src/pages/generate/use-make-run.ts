/** Makes a run of the draft: planned once more as it will be made, agreed to, and begun. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { toast } from '@heroui/react';
import { useState } from 'react';
import type { SheetUpload } from '../../../../src/api/client/index.ts';
import { ApiError, client } from '../../client.ts';
import { forgetSheet, withSentSheet } from '../../live/sheet-upload.ts';
import type { Plan } from '../../queries/plan.ts';

/** `all`: without a proof before. */
export type HowMuch = 'proof' | 'all';

/** What is asked about: the plan as it will be made. */
export interface Asked {
  readonly how: HowMuch;
  readonly order: SheetUpload;
  readonly plan: Plan;
  /** Another plan was shown before: why there is a new one. */
  readonly isChanged: boolean;
}

export function useMakeRun(onMade: () => void) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [asked, setAsked] = useState<Asked>();

  const make = useMutation({
    meta: { showsErrors: true },
    mutationFn: async ({ order, plan }: Asked) => {
      const sent = await withSentSheet(order);
      return client.runs.upload({ ...sent, approve: true, plan_hash: plan.plan_hash });
    },
    onSuccess: async ({ run }, { order }) => {
      forgetSheet(order);
      setAsked(undefined);
      onMade();
      void queries.invalidateQueries({ queryKey: ['runs'] });
      await navigate({ to: '/runs/$run', params: { run } });
    },
    onError: (error, { how, order }) => {
      if (error instanceof ApiError && error.code === 'conflict') {
        ask.mutate({ how, order, isChanged: true });
        return;
      }
      setAsked(undefined);
      toast.danger('The run was not made', { description: error.message, timeout: 12_000 });
    },
  });

  const ask = useMutation({
    mutationFn: async ({ how, order, isChanged }: Omit<Asked, 'plan'>): Promise<Asked> => ({
      how,
      order,
      isChanged,
      plan: await client.runs.planSheet(await withSentSheet(order)),
    }),
    onSuccess: (next) => {
      // What costs nothing is not asked about.
      if (next.plan.total.worst.credits === 0 && !next.isChanged) make.mutate(next);
      else setAsked(next);
    },
  });

  return {
    asked,
    begin: (how: HowMuch, order: SheetUpload) =>
      ask.mutate({ how, order: ofHow(how, order), isChanged: false }),
    agree: () => asked && make.mutate(asked),
    giveUp: () => setAsked(undefined),
    isBusy: ask.isPending || make.isPending,
  };
}

function ofHow(how: HowMuch, order: SheetUpload): SheetUpload {
  return how === 'all' ? { ...order, settings: { ...order.settings, proof: 0 } } : order;
}
