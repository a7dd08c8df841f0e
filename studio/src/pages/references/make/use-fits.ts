/** What the models make of all chosen pictures together. */
import { useQueries, useQuery } from '@tanstack/react-query';
import { referenceFitQuery, referencesQuery } from '../../../queries/references.ts';

/** Each picture is a question of its own: of more, the plan tells. */
const MOST_ASKED = 24;

export interface FitSummary {
  readonly fitted: number;
  readonly impossible: number;
  /** Why the first of them cannot be used. */
  readonly message: string | null;
}

/** By model. */
export function useFits(names: readonly string[]): ReadonlyMap<string, FitSummary> {
  const { data = [] } = useQuery(referencesQuery);
  const chosen = data.filter(({ name }) => names.includes(`@${name}`)).slice(0, MOST_ASKED);
  return useQueries({
    queries: chosen.map((reference) => referenceFitQuery(reference)),
    combine: (answers) => {
      const fits = answers.flatMap(({ data: fit }) => fit?.models ?? []);
      const byModel = Map.groupBy(fits, ({ model }) => model);
      return new Map(
        [...byModel].map(([model, all]) => [
          model,
          {
            fitted: all.filter(({ fit }) => fit === 'changed').length,
            impossible: all.filter(({ fit }) => fit === 'impossible').length,
            message: all.find(({ fit }) => fit === 'impossible')?.message ?? null,
          },
        ]),
      );
    },
  });
}
