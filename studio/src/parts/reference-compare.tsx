/** Before and after: what an item was made after, beside what was made of it. */
import { useState } from 'react';
import { Skeleton, ToggleButton, ToggleButtonGroup } from '@heroui/react';
import { useQuery } from '@tanstack/react-query';
import { type ItemReference, itemReferencesQuery } from '../queries/references.ts';
import { CompareSlider } from './compare-slider.tsx';
import { ErrorPanel } from './error-panel.tsx';

interface ReferenceCompareProps {
  readonly run: string;
  /** As the API tells it: an item with an image. */
  readonly item: {
    readonly item: string;
    readonly prompt: string;
    readonly width: number | null;
    readonly height: number | null;
    readonly references: readonly string[];
  };
  readonly className?: string;
}

/** Nothing at all for an item without a reference or a picture. */
export function ReferenceCompare({ run, item, className = '' }: ReferenceCompareProps) {
  const { width, height } = item;
  const isComparable = item.references.length > 0 && width !== null && height !== null;
  const { data, error, isPending, refetch } = useQuery({
    ...itemReferencesQuery(run, item.item),
    enabled: isComparable,
  });
  const [place, setPlace] = useState(0);
  if (!isComparable) return null;
  if (isPending) return <Skeleton className="aspect-square w-full rounded-md" />;
  if (error) return <ErrorPanel error={error} onRetry={() => void refetch()} />;
  const reference = data[Math.min(place, data.length - 1)];
  if (reference === undefined) return null;
  const path = `/v1/runs/${encodeURIComponent(run)}/items/${item.item}`;
  return (
    <figure className={`flex flex-col gap-2 ${className}`}>
      {data.length > 1 && <Which references={data} place={place} onPlace={setPlace} />}
      <CompareSlider
        key={`${item.item} ${reference.number}`}
        before={{
          src: beforeOf(path, reference),
          alt: `Reference ${reference.reference}`,
          label: reference.reference,
        }}
        after={{ src: `${path}/image`, alt: item.prompt, label: 'Result' }}
        width={width}
        height={height}
      />
      <figcaption className="text-xs text-muted">
        {reference.width} × {reference.height} → {width} × {height}. Drag the handle, or use the
        arrow keys.
      </figcaption>
    </figure>
  );
}

interface WhichProps {
  readonly references: readonly ItemReference[];
  readonly place: number;
  readonly onPlace: (place: number) => void;
}

function Which({ references, place, onPlace }: WhichProps) {
  return (
    <ToggleButtonGroup
      aria-label="Reference to compare with"
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[String(place)]}
      onSelectionChange={(keys) => onPlace(Number([...keys][0] ?? 0))}
      size="sm"
      className="flex-wrap"
    >
      {references.map(({ number, reference }, at) => (
        <ToggleButton key={number} id={String(at)}>
          {reference}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}

/** Small copies are WebP, which every browser shows; of bitmaps there are none. */
function beforeOf(path: string, { number, media_type: mediaType }: ItemReference): string {
  const self = `${path}/references/${number}`;
  return mediaType === 'image/bmp' ? `${self}/picture` : `${self}/thumbnail?width=1280`;
}
