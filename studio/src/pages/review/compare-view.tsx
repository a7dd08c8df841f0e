/** Two to four images side by side, zoomed and moved together; the winner is kept, the others rejected. */
import { useRef } from 'react';
import { Button } from '@heroui/react';
import { useHotkeys } from '@tanstack/react-hotkeys';
import { Trophy, X } from 'lucide-react';
import type { ReactZoomPanPinchRef } from 'react-zoom-pan-pinch';
import type { Tile } from '../../queries/reviews.ts';
import { ZoomablePicture } from './stage.tsx';
import type { Review } from './use-review.ts';
import { VerdictMark } from './verdict-mark.tsx';

interface CompareViewProps {
  readonly review: Review;
  readonly tiles: readonly Tile[];
}

export function CompareView({ review, tiles }: CompareViewProps) {
  const { run, mayWrite } = review;
  const { panes, follow } = useOneZoom();
  const win = (winner: Tile | undefined) => {
    if (winner !== undefined && mayWrite) chooseWinner(review, tiles, winner);
  };
  const isOn = review.open === undefined;
  useHotkeys(
    [
      ...tiles.map((tile, place) => ({
        hotkey: `${place + 1}` as '1',
        callback: () => win(tile),
        options: { enabled: isOn },
      })),
      {
        hotkey: 'Escape' as const,
        callback: () => review.setCompared(undefined),
        options: { enabled: isOn },
      },
      {
        hotkey: 'C' as const,
        callback: () => review.setCompared(undefined),
        options: { enabled: isOn },
      },
    ],
    { ignoreInputs: true, conflictBehavior: 'allow' },
  );
  return (
    <section aria-label="Compare" className="flex min-h-0 flex-1 flex-col">
      <div className={`grid min-h-0 flex-1 gap-px bg-separator ${COLUMNS[tiles.length] ?? ''}`}>
        {tiles.map((tile, place) => (
          <figure key={tile.item} className="relative flex min-h-0 min-w-0 flex-col bg-background">
            <div className="relative min-h-0 flex-1 touch-none overflow-hidden">
              <ZoomablePicture
                run={run}
                tile={tile}
                setZoom={(zoom) => {
                  panes.current[place] = zoom;
                }}
                onTransformed={(zoom) => follow(place, zoom)}
              />
              <VerdictMark {...tile} />
            </div>
            <figcaption className="flex items-center gap-2 px-2 py-1.5 text-sm">
              <span className="min-w-0 flex-1 truncate text-muted">
                Row {tile.row}, {tile.index} · {tile.model}
              </span>
              {mayWrite && (
                <Button size="sm" variant="outline" onPress={() => win(tile)}>
                  <Trophy aria-hidden className="size-4" />
                  Winner
                  <kbd aria-hidden className="text-xs text-muted max-sm:hidden">
                    {place + 1}
                  </kbd>
                </Button>
              )}
            </figcaption>
          </figure>
        ))}
      </div>
      <div className="flex shrink-0 items-center justify-between gap-3 border-t border-separator bg-surface px-3 py-2 text-sm">
        <p className="text-muted">
          {mayWrite
            ? 'The winner is kept, the others are rejected.'
            : 'Zoom or move one of them: the others follow.'}
        </p>
        <Button size="sm" variant="secondary" onPress={() => review.setCompared(undefined)}>
          <X aria-hidden className="size-4" />
          Close
        </Button>
      </div>
    </section>
  );
}

/** On a phone one above the other. */
const COLUMNS: Readonly<Record<number, string>> = {
  2: 'sm:grid-cols-2 max-sm:grid-rows-2',
  3: 'sm:grid-cols-3 max-sm:grid-rows-3',
  4: 'grid-cols-2 grid-rows-2',
};

/** What is done to one of several pictures is done to all of them. */
function useOneZoom() {
  const panes = useRef<(ReactZoomPanPinchRef | null)[]>([]);
  const isFollowing = useRef(false);
  const follow = (from: number, { state }: ReactZoomPanPinchRef) => {
    if (isFollowing.current) return;
    isFollowing.current = true;
    for (const [place, pane] of panes.current.entries()) {
      if (place !== from) void pane?.setTransform(state.positionX, state.positionY, state.scale, 0);
    }
    isFollowing.current = false;
  };
  return { panes, follow };
}

function chooseWinner(review: Review, tiles: readonly Tile[], winner: Tile): void {
  const others = tiles.filter((tile) => tile !== winner);
  review.sayOf(
    { tiles: [winner], change: { verdict: 'keep' } },
    { tiles: others, change: { verdict: 'reject' } },
  );
  review.setPicked(new Set());
  review.setCompared(undefined);
  if (!review.isGrid && review.advances) review.goPast(tiles);
}
