/** The picture, as large as the drawer, and larger by wheel, fingers or buttons. */
import { Button } from '@heroui/react';
import { Download, Maximize, ZoomIn, ZoomOut } from 'lucide-react';
import { TransformComponent, TransformWrapper, useControls } from 'react-zoom-pan-pinch';
import { Picture } from '../../../parts/picture.tsx';
import type { ItemDetail } from '../../../queries/items.ts';
import { imageUrl } from '../../../queries/tiles.ts';
import { STATE_WORDS } from '../../../parts/item-words.ts';

const LARGEST_THUMBNAIL = 1_280;

export function ItemPicture({ run, item }: { readonly run: string; readonly item: ItemDetail }) {
  if (item.sha256 === null) return <WithoutPicture item={item} />;
  const version = item.sha256.slice(0, 12);
  const src = `/v1/runs/${run}/items/${item.item}/thumbnail?width=${LARGEST_THUMBNAIL}&version=${version}`;
  return (
    <figure className="flex flex-col gap-2">
      <TransformWrapper key={version} minScale={1} maxScale={8} wheel={{ step: 0.2 }}>
        <TransformComponent wrapperClass="!w-full rounded-md bg-default" contentClass="!w-full">
          <Picture
            src={src}
            alt={item.prompt}
            width={item.width ?? 1}
            height={item.height ?? 1}
            canRetry
            isEager
            className="max-h-[60dvh] w-full"
          />
        </TransformComponent>
        <Zoom href={imageUrl(run, item.item)} />
      </TransformWrapper>
    </figure>
  );
}

function Zoom({ href }: { readonly href: string }) {
  const { zoomIn, zoomOut, resetTransform } = useControls();
  const buttons = [
    ['Larger', ZoomIn, () => void zoomIn()],
    ['Smaller', ZoomOut, () => void zoomOut()],
    ['Whole picture', Maximize, () => void resetTransform()],
  ] as const;
  return (
    <div className="mt-2 flex items-center gap-1">
      {buttons.map(([label, Icon, act]) => (
        <Button key={label} size="sm" variant="ghost" isIconOnly aria-label={label} onPress={act}>
          <Icon aria-hidden className="size-4" />
        </Button>
      ))}
      <a
        href={`${href}?download=true`}
        download
        className="ml-auto inline-flex min-h-9 items-center gap-1.5 rounded px-2 text-sm text-link underline-offset-2 hover:underline"
      >
        <Download aria-hidden className="size-4" />
        Download
      </a>
    </div>
  );
}

/** What the vendor said, where there is no picture. */
function WithoutPicture({ item }: { readonly item: ItemDetail }) {
  const { state, reason, refusal_category: category, refusal_stage: stage } = item;
  const about = [category, stage && `at the ${stage}`].filter(Boolean).join(', ');
  return (
    <div className="rounded-md border border-separator bg-default/40 p-4 text-sm">
      <p className="font-medium first-letter:uppercase">
        {STATE_WORDS[state]}
        {about !== '' && <span className="font-normal text-muted"> · {about}</span>}
      </p>
      {reason !== null && <p className="mt-1 break-words">{reason}</p>}
    </div>
  );
}
