/** A change of the settings: its answer is kept by no cache, since some have a secret. */
import { useMutation, useQueryClient } from '@tanstack/react-query';

interface Change<Input, Answer> {
  readonly work: (input: Input) => Promise<Answer>;
  /** What is asked again afterwards. */
  readonly about: readonly string[];
  readonly onDone?: (answer: Answer) => void;
  /** Forms show what went wrong themselves. */
  readonly isForm?: boolean;
}

export function useChange<Input = void, Answer = unknown>(change: Change<Input, Answer>) {
  const queries = useQueryClient();
  return useMutation({
    gcTime: 0,
    meta: { showsErrors: change.isForm === true },
    mutationFn: change.work,
    onSuccess: async (answer) => {
      change.onDone?.(answer);
      await Promise.all(
        change.about.map((about) => queries.invalidateQueries({ queryKey: [about] })),
      );
    },
  });
}
