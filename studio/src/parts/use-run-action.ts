/** Does something with a run; every page that shows it knows of it then. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { toast } from '@heroui/react';
import type { Run } from '../../../src/api/client/index.ts';
import { client } from '../client.ts';

export type PlainAction = 'approve' | 'pause' | 'resume' | 'cancel';

const DONE: Readonly<Record<PlainAction, string>> = {
  approve: 'Approved: it goes on',
  pause: 'Paused: what was sent comes in still',
  resume: 'It goes on',
  cancel: 'Cancelled',
};

/** What takes it back, where something does. */
const UNDO: Readonly<Partial<Record<PlainAction, PlainAction>>> = {
  pause: 'resume',
  resume: 'pause',
};

export function useRunAction(run: string) {
  const tell = useTellOfRun(run);
  const act = useMutation({
    mutationFn: (action: PlainAction) => client.runs[action](run),
    onSuccess: (changed, action) => {
      tell(changed);
      const undo = UNDO[action];
      toast.success(DONE[action], {
        ...(undo && {
          actionProps: { children: 'Undo', onPress: () => act.mutate(undo), size: 'sm' },
        }),
      });
    },
  });
  return act;
}

/** How a run stands, as an answer said it. */
export function useTellOfRun(run: string): (changed: Run) => void {
  const queries = useQueryClient();
  return (changed) => {
    queries.setQueryData<Run>(['run', run], changed);
    void queries.invalidateQueries({ queryKey: ['runs'] });
    void queries.invalidateQueries({ queryKey: ['tiles', run] });
    void queries.invalidateQueries({ queryKey: ['credits'] });
  };
}
