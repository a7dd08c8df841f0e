/** One image as large as the window lets it be; zoomed by wheel, fingers or a key, and moved when it is. */
import { type RefObject, useEffect } from 'react';
import {
  type ReactZoomPanPinchRef,
  TransformComponent,
  TransformWrapper,
} from 'react-zoom-pan-pinch';
import type { Tile } from '../../queries/reviews.ts';
import { altOf, masterOf, thumbnailOf } from './picture-address.ts';
import { useSwipe } from '../../parts/use-swipe.ts';

/** Images that are loaded before they are looked at. */
const AHEAD = 3;
const BEHIND = 1;

interface StageProps {
  readonly run: string;
  readonly tile: Tile;
  readonly shown: readonly Tile[];
  readonly at: number;
  readonly zoom: RefObject<ReactZoomPanPinchRef | null>;
  readonly onStep: (by: number) => void;
}

export function Stage({ run, tile, shown, at, zoom, onStep }: StageProps) {
  usePreloaded(run, shown, at);
  const swipe = useSwipe(onStep, () => (zoom.current?.state.scale ?? 1) <= 1.01);
  return (
    <div className="relative min-h-0 flex-1 touch-none overflow-hidden bg-background" {...swipe}>
      <ZoomablePicture key={tile.item} run={run} tile={tile} zoom={zoom} />
    </div>
  );
}

interface ZoomablePictureProps {
  readonly run: string;
  readonly tile: Tile;
  readonly zoom?: RefObject<ReactZoomPanPinchRef | null>;
  readonly onTransformed?: (zoomed: ReactZoomPanPinchRef) => void;
  readonly setZoom?: (zoom: ReactZoomPanPinchRef | null) => void;
}

export function ZoomablePicture({ run, tile, zoom, setZoom, onTransformed }: ZoomablePictureProps) {
  return (
    <TransformWrapper
      ref={zoom ?? setZoom ?? null}
      minScale={1}
      maxScale={40}
      doubleClick={{ mode: 'toggle', step: 2 }}
      wheel={{ step: 0.2 }}
      {...(onTransformed && { onTransform: onTransformed })}
    >
      <TransformComponent wrapperClass="!size-full" contentClass="!size-full">
        <div className="relative size-full">
          {/* The small one is there at once, from the strip. */}
          <img
            src={thumbnailOf(run, tile)}
            alt=""
            draggable={false}
            className="absolute inset-0 size-full object-contain"
          />
          <img
            src={masterOf(run, tile)}
            alt={altOf(tile)}
            draggable={false}
            decoding="sync"
            className="absolute inset-0 size-full object-contain"
          />
        </div>
      </TransformComponent>
    </TransformWrapper>
  );
}

/** The whole image, or a pixel of it for each of the screen. */
export function toggleZoom(zoom: ReactZoomPanPinchRef | null, { width, height }: Tile): void {
  const wrapper = zoom?.instance.wrapperComponent;
  if (!zoom || !wrapper || width === null || height === null) return;
  const fitted = Math.min(wrapper.clientWidth / width, wrapper.clientHeight / height);
  const whole = 1 / (fitted * devicePixelRatio);
  // What is smaller than the window has no 100 % to go to: twice shows more of it.
  const next = whole > 1.05 ? whole : 2;
  if (zoom.state.scale > 1.01) void zoom.resetTransform(150);
  else void zoom.centerView(next, 150);
}

function usePreloaded(run: string, shown: readonly Tile[], at: number): void {
  useEffect(() => {
    const near = [
      ...shown.slice(at + 1, at + 1 + AHEAD),
      ...shown.slice(Math.max(0, at - BEHIND), at),
    ];
    for (const tile of near) {
      const picture = new Image();
      picture.src = masterOf(run, tile);
      void picture.decode().catch(() => undefined);
    }
  }, [run, shown, at]);
}
