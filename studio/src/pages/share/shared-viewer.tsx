/** An image as large as the screen, with swipe and keys, and what the visitor says of it. */
import { Button, Kbd, Modal } from '@heroui/react';
import { ChevronLeft, ChevronRight, X } from 'lucide-react';
import type { SharedItem } from '../../../../src/api/client/index.ts';
import { Picture } from '../../parts/picture.tsx';
import { titleOf } from './shared-card.tsx';
import { sharedPicture } from './shared-queries.ts';
import type { SayMark } from './use-marking.ts';
import { useSwipe } from '../../parts/use-swipe.ts';
import { useViewerKeys } from './use-viewer-keys.ts';
import { ViewerMarks } from './viewer-marks.tsx';

interface SharedViewerProps {
  readonly share: string;
  readonly items: readonly SharedItem[];
  /** `undefined`: it is closed. */
  readonly shown: string | undefined;
  readonly takesMarks: boolean;
  readonly say: SayMark;
  readonly onShow: (item: string | undefined) => void;
}

export function SharedViewer(props: SharedViewerProps) {
  const { items, shown, onShow } = props;
  const at = items.findIndex(({ item }) => item === shown);
  const item = items[at];
  return (
    <Modal isOpen={item !== undefined} onOpenChange={(next) => !next && onShow(undefined)}>
      <Modal.Backdrop>
        <Modal.Container size="full" scroll="inside" className="p-0">
          <Modal.Dialog
            aria-label={item === undefined ? 'Image' : titleOf(item)}
            className="flex h-dvh flex-col gap-0 rounded-none bg-background p-0"
          >
            {item !== undefined && <Viewer {...props} item={item} at={at} />}
          </Modal.Dialog>
        </Modal.Container>
      </Modal.Backdrop>
    </Modal>
  );
}

type ViewerProps = SharedViewerProps & { readonly item: SharedItem; readonly at: number };

function Viewer({ share, items, item, at, takesMarks, say, onShow }: ViewerProps) {
  const go = (steps: number) => {
    const next = items[at + steps];
    if (next !== undefined) onShow(next.item);
  };
  const swipe = useSwipe(go);
  const note = item.mark?.note ?? null;
  const mark = (to: 'approve' | 'reject') => {
    if (takesMarks) say(item.item, { mark: item.mark?.mark === to ? null : to, note });
  };
  const place = useViewerKeys({
    ArrowLeft: () => go(-1),
    ArrowRight: () => go(1),
    a: () => mark('approve'),
    r: () => mark('reject'),
    n: () => document.getElementById('shared-note')?.focus(),
  });
  return (
    <div ref={place} className="flex min-h-0 grow flex-col">
      <div className="flex items-center gap-2 px-3 py-2">
        <h2 className="min-w-0 grow truncate text-sm font-medium">{titleOf(item)}</h2>
        <span className="text-sm text-muted tabular-nums" aria-live="polite">
          {at + 1} of {items.length}
        </span>
        <Button isIconOnly variant="ghost" aria-label="Close" onPress={() => onShow(undefined)}>
          <X aria-hidden className="size-5" />
        </Button>
      </div>
      <div className="relative min-h-0 grow" {...swipe}>
        <Picture
          key={item.item}
          src={sharedPicture(share, item.item, 'image')}
          alt={item.prompt ?? titleOf(item)}
          isEager
          canRetry
          className="!bg-transparent"
        />
        <Step side="left" isAtEnd={at === 0} onPress={() => go(-1)} />
        <Step side="right" isAtEnd={at === items.length - 1} onPress={() => go(1)} />
      </div>
      {item.prompt !== null && (
        <p className="mx-auto line-clamp-2 max-w-3xl px-4 pt-2 text-sm text-muted">{item.prompt}</p>
      )}
      {takesMarks && <ViewerMarks key={item.item} item={item} say={say} onApproved={() => go(1)} />}
      <p className="hidden justify-center gap-4 pb-2 text-xs text-muted sm:flex">
        <Hint keys="←  →" text="next" />
        {takesMarks && <Hint keys="A" text="approve" />}
        {takesMarks && <Hint keys="R" text="reject" />}
        {takesMarks && <Hint keys="N" text="note" />}
      </p>
    </div>
  );
}

interface StepProps {
  readonly side: 'left' | 'right';
  readonly isAtEnd: boolean;
  readonly onPress: () => void;
}

function Step({ side, isAtEnd, onPress }: StepProps) {
  const Icon = side === 'left' ? ChevronLeft : ChevronRight;
  return (
    <Button
      isIconOnly
      variant="secondary"
      aria-label={side === 'left' ? 'Image before' : 'Next image'}
      isDisabled={isAtEnd}
      onPress={onPress}
      className={`absolute top-1/2 hidden -translate-y-1/2 sm:inline-flex ${side === 'left' ? 'left-3' : 'right-3'}`}
    >
      <Icon aria-hidden className="size-5" />
    </Button>
  );
}

function Hint({ keys, text }: { readonly keys: string; readonly text: string }) {
  return (
    <span className="inline-flex items-center gap-1">
      <Kbd>
        <Kbd.Content>{keys}</Kbd.Content>
      </Kbd>
      {text}
    </span>
  );
}
