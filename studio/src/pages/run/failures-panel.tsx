/** What was not delivered, by why, with the ways on. */
import { useState } from 'react';
import { Button } from '@heroui/react';
import { useQuery } from '@tanstack/react-query';
import type { Run } from '../../../../src/api/client/index.ts';
import { EmptyPanel } from '../../parts/empty-panel.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { FollowUpDialog } from '../../parts/follow-up-dialog.tsx';
import { STATE_COLORS, STATE_WORDS } from '../../parts/item-words.ts';
import { PageSkeleton } from '../../parts/page-skeleton.tsx';
import { useMay } from '../../queries/session.ts';
import { notDeliveredQuery, promptText, type Tile } from '../../queries/tiles.ts';
import { type EndedState, RetryDialog, type RetryWay } from './dialogs/retry-dialog.tsx';
import { useRunSearch } from './run-search.ts';

interface Group {
  readonly state: EndedState;
  /** A category, or the vendor's words. */
  readonly about: string;
  readonly words: readonly string[];
  readonly tiles: readonly Tile[];
}

export function FailuresPanel({ run }: { readonly run: Run }) {
  const { data, error, isPending, refetch } = useQuery(notDeliveredQuery(run.run));
  if (error && !data) return <ErrorPanel error={error} onRetry={() => void refetch()} />;
  if (isPending) return <PageSkeleton />;
  const groups = groupsOf(data.data);
  if (groups.length === 0) {
    return (
      <EmptyPanel
        title="Nothing went wrong"
        detail="What a vendor refuses, and what fails, is here with its words and the ways on."
      />
    );
  }
  return (
    <div className="flex flex-col gap-3">
      {data.total > data.data.length && (
        <p className="text-sm text-muted">
          The first {data.data.length.toLocaleString('en-US')} of{' '}
          {data.total.toLocaleString('en-US')} are counted below.
        </p>
      )}
      {groups.map((group) => (
        <GroupCard key={`${group.state} ${group.about}`} run={run} group={group} />
      ))}
    </div>
  );
}

function GroupCard({ run, group }: { readonly run: Run; readonly group: Group }) {
  const { state, about, words, tiles } = group;
  const [, change] = useRunSearch();
  return (
    <section className="rounded-lg border border-separator bg-surface p-4" aria-label={about}>
      <h2 className="flex flex-wrap items-center gap-2 text-sm font-medium">
        <span aria-hidden className={`size-2.5 rounded-full ${STATE_COLORS[state]}`} />
        <span className="break-words first-letter:uppercase">{about}</span>
        <span className="ml-auto font-normal text-muted tabular-nums">
          {tiles.length.toLocaleString('en-US')} {STATE_WORDS[state]}
        </span>
      </h2>
      <ul className="mt-1 flex flex-col gap-1 text-sm text-muted">
        {words.map((each) => (
          <li key={each} className="break-words">
            “{each}”
          </li>
        ))}
      </ul>
      <ul className="mt-2 flex flex-col text-sm">
        {tiles.slice(0, 3).map((tile) => (
          <li key={tile.item}>
            <button
              type="button"
              className="min-h-7 max-w-full cursor-pointer truncate rounded text-left text-link outline-focus hover:underline focus-visible:outline-2"
              onClick={() => change({ item: tile.item })}
            >
              Row {tile.row}.{tile.index}: {promptText(tile)}
            </button>
          </li>
        ))}
      </ul>
      <WaysOn run={run} group={group} />
    </section>
  );
}

const WAYS: readonly (readonly [RetryWay, string])[] = [
  ['same', 'Retry…'],
  ['words', 'With other words…'],
  ['model', 'With another model…'],
];

function WaysOn({ run, group: { state, tiles } }: { readonly run: Run; readonly group: Group }) {
  const mayWrite = useMay('runs:write');
  const [way, setWay] = useState<RetryWay>();
  const [isAgain, setIsAgain] = useState(false);
  if (!mayWrite) return null;
  const mayRetry = run.actions.includes('retry');
  const ways = WAYS.filter(([id]) => mayRetry && (state !== 'unknown' || id === 'same'));
  return (
    <div className="mt-3 flex flex-wrap gap-2">
      {ways.map(([id, words]) => (
        <Button key={id} size="sm" variant="secondary" onPress={() => setWay(id)}>
          {words}
        </Button>
      ))}
      {state !== 'unknown' && (
        <Button size="sm" variant="secondary" onPress={() => setIsAgain(true)}>
          Only these, in a run of their own…
        </Button>
      )}
      {way && (
        <RetryDialog run={run} states={[state]} way={way} onClose={() => setWay(undefined)} />
      )}
      {isAgain && (
        <FollowUpDialog
          run={run.run}
          kind="reroll"
          items={tiles.map(({ item }) => item)}
          isOpen
          onOpenChange={setIsAgain}
        />
      )}
    </div>
  );
}

const MOST_WORDS = 3;

/** The most first. */
function groupsOf(tiles: readonly Tile[]): Group[] {
  const groups = Map.groupBy(tiles, (tile) => `${tile.state} ${aboutOf(tile)}`);
  return [...groups.values()]
    .map((each): Group => {
      const about = aboutOf(each[0]!);
      const words = new Set(each.flatMap(({ reason }) => reason ?? []));
      words.delete(about);
      return {
        state: each[0]!.state as EndedState,
        about,
        words: [...words].slice(0, MOST_WORDS),
        tiles: each,
      };
    })
    .sort((a, b) => b.tiles.length - a.tiles.length);
}

/** Words that differ by numbers and ids only are the same. */
function aboutOf({ refusal_category: category, reason, state }: Tile): string {
  if (category !== null) return `Refused: ${category.replaceAll('-', ' ')}`;
  return reason?.replaceAll(/\b(?=\w*\d)[\w-]{6,}\b/g, '…') ?? STATE_WORDS[state];
}
