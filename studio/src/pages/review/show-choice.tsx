/** Which images are shown by what was said of them, with how many there are of each. */
import { ListBox, Label, Select } from '@heroui/react';
import { REVIEW_FILTERS, type ReviewFilter } from '../../../../src/engine/core/review.ts';
import type { TileCounts } from './filter-tiles.ts';
import type { Review } from './use-review.ts';

const COUNT = new Intl.NumberFormat('en-US');
const TITLES: Readonly<Record<ReviewFilter | 'all', string>> = {
  all: 'All',
  undecided: 'Undecided',
  kept: 'Kept',
  rejected: 'Rejected',
  starred: 'Starred',
  noted: 'Noted',
};
const ORDER = ['all', 'undecided', 'kept', 'rejected', 'starred', 'noted'] as const;

interface ShowChoiceProps {
  readonly review: Review;
  readonly className?: string;
}

export function ShowChoice({ review, className = '' }: ShowChoiceProps) {
  const { counts, filter, setShow } = review;
  const shown = filter.show ?? 'all';
  return (
    <Select
      value={shown}
      onChange={(key) => setShow(REVIEW_FILTERS.find((each) => each === key))}
      className={className}
      fullWidth
      aria-label="Show"
    >
      <Select.Trigger className="min-h-8 py-1 text-sm">
        <Select.Value>{textOf(shown, counts)}</Select.Value>
        <Select.Indicator />
      </Select.Trigger>
      <Select.Popover>
        <ListBox>
          {ORDER.map((each) => (
            <ListBox.Item key={each} id={each} textValue={TITLES[each]}>
              <Label className="tabular-nums">{textOf(each, counts)}</Label>
              <ListBox.ItemIndicator />
            </ListBox.Item>
          ))}
        </ListBox>
      </Select.Popover>
    </Select>
  );
}

function textOf(which: ReviewFilter | 'all', counts: TileCounts): string {
  return `${TITLES[which]} ${COUNT.format(counts[which])}`;
}
