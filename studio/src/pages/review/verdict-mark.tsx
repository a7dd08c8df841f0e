/** What was said of an image, in the corner of its tile: told by form as well as by colour. */
import { Check, MessageSquare, Star, X } from 'lucide-react';
import type { Tile } from '../../queries/reviews.ts';

const MARK = 'flex items-center justify-center rounded-full shadow-sm';

export function VerdictMark({ verdict, stars, has_note: hasNote }: Tile) {
  return (
    <span
      aria-hidden
      className="pointer-events-none absolute inset-x-1 bottom-1 flex items-center gap-1"
    >
      {verdict === 'keep' && (
        <span className={`${MARK} size-4 bg-success text-success-foreground`}>
          <Check className="size-3" strokeWidth={3} />
        </span>
      )}
      {verdict === 'reject' && (
        <span className={`${MARK} size-4 bg-danger text-danger-foreground`}>
          <X className="size-3" strokeWidth={3} />
        </span>
      )}
      {stars > 0 && (
        <span
          className={`${MARK} h-4 gap-0.5 bg-overlay px-1 text-[0.625rem] text-overlay-foreground`}
        >
          <Star className="size-2.5 fill-current" />
          {stars}
        </span>
      )}
      {hasNote && (
        <span className={`${MARK} size-4 bg-overlay text-overlay-foreground`}>
          <MessageSquare className="size-2.5" />
        </span>
      )}
    </span>
  );
}

/** The same in words, for labels. */
export function verdictText({ verdict, stars, has_note: hasNote }: Tile): string {
  const words = [
    verdict === 'keep' ? 'kept' : verdict === 'reject' ? 'rejected' : 'undecided',
    ...(stars > 0 ? [`${stars} of 5 stars`] : []),
    ...(hasNote ? ['with a note'] : []),
  ];
  return words.join(', ');
}
