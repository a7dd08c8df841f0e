/** Begins the run of a wish, or takes it into the generator. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { SheetUpload } from '../../../../../src/api/client/index.ts';
import { client } from '../../../client.ts';
import { useSession } from '../../../queries/session.ts';
import { isUntouched, keepDraft, keptDraft } from '../../../parts/draft/draft.ts';
import { draftOf, type Wish } from './make-order.ts';

export function useMake() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    // With the hash of the plan that was seen: what costs more meanwhile is refused.
    mutationFn: ({ order, planHash }: { order: SheetUpload; planHash: string }) =>
      client.runs.upload({ ...order, approve: true, plan_hash: planHash }),
    onSuccess: async ({ run }) => {
      void queries.invalidateQueries({ queryKey: ['runs'] });
      await navigate({ to: '/runs/$run', params: { run } });
    },
  });
}

export function useGenerator() {
  const workspace = useSession()?.workspace.workspace ?? '';
  const navigate = useNavigate();
  return {
    /** Something is in it that would be lost. */
    isTaken: () => !isUntouched(keptDraft(workspace)),
    open: (wish: Wish, proof: number) => {
      keepDraft(workspace, draftOf(wish, proof));
      void navigate({ to: '/generate' });
    },
  };
}
