/** For a client: looks at the images that they were sent, and approves them. Without the studio around it. */
import { useState } from 'react';
import { Alert } from '@heroui/react';
import { onlineManager, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useSyncExternalStore } from 'react';
import type { SharedItem, SharedPage } from '../../../../src/api/client/index.ts';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { PageSkeleton } from '../../parts/page-skeleton.tsx';
import { NameDialog } from './name-dialog.tsx';
import { ShareGallery } from './share-gallery.tsx';
import { ShareHeader, type View } from './share-header.tsx';
import { ShareProblem } from './share-problem.tsx';
import { SharedViewer } from './shared-viewer.tsx';
import { sharedItemsQuery, sharedQuery } from './shared-queries.ts';
import { useMarking } from './use-marking.ts';

export function SharePage() {
  const { share } = useParams({ from: '/share/$share' });
  const { data, error, refetch } = useQuery(sharedQuery(share));
  // Once it is over, nothing is shown that was there before.
  if (error !== null && (data === undefined || isOver(error))) {
    return <ShareProblem error={error} onRetry={() => void refetch()} />;
  }
  if (data === undefined) return <PageSkeleton />;
  return <Shared page={data} />;
}

function isOver(error: Error): boolean {
  return 'status' in error && (error.status === 410 || error.status === 401);
}

function Shared({ page }: { readonly page: SharedPage }) {
  const { share, takes_marks: takesMarks } = page;
  const [view, setView] = useState<View>('all');
  const [shown, setShown] = useState<string>();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    sharedItemsQuery(share),
  );
  const { say, isAsking, answer } = useMarking(share);
  const all = data?.pages.flatMap((each) => each.data) ?? [];
  const items = all.filter((item) => isIn(view, item));
  const more = () => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  };
  // Who goes from image to image comes to the last one that is loaded.
  const show = (item: string | undefined) => {
    setShown(item);
    if (item === all.at(-5)?.item || item === all.at(-1)?.item) more();
  };
  return (
    <div className="min-h-dvh">
      <title>{page.title}</title>
      <ShareHeader page={page} view={view} onView={setView} />
      <main className="mx-auto flex max-w-6xl flex-col gap-4 px-4 py-5 sm:px-6">
        <Offline />
        {takesMarks && <Done page={page} />}
        {error ? (
          <ErrorPanel error={error} onRetry={() => void refetch()} />
        ) : (
          <ShareGallery
            share={share}
            items={items}
            view={view}
            takesMarks={takesMarks}
            hasMore={data === undefined || hasNextPage}
            onMore={more}
            onOpen={show}
            say={say}
          />
        )}
      </main>
      <SharedViewer
        share={share}
        items={view === 'all' || shown === undefined ? items : withShown(all, items, shown)}
        shown={shown}
        takesMarks={takesMarks}
        say={say}
        onShow={show}
      />
      <NameDialog from={page.from} isOpen={isAsking} onAnswer={answer} />
    </div>
  );
}

function isIn(view: View, { mark }: SharedItem): boolean {
  const said = mark?.mark ?? null;
  if (view === 'open') return said === null;
  if (view === 'all') return true;
  return said === (view === 'approved' ? 'approve' : 'reject');
}

/** The image that one looks at stays, though its mark has just taken it out of the view. */
function withShown(all: readonly SharedItem[], items: readonly SharedItem[], shown: string) {
  const kept = new Set([...items.map(({ item }) => item), shown]);
  return all.filter(({ item }) => kept.has(item));
}

function Done({ page: { items, approved, rejected, from } }: { readonly page: SharedPage }) {
  if (items === 0 || approved + rejected < items) return null;
  return (
    <Alert status="success" role="status">
      <Alert.Indicator />
      <Alert.Content>
        <Alert.Title>All {items} are decided. Thank you</Alert.Title>
        <Alert.Description>
          {approved} approved, {rejected} rejected. {from} sees this now; you can still change your
          mind.
        </Alert.Description>
      </Alert.Content>
    </Alert>
  );
}

function Offline() {
  const isOnline = useSyncExternalStore(
    (changed) => onlineManager.subscribe(changed),
    () => onlineManager.isOnline(),
  );
  if (isOnline) return null;
  return (
    <Alert status="warning" role="status">
      <Alert.Indicator />
      <Alert.Content>
        <Alert.Title>You are offline</Alert.Title>
        <Alert.Description>Your marks are sent when the connection is back.</Alert.Description>
      </Alert.Content>
    </Alert>
  );
}
