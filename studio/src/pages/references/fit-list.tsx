/** What each model makes of a reference, as the engine decides it. */
import { Chip, Skeleton } from '@heroui/react';
import { useQuery } from '@tanstack/react-query';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { type Reference, type ReferenceFit, referenceFitQuery } from '../../queries/references.ts';
import { fitSteps } from './fit-text.ts';

const LOOKS = {
  'as-it-is': { text: 'as it is', color: 'success' },
  changed: { text: 'fitted', color: 'accent' },
  impossible: { text: 'not taken', color: 'danger' },
} as const satisfies Record<ReferenceFit['fit'], unknown>;

export function FitList({ reference }: { readonly reference: Reference }) {
  const { data, error, isPending, refetch } = useQuery(referenceFitQuery(reference));
  return (
    <section aria-labelledby="fit-title">
      <h3 id="fit-title" className="mb-2 text-sm font-medium">
        How models take it
      </h3>
      {isPending && <Skeleton className="h-40 w-full rounded" />}
      {error && <ErrorPanel error={error} onRetry={() => void refetch()} />}
      <ul className="divide-y divide-separator">
        {data?.models.map((fit) => (
          <li key={fit.model} className="py-2 text-sm">
            <div className="flex items-center gap-2">
              <span className="min-w-0 truncate font-medium">{fit.title}</span>
              <span className="shrink-0 text-xs text-muted">up to {fit.count} an image</span>
              <FitChip fit={fit.fit} />
            </div>
            <p className="mt-0.5 text-xs text-muted">{explained(fit, reference)}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function FitChip({ fit }: Pick<ReferenceFit, 'fit'>) {
  const { text, color } = LOOKS[fit];
  return (
    <Chip size="sm" variant="soft" color={color} className="ml-auto shrink-0">
      {text}
    </Chip>
  );
}

function explained(fit: ReferenceFit, reference: Reference): string {
  const away = fit.available ? '' : ' The model cannot be used here now.';
  if (fit.fit === 'impossible') return `${fit.message}. ${fit.remedy}${away}`;
  if (fit.fit === 'as-it-is') return `The very file is sent.${away}`;
  return `A copy is sent: ${fitSteps(fit, reference)}.${away}`;
}
