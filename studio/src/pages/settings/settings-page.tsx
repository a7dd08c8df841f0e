/** Settings: a list of sections, and the one that the address names. */
import { Suspense } from 'react';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { EmptyPanel } from '../../parts/empty-panel.tsx';
import { Page } from '../../parts/page.tsx';
import { useSession } from '../../queries/session.ts';
import { Choice } from './parts/choice.tsx';
import { SectionSkeleton } from './parts/section.tsx';
import { type Section, SECTIONS } from './sections.ts';

export function SettingsPage() {
  const { section: named } = useParams({ strict: false });
  const session = useSession();
  const may = ({ scope }: Section) => scope === undefined || session?.scopes.includes(scope);
  const sections = SECTIONS.filter(may);
  const shown = sections.find(({ id }) => id === (named ?? 'workspace'));
  return (
    <Page title="Settings">
      {shown && <title>{`${shown.title} · Settings · Imagemill`}</title>}
      <div className="grid gap-x-10 gap-y-5 lg:grid-cols-[12rem_minmax(0,1fr)]">
        <SectionList sections={sections} shown={shown} />
        {shown ? (
          <Suspense fallback={<SectionSkeleton />}>
            <shown.Content />
          </Suspense>
        ) : (
          <EmptyPanel
            title="There is no such section for you"
            detail="The address may be cut, or the key that you signed in with may not see it."
          >
            <Link to="/settings" className="text-link underline">
              To the workspace
            </Link>
          </EmptyPanel>
        )}
      </div>
    </Page>
  );
}

interface SectionListProps {
  readonly sections: readonly Section[];
  readonly shown: Section | undefined;
}

function SectionList({ sections, shown }: SectionListProps) {
  const navigate = useNavigate();
  return (
    <>
      <nav aria-label="Settings" className="sticky top-5 hidden flex-col self-start lg:flex">
        {sections.map(({ id, title }) => (
          <Link
            key={id}
            to="/settings/$section"
            params={{ section: id }}
            aria-current={id === shown?.id ? 'page' : undefined}
            className="flex min-h-9 items-center rounded-md px-2.5 text-sm text-muted hover:bg-default hover:text-foreground aria-[current=page]:bg-default aria-[current=page]:font-medium aria-[current=page]:text-foreground"
          >
            {title}
          </Link>
        ))}
      </nav>
      <div className="lg:hidden">
        <Choice
          label="Section"
          isLabelHidden
          value={shown?.id ?? ''}
          options={sections.map(({ id, title }) => ({ id, title }))}
          onChange={(section) => void navigate({ to: '/settings/$section', params: { section } })}
        />
      </div>
    </>
  );
}
