/** A picture in a box that has its place before it is there: loading, shown, or not to be had. */
import { useState } from 'react';
import { Button, Skeleton } from '@heroui/react';
import { ImageOff } from 'lucide-react';

interface PictureProps {
  readonly src: string;
  /** Empty: what stands beside it says it already. */
  readonly alt: string;
  /** Its pixels, or any two numbers of the same ratio. Absent: it fills the box around it. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  /** `cover`: nothing of the box stays empty. Default: nothing of the picture is cut off. */
  readonly fit?: 'contain' | 'cover';
  /** Offers another try where it could not be loaded: not inside of something that is pressed itself. */
  readonly canRetry?: boolean;
  /** Loaded though it is not seen yet. */
  readonly isEager?: boolean;
  readonly className?: string;
}

interface Look {
  readonly of: string;
  readonly state: 'loading' | 'shown' | 'failed';
  readonly tries: number;
}

export function Picture(props: PictureProps) {
  const { src, alt, width, height, fit = 'contain', isEager = false, className = '' } = props;
  const [last, setLook] = useState<Look>({ of: src, state: 'loading', tries: 0 });
  const look = last.of === src ? last : { of: src, state: 'loading' as const, tries: 0 };
  const isSized = width !== undefined && height !== undefined;
  return (
    <span
      className={`relative block overflow-hidden bg-default ${isSized ? '' : 'size-full'} ${className}`}
      style={isSized ? { aspectRatio: `${width} / ${height}` } : undefined}
    >
      {look.state === 'loading' && <Skeleton className="absolute inset-0 rounded-none" />}
      {look.state === 'failed' ? (
        <NotThere
          {...props}
          onRetry={() => setLook({ of: src, state: 'loading', tries: look.tries + 1 })}
        />
      ) : (
        <img
          key={look.tries}
          src={src}
          alt={alt}
          draggable={false}
          loading={isEager ? 'eager' : 'lazy'}
          decoding="async"
          onLoad={() => setLook({ ...look, state: 'shown' })}
          onError={() => setLook({ ...look, state: 'failed' })}
          className={`size-full transition-opacity ${fit === 'cover' ? 'object-cover' : 'object-contain'} ${look.state === 'shown' ? '' : 'opacity-0'}`}
        />
      )}
    </span>
  );
}

function NotThere({
  alt,
  canRetry = false,
  onRetry,
}: Pick<PictureProps, 'alt' | 'canRetry'> & { readonly onRetry: () => void }) {
  const words = alt === '' ? 'This picture' : alt;
  return (
    <span className="absolute inset-0 flex flex-col items-center justify-center gap-2 p-2 text-center text-xs text-muted">
      <ImageOff aria-hidden className="size-5 shrink-0" />
      <span className={canRetry ? 'line-clamp-2' : 'sr-only'}>{words} could not be loaded</span>
      {canRetry && (
        <Button size="sm" variant="secondary" onPress={onRetry}>
          Try again
        </Button>
      )}
    </span>
  );
}
