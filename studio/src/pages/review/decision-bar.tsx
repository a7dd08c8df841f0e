/** What may be said of the image, as buttons: large where there is no keyboard. */
import { Button, Tooltip } from '@heroui/react';
import {
  Check,
  Columns2,
  MessageSquare,
  PanelRight,
  RefreshCw,
  Star,
  Undo2,
  X,
  type LucideIcon,
} from 'lucide-react';
import { MOST_STARS } from '../../../../src/engine/core/review.ts';
import type { Review } from './use-review.ts';

export function DecisionBar({ review }: { readonly review: Review }) {
  const { current, judge, mayWrite, setOpen } = review;
  if (current === undefined) return null;
  return (
    <div
      role="toolbar"
      aria-label="Review"
      className="flex shrink-0 flex-wrap items-center justify-center gap-x-2 gap-y-2 border-t border-separator bg-surface px-3 py-2"
    >
      {mayWrite && (
        <div className="flex gap-2 max-sm:w-full">
          <Button
            variant={current.verdict === 'reject' ? 'danger' : 'outline'}
            aria-pressed={current.verdict === 'reject'}
            onPress={() => judge('reject')}
            className="min-w-28 max-sm:h-13 max-sm:flex-1"
          >
            <X aria-hidden className="size-4" />
            Reject
            <KeyHint name="X" />
          </Button>
          <Button
            variant={current.verdict === 'keep' ? 'primary' : 'outline'}
            aria-pressed={current.verdict === 'keep'}
            onPress={() => judge('keep')}
            className="min-w-28 max-sm:h-13 max-sm:flex-1"
          >
            <Check aria-hidden className="size-4" />
            Keep
            <KeyHint name="K" />
          </Button>
        </div>
      )}
      {mayWrite && <Stars review={review} />}
      <div className="flex gap-1">
        {mayWrite && (
          <IconButton
            icon={MessageSquare}
            label={current.has_note ? 'Change the note' : 'Add a note'}
            keyName="N"
            onPress={() => setOpen('note')}
          />
        )}
        {mayWrite && (
          <IconButton
            icon={RefreshCw}
            label="Make again"
            keyName="R"
            onPress={() => setOpen('reroll')}
          />
        )}
        {review.isWide && (
          <IconButton icon={Columns2} label="Compare" keyName="C" onPress={review.openCompare} />
        )}
        {mayWrite && (
          <IconButton
            icon={Undo2}
            label="Undo"
            keyName="Z"
            isDisabled={!review.canUndo}
            onPress={review.undo}
          />
        )}
        <IconButton
          icon={PanelRight}
          label="Prompt and facts"
          keyName="I"
          onPress={() => review.setFacts(!review.hasFacts)}
        />
      </div>
    </div>
  );
}

function KeyHint({ name }: { readonly name: string }) {
  return (
    <kbd aria-hidden className="text-xs opacity-70 max-lg:hidden">
      {name}
    </kbd>
  );
}

function Stars({ review: { current, say } }: { readonly review: Review }) {
  const given = current?.stars ?? 0;
  return (
    <div role="group" aria-label={`Stars: ${given} of ${MOST_STARS}`} className="flex">
      {Array.from({ length: MOST_STARS }, (_, place) => place + 1).map((star) => (
        <Button
          key={star}
          isIconOnly
          variant="ghost"
          className="w-8 min-w-8 px-0"
          aria-label={star === 1 ? '1 star' : `${star} stars`}
          aria-pressed={star <= given}
          onPress={() => say({ stars: star === given ? 0 : star })}
        >
          <Star
            aria-hidden
            className={`size-4 ${star <= given ? 'fill-current text-warning' : 'text-muted'}`}
          />
        </Button>
      ))}
    </div>
  );
}

interface IconButtonProps {
  readonly icon: LucideIcon;
  readonly label: string;
  readonly keyName: string;
  readonly isDisabled?: boolean;
  readonly onPress: () => void;
}

export function IconButton({
  icon: Icon,
  label,
  keyName,
  isDisabled = false,
  onPress,
}: IconButtonProps) {
  return (
    <Tooltip>
      <Button
        isIconOnly
        variant="ghost"
        aria-label={label}
        isDisabled={isDisabled}
        onPress={onPress}
      >
        <Icon aria-hidden className="size-4" />
      </Button>
      <Tooltip.Content>
        {label} <span className="text-muted">{keyName}</span>
      </Tooltip.Content>
    </Tooltip>
  );
}
