/** Above a review: where one is, how far it is, which images are shown, and how. */
import {
  Button,
  Dropdown,
  Label,
  ProgressBar,
  ToggleButton,
  ToggleButtonGroup,
} from '@heroui/react';
import { Link } from '@tanstack/react-router';
import {
  ArrowLeft,
  Columns2,
  EllipsisVertical,
  Grid2x2,
  Keyboard,
  Share2,
  Square,
} from 'lucide-react';
import { FilterPopover } from './filter-popover.tsx';
import { ShowChoice } from './show-choice.tsx';
import type { Review } from './use-review.ts';

const COUNT = new Intl.NumberFormat('en-US');

interface TopBarProps {
  readonly review: Review;
  readonly title: string;
}

export function TopBar({ review, title }: TopBarProps) {
  const { run, counts, isComplete } = review;
  const decided = counts.kept + counts.rejected;
  return (
    <header className="shrink-0 bg-surface">
      <div className="flex items-center gap-1.5 px-2 py-1.5">
        <Link
          to="/runs/$run"
          params={{ run }}
          aria-label="Back to the run"
          className="flex size-9 items-center justify-center rounded-md hover:bg-default"
        >
          <ArrowLeft aria-hidden className="size-4" />
        </Link>
        <div className="mr-auto flex min-w-0 items-baseline gap-3 max-sm:flex-1 max-sm:flex-col max-sm:gap-0">
          <h1 className="max-w-full truncate text-sm font-semibold sm:max-w-72">{title}</h1>
          <p className="text-xs whitespace-nowrap text-muted tabular-nums">
            {COUNT.format(decided)} of {COUNT.format(counts.all)} decided
            {!isComplete && ' so far'}
          </p>
        </div>
        <ShowChoice review={review} className="w-40 max-sm:hidden" />
        <FilterPopover review={review} />
        <ViewChoice review={review} />
        <MoreMenu review={review} />
      </div>
      <ProgressBar
        aria-label="Decided"
        value={decided}
        maxValue={Math.max(1, counts.all)}
        size="sm"
        className="w-full"
      >
        <ProgressBar.Track className="h-0.5 rounded-none">
          <ProgressBar.Fill className="rounded-none" />
        </ProgressBar.Track>
      </ProgressBar>
    </header>
  );
}

function ViewChoice({ review: { isGrid, setIsGrid } }: { readonly review: Review }) {
  return (
    <ToggleButtonGroup
      aria-label="View"
      size="sm"
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[isGrid ? 'grid' : 'one']}
      onSelectionChange={(keys) => setIsGrid(keys.has('grid'))}
    >
      <ToggleButton id="one" isIconOnly aria-label="One image">
        <Square aria-hidden className="size-4" />
      </ToggleButton>
      <ToggleButton id="grid" isIconOnly aria-label="Grid">
        <Grid2x2 aria-hidden className="size-4" />
      </ToggleButton>
    </ToggleButtonGroup>
  );
}

function MoreMenu({ review }: { readonly review: Review }) {
  const { counts, mayWrite, setOpen } = review;
  return (
    <Dropdown>
      <Button isIconOnly variant="ghost" size="sm" aria-label="More">
        <EllipsisVertical aria-hidden className="size-4" />
      </Button>
      <Dropdown.Popover placement="bottom end">
        <Dropdown.Menu
          aria-label="More"
          disabledKeys={counts.kept === 0 ? ['finals'] : []}
          onAction={(key) => {
            if (key === 'compare') review.openCompare();
            else setOpen(key as 'keys');
          }}
        >
          <Dropdown.Item id="compare" textValue="Compare">
            <Columns2 aria-hidden className="size-4" />
            <Label>Compare side by side</Label>
          </Dropdown.Item>
          {mayWrite ? (
            <Dropdown.Item id="finals" textValue="Make finals">
              <Square aria-hidden className="size-4" />
              <Label>Make finals of {COUNT.format(counts.kept)} kept…</Label>
            </Dropdown.Item>
          ) : null}
          {mayWrite ? (
            <Dropdown.Item id="share" textValue="Share">
              <Share2 aria-hidden className="size-4" />
              <Label>Share for approval…</Label>
            </Dropdown.Item>
          ) : null}
          <Dropdown.Item id="keys" textValue="Keys">
            <Keyboard aria-hidden className="size-4" />
            <Label>Keys and auto-advance</Label>
          </Dropdown.Item>
        </Dropdown.Menu>
      </Dropdown.Popover>
    </Dropdown>
  );
}
