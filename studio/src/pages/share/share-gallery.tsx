/** All images of the page; further ones come as one scrolls. */
import { useEffect, useEffectEvent, useRef } from 'react';
import type { SharedItem } from '../../../../src/api/client/index.ts';
import { EmptyPanel } from '../../parts/empty-panel.tsx';
import { SharedCard } from './shared-card.tsx';
import type { View } from './share-header.tsx';
import type { SayMark } from './use-marking.ts';

interface ShareGalleryProps {
  readonly share: string;
  readonly items: readonly SharedItem[];
  readonly view: View;
  readonly takesMarks: boolean;
  readonly hasMore: boolean;
  readonly onMore: () => void;
  readonly onOpen: (item: string) => void;
  readonly say: SayMark;
}

export function ShareGallery(props: ShareGalleryProps) {
  const { items, view, hasMore, onMore, onOpen, ...card } = props;
  const ratio = ratioOf(items);
  if (items.length === 0 && !hasMore) return <Nothing view={view} />;
  return (
    <>
      <ul
        aria-label="Images"
        className="grid grid-cols-2 gap-3 sm:grid-cols-[repeat(auto-fill,minmax(14rem,1fr))] sm:gap-4"
      >
        {items.map((item) => (
          <li key={item.item} className="[content-visibility:auto]">
            <SharedCard {...card} item={item} ratio={ratio} onOpen={() => onOpen(item.item)} />
          </li>
        ))}
      </ul>
      {hasMore && <More key={items.length} onSeen={onMore} />}
    </>
  );
}

const WORDS: Readonly<Record<View, readonly [string, string]>> = {
  all: ['Nothing is here yet', 'Images appear on this page as they are made.'],
  open: ['All are decided', 'You can change your mind at any time.'],
  approved: ['None is approved yet', 'Approve an image with its check mark.'],
  rejected: ['None is rejected', 'Reject an image with its cross, and say why in a note.'],
};

function Nothing({ view }: Pick<ShareGalleryProps, 'view'>) {
  const [title, detail] = WORDS[view];
  return <EmptyPanel title={title} detail={detail} />;
}

/** The shape of all of them, or a square where they differ. */
function ratioOf(items: readonly SharedItem[]): number {
  const [first] = items;
  if (first === undefined) return 1;
  const ratio = first.width / first.height;
  const isSame = items.every(({ width, height }) => Math.abs(width / height / ratio - 1) < 0.02);
  return isSame ? Math.min(2, Math.max(0.6, ratio)) : 1;
}

/** Asks for more when it comes near. */
function More({ onSeen }: { readonly onSeen: () => void }) {
  const place = useRef<HTMLDivElement>(null);
  const seen = useEffectEvent(onSeen);
  useEffect(() => {
    const watch = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting === true) seen();
      },
      { rootMargin: '800px' },
    );
    if (place.current !== null) watch.observe(place.current);
    return () => watch.disconnect();
  }, []);
  return (
    <div ref={place} role="status" className="py-8 text-center text-sm text-muted">
      More images are coming…
    </div>
  );
}
