/** Removes names at once, and brings them back when asked. */
import { toast } from '@heroui/react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { client } from '../../client.ts';
import { referencesQuery } from '../../queries/references.ts';

const UNDO_MS = 12_000;

export function useRemoval() {
  const queries = useQueryClient();
  const again = () => queries.invalidateQueries({ queryKey: ['references'] });
  const restore = useMutation({
    mutationFn: async (names: readonly string[]) => {
      for (const name of names) await client.references.restore(name);
    },
    onSettled: again,
  });
  return useMutation({
    mutationFn: async (names: readonly string[]) => {
      for (const name of names) await client.references.remove(name);
    },
    onMutate: (names) =>
      queries.setQueryData(referencesQuery.queryKey, (known) =>
        known?.filter(({ name }) => !names.includes(name)),
      ),
    onSuccess: (_done, names) => {
      const [one] = names;
      const key = toast(
        names.length === 1 ? `Removed @${one}` : `Removed ${names.length} references`,
        {
          description: 'Runs that are planned keep their pictures.',
          timeout: UNDO_MS,
          actionProps: {
            children: 'Undo',
            onPress: () => {
              toast.close(key);
              restore.mutate(names);
            },
          },
        },
      );
    },
    onSettled: again,
  });
}
