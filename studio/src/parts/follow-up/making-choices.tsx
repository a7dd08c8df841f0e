/** How they are made: model, size, quality, seed, how many, and whether the picture goes along. */
import { Checkbox, Description } from '@heroui/react';
import { useQuery } from '@tanstack/react-query';
import type { SourceKind } from '../../../../src/engine/core/review.ts';
import { ChoiceField, CountField } from '../fields.tsx';
import { modelsQuery } from '../../queries/account.ts';
import { runQuery } from '../../queries/runs.ts';
import { type FollowUpDraft, sizesLike } from './follow-up-draft.ts';
import type { ChangeDraft } from './prompt-changes.tsx';

interface MakingProps {
  readonly run: string;
  readonly kind: SourceKind;
  readonly draft: FollowUpDraft;
  readonly onChange: ChangeDraft;
}

/** A choice needs an id, and an empty one is none. */
const OWN = 'own';

export function MakingChoices({ run, kind, draft, onChange }: MakingProps) {
  const { data: models = [] } = useQuery(modelsQuery);
  const { data: known } = useQuery(runQuery(run));
  const own = kind === 'finals' ? 'As the drafts' : 'As it was';
  const choose = (field: 'model' | 'size' | 'quality') => ({
    value: draft[field] === '' ? OWN : draft[field],
    onChange: (id: string) => onChange({ [field]: id === OWN ? '' : id }),
  });
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <ChoiceField
        label="Model"
        {...choose('model')}
        choices={[
          { id: OWN, text: own },
          ...models
            .filter(({ available, lifecycle }) => available && lifecycle.state !== 'retired')
            .map(({ model, title }) => ({ id: model, text: title })),
        ]}
      />
      {kind === 'finals' ? (
        <ChoiceField
          label="Size"
          {...choose('size')}
          choices={[
            { id: OWN, text: own },
            ...sizesLike(typeof known?.settings.size === 'string' ? known.settings.size : '1x1'),
          ]}
        />
      ) : (
        <SeedField draft={draft} onChange={onChange} />
      )}
      {kind === 'finals' ? (
        <FinalsFields draft={draft} onChange={onChange} quality={choose('quality')} own={own} />
      ) : (
        <CountField
          label="Images of each"
          value={draft.count}
          most={20}
          onChange={(count) => onChange({ count: count ?? 1 })}
        />
      )}
      <WithImage
        kind={kind}
        draft={draft}
        onChange={onChange}
        cannot={
          models
            .filter(({ model }) =>
              draft.model === ''
                ? known?.models.some((used) => used.model === model) === true
                : draft.model === model,
            )
            .find(({ references }) => references.count === 0)?.title
        }
      />
    </div>
  );
}

function SeedField({ draft, onChange }: Pick<MakingProps, 'draft' | 'onChange'>) {
  return (
    <div className="flex gap-2">
      <ChoiceField
        label="Seed"
        value={draft.seed}
        onChange={(id) => onChange({ seed: id === 'same' || id === 'number' ? id : 'new' })}
        choices={[
          { id: 'new', text: 'Another one' },
          { id: 'same', text: 'The same' },
          { id: 'number', text: 'This one' },
        ]}
      />
      {draft.seed === 'number' && (
        <CountField
          label="Number"
          value={draft.seedNumber}
          least={0}
          most={2_147_483_647}
          onChange={(seedNumber) => onChange({ seedNumber: seedNumber ?? 0 })}
        />
      )}
    </div>
  );
}

interface FinalsProps extends Pick<MakingProps, 'draft' | 'onChange'> {
  readonly quality: { readonly value: string; readonly onChange: (id: string) => void };
  readonly own: string;
}

function FinalsFields({ draft, onChange, quality, own }: FinalsProps) {
  return (
    <>
      <ChoiceField
        label="Quality"
        {...quality}
        choices={[
          { id: OWN, text: own },
          { id: 'low', text: 'Low' },
          { id: 'medium', text: 'Medium' },
          { id: 'high', text: 'High' },
        ]}
      />
      <ChoiceField
        label="Lane"
        value={draft.lane}
        onChange={(lane) => onChange({ lane: lane === 'batch' || lane === 'auto' ? lane : 'live' })}
        choices={[
          { id: 'live', text: 'Live, at once' },
          { id: 'batch', text: 'Batch, cheaper where there is one' },
        ]}
      />
    </>
  );
}

interface WithImageProps extends Omit<MakingProps, 'run'> {
  /** A model that takes no references. */
  readonly cannot: string | undefined;
}

function WithImage({ kind, draft, onChange, cannot }: WithImageProps) {
  return (
    <Checkbox
      className="sm:col-span-2"
      isSelected={draft.withImage && cannot === undefined}
      isDisabled={cannot !== undefined}
      onChange={(withImage) => onChange({ withImage })}
    >
      <Checkbox.Content>
        <Checkbox.Control>
          <Checkbox.Indicator />
        </Checkbox.Control>
        {kind === 'finals' ? 'Use the draft as a reference' : 'Use the image as a reference'}
      </Checkbox.Content>
      {cannot !== undefined && <Description>{cannot} takes no references.</Description>}
    </Checkbox>
  );
}
