/** How rows are shared out to models: batches, turns, what stays together. */
import type { Model } from '../../queries/plan.ts';
import { ChoiceField, CountField, OnOffField } from '../../parts/fields.tsx';
import { useDraft } from './use-draft.tsx';

const TURNS = [
  { id: 'number', text: 'After a number of prompts' },
  { id: 'half', text: 'Each model a part of the sheet' },
  { id: 'auto', text: 'When a model loses detail' },
] as const;

export function BatchFields({ models }: { readonly models: readonly Model[] }) {
  const { draft, set } = useDraft();
  const {
    batch_size: batchSize = 25,
    rotate_every: rotate = 30,
    keep_style: keepStyle,
  } = draft.settings;
  const most = models.map(({ title, batch_maximum: maximum }) => `${title} ${maximum}`).join(', ');
  return (
    <div className="grid gap-4 sm:grid-cols-3">
      <CountField
        label="Prompts a batch"
        description={most === '' ? 'At most what the model takes.' : `At most: ${most}.`}
        value={
          batchSize === 'max' ? Math.max(1, ...models.map((each) => each.batch_maximum)) : batchSize
        }
        most={100_000}
        onChange={(size) => set({ batch_size: size })}
      />
      <ChoiceField
        label="The next model takes over"
        value={typeof rotate === 'number' ? 'number' : rotate}
        choices={TURNS}
        onChange={(id) => set({ rotate_every: id === 'half' || id === 'auto' ? id : 30 })}
      />
      {typeof rotate === 'number' && (
        <CountField
          label="Prompts a turn"
          value={rotate}
          onChange={(every) => set({ rotate_every: every ?? 30 })}
        />
      )}
      <OnOffField
        className="sm:col-span-3"
        label="Rows that share a style or a reference stay with one model"
        isOn={keepStyle === true}
        onChange={(on) => set({ keep_style: on ? true : undefined })}
      />
    </div>
  );
}
