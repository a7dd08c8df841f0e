import type { CSSProperties, MouseEvent } from 'react';
import { CircleCheck } from 'lucide-react';
import type { Tile } from '../../queries/reviews.ts';
import { altOf, thumbnailOf } from './picture-address.ts';
import { VerdictMark, verdictText } from './verdict-mark.tsx';

interface GridTileProps {
  readonly tile: Tile;
  readonly run: string;
  readonly place: number;
  readonly of: number;
  readonly isCurrent: boolean;
  readonly isPicked: boolean;
  readonly onPress: (event: MouseEvent) => void;
  readonly onOpen: () => void;
  readonly style: CSSProperties;
}

export function GridTile({
  tile,
  run,
  place,
  of,
  isCurrent,
  isPicked,
  onPress,
  onOpen,
  style,
}: GridTileProps) {
  const ring = isPicked ? 'ring-3 ring-accent' : isCurrent ? 'ring-2 ring-focus' : '';
  return (
    <div
      id={`grid-${tile.item}`}
      role="option"
      aria-selected={isPicked}
      aria-setsize={of}
      aria-posinset={place}
      aria-label={`${altOf(tile)}; ${verdictText(tile)}`}
      onClick={onPress}
      onDoubleClick={onOpen}
      className={`absolute cursor-pointer overflow-hidden rounded-md bg-default select-none ${ring}`}
      style={style}
    >
      <img
        src={thumbnailOf(run, tile)}
        alt=""
        loading="lazy"
        decoding="async"
        draggable={false}
        className={`size-full object-cover ${tile.verdict === 'reject' ? 'opacity-40' : ''}`}
      />
      {isPicked && (
        <CircleCheck
          aria-hidden
          className="absolute top-1.5 right-1.5 size-5 rounded-full bg-accent text-accent-foreground"
        />
      )}
      <VerdictMark {...tile} />
    </div>
  );
}
