/** An image in the gallery, with what was said of it. */
import { Button } from '@heroui/react';
import { Check, MessageSquare, X } from 'lucide-react';
import type { SharedItem } from '../../../../src/api/client/index.ts';
import { Picture } from '../../parts/picture.tsx';
import { sharedPicture } from './shared-queries.ts';
import type { SayMark } from './use-marking.ts';

interface SharedCardProps {
  readonly share: string;
  readonly item: SharedItem;
  /** Of all cards: width over height. */
  readonly ratio: number;
  readonly takesMarks: boolean;
  readonly onOpen: () => void;
  readonly say: SayMark;
}

export function SharedCard({ share, item, ratio, takesMarks, onOpen, say }: SharedCardProps) {
  const mark = item.mark?.mark ?? null;
  const note = item.mark?.note ?? null;
  const title = titleOf(item);
  return (
    <article
      aria-label={title}
      className={`overflow-hidden rounded-lg border bg-surface ${EDGES[mark ?? 'none']}`}
    >
      <button
        type="button"
        onClick={onOpen}
        aria-label={`Open ${title}`}
        className="block w-full cursor-zoom-in focus-visible:outline-2 focus-visible:-outline-offset-2 focus-visible:outline-accent"
      >
        <Picture
          src={sharedPicture(share, item.item, 'thumbnail')}
          alt={item.prompt ?? title}
          width={ratio}
          height={1}
          className={mark === 'reject' ? 'opacity-50' : ''}
        />
      </button>
      <div className="flex items-center gap-1 p-1.5">
        <span className="min-w-0 grow truncate px-1 text-sm text-muted" title={title}>
          {title}
        </span>
        {note !== null && (
          <MessageSquare role="img" aria-label="It has a note" className="size-4 text-muted" />
        )}
        {takesMarks && (
          <MarkButtons title={title} mark={mark} say={(to) => say(item.item, { mark: to, note })} />
        )}
      </div>
    </article>
  );
}

const EDGES = {
  approve: 'border-success',
  reject: 'border-danger',
  none: 'border-separator',
} as const;

interface MarkButtonsProps {
  readonly title: string;
  readonly mark: 'approve' | 'reject' | null;
  readonly say: (mark: 'approve' | 'reject' | null) => void;
}

/** Pressed again, a mark is taken back. */
function MarkButtons({ title, mark, say }: MarkButtonsProps) {
  return (
    <>
      <Button
        isIconOnly
        size="sm"
        aria-label={`Approve ${title}`}
        aria-pressed={mark === 'approve'}
        variant="ghost"
        className={mark === 'approve' ? 'bg-success text-success-foreground' : ''}
        onPress={() => say(mark === 'approve' ? null : 'approve')}
      >
        <Check aria-hidden className="size-4" />
      </Button>
      <Button
        isIconOnly
        size="sm"
        aria-label={`Reject ${title}`}
        aria-pressed={mark === 'reject'}
        variant="ghost"
        className={mark === 'reject' ? 'bg-danger text-danger-foreground' : ''}
        onPress={() => say(mark === 'reject' ? null : 'reject')}
      >
        <X aria-hidden className="size-4" />
      </Button>
    </>
  );
}

export function titleOf({ name, row, index }: SharedItem): string {
  return index > 1 ? `${name ?? `Image ${row}`}, ${index}` : (name ?? `Image ${row}`);
}
