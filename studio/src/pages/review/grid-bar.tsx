/** What may be said of all images that are selected. */
import { Button, toast } from '@heroui/react';
import { Check, Eraser, Maximize2, RefreshCw, X } from 'lucide-react';
import { MOST_STARS, type ReviewChange } from '../../../../src/engine/core/review.ts';
import { IconButton } from './decision-bar.tsx';
import { pickAll } from './grid-view.tsx';
import { ChooseStars } from './choose-stars.tsx';
import type { Review } from './use-review.ts';

const COUNT = new Intl.NumberFormat('en-US');

export function GridBar({ review }: { readonly review: Review }) {
  const { picked, setPicked, chosen, mayWrite, shown, setOpen, setIsGrid } = review;
  const selected = picked.size;
  const say = (change: ReviewChange, what: string) => {
    review.say(change);
    const images = chosen.length === 1 ? '1 image' : `${COUNT.format(chosen.length)} images`;
    toast(`${images} ${what}`, { actionProps: { children: 'Undo', onPress: review.undo } });
  };
  return (
    <div
      role="toolbar"
      aria-label="Selected images"
      className="flex shrink-0 flex-wrap items-center gap-2 border-t border-separator bg-surface px-3 py-2"
    >
      <p role="status" className="text-sm tabular-nums">
        {selected === 0 ? 'Nothing selected' : `${COUNT.format(selected)} selected`}
      </p>
      <Button
        size="sm"
        variant="ghost"
        onPress={() => (selected > 0 ? setPicked(new Set()) : pickAll(review))}
      >
        {selected > 0 ? 'Select none' : `Select all ${COUNT.format(shown.length)}`}
      </Button>
      {selected === 1 && (
        <IconButton
          icon={Maximize2}
          label="Open"
          keyName="Enter"
          onPress={() => {
            setPicked(new Set());
            setIsGrid(false);
          }}
        />
      )}
      {mayWrite && selected > 0 && (
        <div className="ml-auto flex flex-wrap items-center gap-2">
          <Button
            size="sm"
            variant="outline"
            onPress={() => say({ verdict: 'reject' }, 'rejected')}
          >
            <X aria-hidden className="size-4" />
            Reject
          </Button>
          <Button size="sm" variant="outline" onPress={() => say({ verdict: 'keep' }, 'kept')}>
            <Check aria-hidden className="size-4" />
            Keep
          </Button>
          <ChooseStars
            onChosen={(stars) =>
              say({ stars }, stars === 0 ? 'without stars' : `with ${stars} of ${MOST_STARS} stars`)
            }
          />
          <IconButton
            icon={RefreshCw}
            label="Make again"
            keyName="R"
            onPress={() => setOpen('reroll')}
          />
          <IconButton
            icon={Eraser}
            label="Take everything back"
            keyName=""
            onPress={() => say({ verdict: null, stars: 0, note: null }, 'undecided again')}
          />
        </div>
      )}
    </div>
  );
}
