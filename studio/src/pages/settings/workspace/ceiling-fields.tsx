/** How a ceiling is set: it follows what is bought, is set by hand, or there is none. */
import { useState } from 'react';
import { Choice } from '../parts/choice.tsx';
import { numberOf, TextEntry, textOf } from '../parts/fields.tsx';

const KINDS = [
  {
    id: 'bought',
    title: 'Follows what is bought',
    about: '200 images an hour, and more by steps.',
  },
  { id: 'set', title: 'Set by hand' },
  { id: 'none', title: 'No ceiling' },
];

export function CeilingFields({
  kind: first,
  imagesPerHour,
}: {
  readonly kind: 'bought' | 'set' | 'none';
  readonly imagesPerHour?: number;
}) {
  const [kind, setKind] = useState<string>(first);
  return (
    <>
      <Choice name="ceiling" label="Ceiling" value={kind} onChange={setKind} options={KINDS} />
      {kind === 'set' && (
        <TextEntry
          name="images_per_hour"
          type="number"
          label="Images in any 60 minutes"
          defaultValue={String(imagesPerHour ?? 200)}
          isRequired
        />
      )}
    </>
  );
}

export function ceilingOf(fields: FormData): number | 'none' | 'bought' {
  const kind = textOf(fields, 'ceiling');
  if (kind === 'set') return numberOf(fields, 'images_per_hour') ?? 0;
  return kind === 'none' ? 'none' : 'bought';
}
