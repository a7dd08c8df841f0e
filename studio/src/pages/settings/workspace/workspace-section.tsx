/** The workspace: its name, what it may make in an hour, how it stands; for operators all the others too. */
import { useQuery } from '@tanstack/react-query';
import { ErrorPanel } from '../../../parts/error-panel.tsx';
import { HourCounter } from '../../../parts/hour-counter.tsx';
import { timeText } from '../../../parts/time.ts';
import { creditsQuery } from '../../../queries/account.ts';
import { useMay, useSession } from '../../../queries/session.ts';
import { ownWorkspaceQuery } from '../../../queries/settings.ts';
import { Figure, Figures, Panel, Section, SectionSkeleton } from '../parts/section.tsx';
import { ROLE_WORDS } from '../roles.ts';
import { AllWorkspaces } from './all-workspaces.tsx';
import { StateChip } from './state-chip.tsx';
import { CeilingWords, ceilingText } from './ceiling.tsx';

export function WorkspaceSection() {
  const { data, error, isPending, refetch } = useQuery(ownWorkspaceQuery);
  const session = useSession();
  const mayOperate = useMay('operate');
  return (
    <Section title="Workspace" about="Who owns the runs, the images, the keys and the credits.">
      {isPending && <SectionSkeleton />}
      {error && <ErrorPanel error={error} onRetry={() => void refetch()} />}
      {data && (
        <Figures>
          <Figure name="Name">{data.name}</Figure>
          <Figure name="Id">
            <code className="text-sm">{data.workspace}</code>
          </Figure>
          <Figure name="State">
            <StateChip state={data.state} />
          </Figure>
          <Figure name="Since">{timeText(data.created_at)}</Figure>
          <Figure name="Ceiling">{ceilingText(data.images_per_hour)}</Figure>
          <Figure name="You are">
            {session?.key.name}, {session && ROLE_WORDS[session.role].title.toLowerCase()}
          </Figure>
          <Figure name="This session ends">
            {session?.expires_at ? timeText(session.expires_at) : 'when it is revoked'}
          </Figure>
        </Figures>
      )}
      {data && <Ceiling />}
      {mayOperate && <AllWorkspaces />}
    </Section>
  );
}

function Ceiling() {
  const mayReadCredits = useMay('credits:read');
  const { data: credits } = useQuery({ ...creditsQuery, enabled: mayReadCredits });
  return (
    <Panel title="Images in an hour" about={credits && <CeilingWords ceiling={credits.ceiling} />}>
      <div className="max-w-sm rounded-lg border border-separator bg-surface p-3">
        <HourCounter />
      </div>
    </Panel>
  );
}
