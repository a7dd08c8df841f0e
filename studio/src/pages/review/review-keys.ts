/** The keys of a review: one table for what they do and for the sheet that tells them. */
import { useHotkeys } from '@tanstack/react-hotkeys';
import { type RefObject, useEffect, useEffectEvent } from 'react';
import type { ReactZoomPanPinchRef } from 'react-zoom-pan-pinch';
import { useNavigate } from '@tanstack/react-router';
import { toggleZoom } from './stage.tsx';
import { togglePicked } from './film-strip.tsx';
import type { Review } from './use-review.ts';

/** Either of two keys, with two spaces between them. */
export const KEYS = [
  {
    title: 'Decide',
    keys: [
      ['K', 'Keep'],
      ['X', 'Reject'],
      ['1 – 5', 'Stars'],
      ['0', 'No stars'],
      ['N', 'Note'],
      ['Z', 'Undo'],
    ],
  },
  {
    title: 'Move',
    keys: [
      ['→  J', 'Next'],
      ['←  H', 'Back'],
      ['U', 'Next undecided'],
      ['Home  End', 'First, last'],
      ['F', 'Fit, or 100 %'],
    ],
  },
  {
    title: 'Look',
    keys: [
      ['G', 'Grid, or one image'],
      ['C', 'Compare side by side'],
      ['S', 'Select for comparing'],
      ['I', 'Prompt and facts'],
      ['Esc', 'Back'],
    ],
  },
  {
    title: 'Make',
    keys: [
      ['R', 'Make again'],
      ['?', 'These keys'],
    ],
  },
] as const;

/** Of one image. A grid and a comparison have more of their own. */
export function useReviewKeys(review: Review, zoom: RefObject<ReactZoomPanPinchRef | null>): void {
  const { run, current, say, judge, step, open, setOpen, compared, isGrid, setIsGrid } = review;
  const navigate = useNavigate();
  const isFree = open === undefined && (review.isWide || !review.hasFacts);
  const isOne = isFree && !isGrid && compared === undefined;
  const isJudging = isFree && compared === undefined;
  const leave = () => {
    if (review.picked.size > 0) review.setPicked(new Set());
    else if (isGrid) setIsGrid(false);
    else void navigate({ to: '/runs/$run', params: { run } });
  };
  const when = (enabled: boolean, key: string, callback: () => unknown) => ({
    hotkey: key as 'K',
    callback: () => void callback(),
    options: { enabled },
  });
  useQuestionMark(isFree, () => setOpen('keys'));
  const stars = [0, 1, 2, 3, 4, 5].map((each) =>
    when(isJudging, `${each}`, () => say({ stars: each })),
  );
  useHotkeys(
    [
      ...stars,
      when(isJudging, 'K', () => judge('keep')),
      when(isJudging, 'X', () => judge('reject')),
      when(isJudging && review.chosen.length > 0, 'N', () => setOpen('note')),
      when(isFree, 'Z', review.undo),
      when(isFree, 'Mod+Z', review.undo),
      when(isOne, 'J', () => step(1)),
      when(isOne, 'ArrowRight', () => step(1)),
      when(isOne, 'H', () => step(-1)),
      when(isOne, 'ArrowLeft', () => step(-1)),
      when(isOne, 'Home', () => review.shown[0] && review.go(review.shown[0].item)),
      when(isOne, 'End', () => goToEnd(review)),
      when(isOne, 'U', review.toUndecided),
      when(isOne, 'F', () => current && toggleZoom(zoom.current, current)),
      when(isOne, 'S', () => current && togglePicked(review, current)),
      when(isJudging, 'C', review.openCompare),
      when(isJudging, 'G', () => setIsGrid(!isGrid)),
      when(isJudging && !isGrid, 'I', () => review.setFacts(!review.hasFacts)),
      when(isJudging && review.mayWrite && review.chosen.length > 0, 'R', () => setOpen('reroll')),
      when(isJudging, 'Escape', leave),
    ],
    { ignoreInputs: true, conflictBehavior: 'allow' },
  );
}

/** By the sign, wherever a keyboard has it. */
function useQuestionMark(isOn: boolean, onAsked: () => void): void {
  const ask = useEffectEvent((event: KeyboardEvent) => {
    const isTyping = event.target instanceof Element && event.target.closest('input, textarea');
    if (event.key === '?' && isOn && !isTyping) onAsked();
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => ask(event);
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
}

function goToEnd({ shown, go }: Review): void {
  const last = shown.at(-1);
  if (last !== undefined) go(last.item);
}
