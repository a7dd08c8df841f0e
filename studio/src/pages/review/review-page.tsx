/** Looks through the images of a run, and says what is to become of each: by keys, mouse or finger. */
import { useRef } from 'react';
import { Button } from '@heroui/react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactZoomPanPinchRef } from 'react-zoom-pan-pinch';
import { EmptyPanel } from '../../parts/empty-panel.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { FollowUpDialog } from '../../parts/follow-up-dialog.tsx';
import { PageSkeleton } from '../../parts/page-skeleton.tsx';
import { ShareDialog } from '../../parts/share-dialog.tsx';
import { runQuery } from '../../queries/runs.ts';
import { CompareView } from './compare-view.tsx';
import { DecisionBar } from './decision-bar.tsx';
import { FactsDrawer, FactsPanel } from './facts-panel.tsx';
import { FilmStrip } from './film-strip.tsx';
import { GridBar } from './grid-bar.tsx';
import { GridView } from './grid-view.tsx';
import { KeysDialog } from './keys-dialog.tsx';
import { NoteDialog } from './note-dialog.tsx';
import { useReviewKeys } from './review-keys.ts';
import { Stage } from './stage.tsx';
import { TopBar } from './top-bar.tsx';
import { type Review, useReview } from './use-review.ts';

const route = getRouteApi('/full-screen/runs/$run/review');

export function ReviewPage() {
  const { run } = route.useParams();
  const { data, error, refetch } = useQuery(runQuery(run));
  const review = useReview(run);
  const zoom = useRef<ReactZoomPanPinchRef>(null);
  useReviewKeys(review, zoom);
  const failure = error ?? review.error;
  if (failure) {
    return <Failed error={failure} onRetry={() => void refetch().then(() => review.refetch())} />;
  }
  if (data === undefined || review.isPending) return <PageSkeleton />;
  return (
    <>
      <title>{`Review ${data.title} · Imagemill`}</title>
      <TopBar review={review} title={data.title} />
      <Views review={review} zoom={zoom} />
      <KeysDialog review={review} />
      <NoteDialog review={review} />
      <Dialogs review={review} />
    </>
  );
}

interface ViewsProps {
  readonly review: Review;
  readonly zoom: React.RefObject<ReactZoomPanPinchRef | null>;
}

function Views({ review, zoom }: ViewsProps) {
  const { compared, isGrid, current, shown, isComplete } = review;
  if (compared !== undefined && compared.length > 1) {
    return <CompareView review={review} tiles={compared} />;
  }
  if (current === undefined || (isGrid && shown.length === 0)) {
    return isComplete ? <Nothing review={review} /> : <PageSkeleton />;
  }
  if (isGrid) {
    return (
      <>
        <GridView review={review} />
        <GridBar review={review} />
      </>
    );
  }
  return (
    <>
      <div className="flex min-h-0 flex-1">
        <Stage
          run={review.run}
          tile={current}
          shown={shown}
          at={review.at}
          zoom={zoom}
          onStep={review.step}
        />
        {review.hasFacts && review.isWide && <FactsPanel review={review} />}
      </div>
      <DecisionBar review={review} />
      <FilmStrip review={review} />
      <FactsDrawer review={review} />
    </>
  );
}

function Nothing({ review }: { readonly review: Review }) {
  const { run, counts, filter, search } = review;
  const isFiltered = search !== '' || Object.values(filter).some((each) => each !== undefined);
  return (
    <div className="mx-auto w-full max-w-2xl p-6">
      {isFiltered ? (
        <EmptyPanel
          title="No image is like that"
          detail={
            filter.show === 'undecided' && counts.all > 0
              ? 'All of them are decided.'
              : 'Other images are there: take a filter away.'
          }
        >
          <Button
            variant="secondary"
            onPress={() => {
              review.setSearch('');
              review.setFilter({});
            }}
          >
            Show all images
          </Button>
        </EmptyPanel>
      ) : (
        <EmptyPanel
          title="There is nothing to review yet"
          detail="Images come here as the run delivers them."
        >
          <Link to="/runs/$run" params={{ run }} className="text-link underline">
            To the run
          </Link>
        </EmptyPanel>
      )}
    </div>
  );
}

function Failed({ error, onRetry }: { readonly error: Error; readonly onRetry: () => void }) {
  return (
    <div className="mx-auto w-full max-w-2xl p-6">
      <h1 className="sr-only">Review</h1>
      <ErrorPanel error={error} onRetry={onRetry} />
    </div>
  );
}

function Dialogs({ review }: { readonly review: Review }) {
  const { run, open, setOpen, chosen } = review;
  const close = () => setOpen(undefined);
  return (
    <>
      {open === 'reroll' && (
        <FollowUpDialog
          run={run}
          items={chosen.map(({ item }) => item)}
          kind="reroll"
          isOpen
          onOpenChange={close}
        />
      )}
      <ShareDialog run={run} isOpen={open === 'share'} onOpenChange={close} />
      {open === 'finals' && (
        <FollowUpDialog
          run={run}
          items={{ review: 'kept' }}
          kind="finals"
          isOpen
          onOpenChange={close}
        />
      )}
    </>
  );
}
