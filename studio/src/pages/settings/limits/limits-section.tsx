/** Every limit that applies: what is used, what is left, what returns when, and who waits. */
import { useQuery } from '@tanstack/react-query';
import { EmptyPanel } from '../../../parts/empty-panel.tsx';
import { ErrorPanel } from '../../../parts/error-panel.tsx';
import { limitsQuery } from '../../../queries/account.ts';
import { Rows, Section, SectionSkeleton } from '../parts/section.tsx';
import { LimitRow } from './limit-row.tsx';

export function LimitsSection() {
  const { data, error, isPending, refetch } = useQuery(limitsQuery);
  return (
    <Section
      title="Limits"
      about="What may be sent now. What is used returns by itself, and runs that wait for it go on."
    >
      {isPending && <SectionSkeleton />}
      {error && <ErrorPanel error={error} onRetry={() => void refetch()} />}
      {data?.length === 0 && (
        <EmptyPanel
          title="No limits known"
          detail="They appear with the first images: vendors tell some, others are learned from what they refuse."
        />
      )}
      {data && data.length > 0 && (
        <Rows label="Limits">
          {data.map((limit) => (
            <LimitRow
              key={[limit.scope, limit.vendor, limit.model, limit.lane, limit.limit].join(' ')}
              limit={limit}
            />
          ))}
        </Rows>
      )}
    </Section>
  );
}
