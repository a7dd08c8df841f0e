/** A run's images as one bar, by what became of them. */
import { type ItemCounts, totalItems } from '../../../src/engine/core/outcome.ts';
import { STATE_COLORS, STATE_WORDS, STATES_SHOWN } from './item-words.ts';

export function OutcomeBar({
  items,
  isThin = false,
}: {
  readonly items: ItemCounts;
  readonly isThin?: boolean;
}) {
  const total = Math.max(1, totalItems(items));
  const shown = STATES_SHOWN.filter((state) => items[state] > 0);
  const words = shown.map((state) => `${items[state]} ${STATE_WORDS[state]}`).join(', ');
  return (
    <div
      role="img"
      aria-label={words === '' ? 'No images' : words}
      className={`flex w-full gap-px overflow-hidden rounded-full bg-default ${isThin ? 'h-1.5' : 'h-2.5'}`}
    >
      {shown.map((state) => (
        <span
          key={state}
          className={`${STATE_COLORS[state]} ${state === 'sent' ? 'motion-safe:animate-pulse' : ''}`}
          // One of very many is seen still.
          style={{ width: `${(items[state] / total) * 100}%`, minWidth: 2 }}
        />
      ))}
    </div>
  );
}
