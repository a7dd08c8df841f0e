/** One image of a contact sheet: its picture, or in a word why there is none. */
import { memo, useState } from 'react';
import {
  Ban,
  CircleHelp,
  Clock,
  Flag,
  MessageSquare,
  Star,
  ThumbsDown,
  ThumbsUp,
  TriangleAlert,
  X,
} from 'lucide-react';
import type { ItemState } from '../../../../../src/engine/core/outcome.ts';
import { type Tile, thumbnailUrl } from '../../../queries/tiles.ts';
import { FLAG_WORDS, STATE_WORDS } from '../../../parts/item-words.ts';

interface TileViewProps {
  readonly run: string;
  readonly tile: Tile | undefined;
  /** Pixels of its side on the screen. */
  readonly size: number;
  /** While the sheet flies by, no picture is asked for. */
  readonly isHurried: boolean;
  readonly showsModel: boolean;
}

export const TileView = memo(function TileView(props: TileViewProps) {
  const { run, tile, size, isHurried, showsModel } = props;
  if (tile === undefined) return <span className="block size-full rounded-md bg-default/60" />;
  return (
    <span className="relative block size-full overflow-hidden rounded-md bg-default">
      {tile.version === null ? (
        <Placeholder tile={tile} isSmall={size < 110} />
      ) : (
        <Thumbnail key={tile.version} run={run} tile={tile} size={size} isHurried={isHurried} />
      )}
      <Signs tile={tile} />
      {showsModel && size >= 110 && <Caption>{tile.model}</Caption>}
    </span>
  );
});

function Caption({ children }: { readonly children: string }) {
  return (
    <span className="absolute inset-x-0 bottom-0 truncate bg-overlay/85 px-1.5 py-0.5 text-left text-[11px] text-overlay-foreground">
      {children}
    </span>
  );
}

const MOST_TRIES = 4;
const TRY_AGAIN_MS = 2_500;

function Thumbnail({
  run,
  tile,
  size,
  isHurried,
}: Omit<TileViewProps, 'tile' | 'showsModel'> & { readonly tile: Tile }) {
  const [isWanted, setIsWanted] = useState(!isHurried);
  const [tries, setTries] = useState(0);
  if (!isWanted && !isHurried) setIsWanted(true);
  if (!isWanted) return null;
  return (
    <img
      key={tries}
      src={thumbnailUrl(run, tile, Math.ceil(size * Math.min(devicePixelRatio, 2)))}
      alt=""
      draggable={false}
      loading="lazy"
      decoding="async"
      // A server that is asked too much for a moment: the picture is there.
      onError={() => tries < MOST_TRIES && setTimeout(() => setTries(tries + 1), TRY_AGAIN_MS)}
      className={`size-full object-contain ${tile.state === 'delivered' ? '' : 'opacity-50'}`}
    />
  );
}

const ICONS: Readonly<Record<ItemState, typeof Clock | undefined>> = {
  waiting: Clock,
  sent: undefined,
  refused: Ban,
  failed: TriangleAlert,
  unknown: CircleHelp,
  cancelled: X,
  delivered: undefined,
};

function Placeholder({ tile, isSmall }: { readonly tile: Tile; readonly isSmall: boolean }) {
  const Icon = ICONS[tile.state];
  const words = tile.refusal_category ?? tile.reason;
  return (
    <span
      className={`flex size-full flex-col items-center justify-center gap-1 p-2 text-center text-xs text-muted ${tile.state === 'sent' ? 'motion-safe:animate-pulse' : ''}`}
    >
      {Icon && <Icon aria-hidden className={`size-4 shrink-0 ${TONES[tile.state] ?? ''}`} />}
      {!isSmall && <span className="font-medium">{STATE_WORDS[tile.state]}</span>}
      {!isSmall && words !== null && tile.state !== 'waiting' && (
        <span className="line-clamp-3 break-words">{words}</span>
      )}
    </span>
  );
}

const TONES: Readonly<Partial<Record<ItemState, string>>> = {
  refused: 'text-warning',
  failed: 'text-danger',
  unknown: 'text-danger',
};

function Signs({ tile }: { readonly tile: Tile }) {
  const { verdict, stars, flags, has_note: hasNote, mark } = tile;
  if (verdict === null && stars === 0 && flags.length === 0 && !hasNote && mark === null)
    return null;
  return (
    <span className="absolute top-1 right-1 flex gap-0.5 rounded bg-overlay/90 px-1 py-0.5 text-overlay-foreground">
      {verdict === 'keep' && <ThumbsUp aria-hidden className="size-3 text-success" />}
      {verdict === 'reject' && <ThumbsDown aria-hidden className="size-3 text-danger" />}
      {stars > 0 && <Star aria-hidden className="size-3 text-warning" />}
      {hasNote && <MessageSquare aria-hidden className="size-3" />}
      {flags.length > 0 && <Flag aria-hidden className="size-3 text-warning" />}
      {mark !== null && (
        <span className="text-[10px] leading-3">
          {mark === 'approve' ? 'client ✓' : 'client ✗'}
        </span>
      )}
    </span>
  );
}

/** What a screen reader says of it. */
export function tileText(tile: Tile): string {
  const said = [
    tile.verdict === 'keep' ? 'kept' : tile.verdict === 'reject' ? 'rejected' : '',
    tile.stars > 0 ? `${tile.stars} stars` : '',
    tile.has_note ? 'has a note' : '',
    ...tile.flags.map((kind) => FLAG_WORDS[kind]),
  ].filter((each) => each !== '');
  const why = tile.state === 'delivered' ? '' : ` ${tile.refusal_category ?? tile.reason ?? ''}`;
  const words = `Row ${tile.row} image ${tile.index}, ${tile.model}, ${STATE_WORDS[tile.state]}${why}`;
  return [words.trim(), ...said].join(', ');
}
