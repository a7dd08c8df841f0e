/** Two pictures in one box, with a handle that uncovers one or the other: by mouse, finger or arrow keys. */
import type { KeyboardEvent } from 'react';
import { ChevronsLeftRight } from 'lucide-react';
import { HandleRoot, Item, Provider, Root } from 'react-compare-slider/components';
import { useReactCompareSlider } from 'react-compare-slider/hooks';
import { Picture } from './picture.tsx';

export interface ComparedPicture {
  readonly src: string;
  readonly alt: string;
  /** In a word, upon the picture: "Before". */
  readonly label: string;
}

interface CompareSliderProps {
  readonly before: ComparedPicture;
  readonly after: ComparedPicture;
  /** Of the later picture; the earlier one is fitted into the same box. */
  readonly width: number;
  readonly height: number;
  readonly className?: string;
}

export function CompareSlider({
  before,
  after,
  width,
  height,
  className = '',
}: CompareSliderProps) {
  const slider = useReactCompareSlider({ keyboardIncrement: '5%', transition: 'none' });
  const jump = ({ key }: KeyboardEvent) => {
    const to = { Home: 0, End: 100, PageUp: slider.position.current + 25 }[key];
    const down = key === 'PageDown' ? slider.position.current - 25 : undefined;
    const position = to ?? down;
    if (position !== undefined) slider.setPosition(position);
  };
  return (
    <Provider {...slider}>
      <Root
        className={`rounded-md bg-default ${className}`}
        style={{ aspectRatio: `${width} / ${height}` }}
        onKeyDown={jump}
      >
        <Item item="itemOne">
          <Side {...before} side="left" />
        </Item>
        <Item item="itemTwo">
          <Side {...after} side="right" />
        </Item>
        <HandleRoot
          className="group cursor-ew-resize"
          aria-label={`Percent of “${before.label}” that is shown`}
        >
          <Handle />
        </HandleRoot>
      </Root>
    </Provider>
  );
}

function Side({ src, alt, label, side }: ComparedPicture & { readonly side: 'left' | 'right' }) {
  const corner = side === 'left' ? 'left-2' : 'right-2';
  return (
    <span className="relative block size-full">
      <Picture src={src} alt={alt} canRetry isEager />
      <span
        aria-hidden
        className={`pointer-events-none absolute top-2 rounded bg-overlay px-1.5 py-0.5 text-xs font-medium text-overlay-foreground ${corner}`}
      >
        {label}
      </span>
    </span>
  );
}

function Handle() {
  return (
    <span className="pointer-events-none absolute inset-y-0 left-1/2 flex w-11 -translate-x-1/2 flex-col items-center">
      <span className="w-0.5 grow bg-overlay shadow" />
      <span className="pointer-events-auto flex size-11 shrink-0 items-center justify-center rounded-full bg-overlay text-overlay-foreground shadow-md group-focus-visible:ring-3 group-focus-visible:ring-focus">
        <ChevronsLeftRight aria-hidden className="size-5" />
      </span>
      <span className="w-0.5 grow bg-overlay shadow" />
    </span>
  );
}
