/** Which picture is tried or inspected: the one before or after, also by key. */
import { Button, Kbd } from '@heroui/react';
import { useHotkey } from '@tanstack/react-hotkeys';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import type { Picking } from './use-pictures.ts';

interface PictureWalkProps {
  readonly picking: Picking;
  readonly count: number;
}

export function PictureWalk({ picking: { at, go, one }, count }: PictureWalkProps) {
  useHotkey('N', () => go(at + 1), { ignoreInputs: true });
  useHotkey('P', () => go(at - 1), { ignoreInputs: true });
  if (one === undefined || count < 2) return null;
  return (
    <div
      className="ml-auto flex items-center gap-1 text-sm"
      role="group"
      aria-label="Picture to try"
    >
      <Button
        isIconOnly
        size="sm"
        variant="ghost"
        aria-label="Previous picture (P)"
        isDisabled={at === 0}
        onPress={() => go(at - 1)}
      >
        <ChevronLeft aria-hidden className="size-4" />
      </Button>
      <span className="tabular-nums">
        {(at + 1).toLocaleString('en-US')} of {count.toLocaleString('en-US')}
      </span>
      <Button
        isIconOnly
        size="sm"
        variant="ghost"
        aria-label="Next picture (N)"
        isDisabled={at >= count - 1}
        onPress={() => go(at + 1)}
      >
        <ChevronRight aria-hidden className="size-4" />
      </Button>
      <span className="hidden gap-1 lg:flex" aria-hidden>
        <Kbd>
          <Kbd.Content>P</Kbd.Content>
        </Kbd>
        <Kbd>
          <Kbd.Content>N</Kbd.Content>
        </Kbd>
      </span>
    </div>
  );
}
