/** How the images are made: what is usual first, the rest below. */
import type { ReactNode } from 'react';
import { Button, Card, Disclosure } from '@heroui/react';
import { SlidersHorizontal } from 'lucide-react';
import type { Model } from '../../queries/plan.ts';
import { ReferencePicker } from '../../parts/reference-picker.tsx';
import { BatchFields } from './batch-fields.tsx';
import { ChoiceField, CountField, OnOffField, WordsField } from '../../parts/fields.tsx';
import { LaneFields } from './lane-fields.tsx';
import { isQuality, QUALITIES } from './model-facts.ts';
import { MoreSettings } from './more-settings.tsx';
import { SizeField } from './size-field.tsx';
import { StylesEditor } from './styles-editor.tsx';
import { useDraft } from './use-draft.tsx';

interface SettingsPanelProps {
  readonly size: string;
  readonly quality: string;
  /** Those that will make the images. */
  readonly models: readonly Model[];
  /** What the server said about a setting. */
  readonly problemOf: (setting: string) => string | undefined;
}

export function SettingsPanel({ size, quality, models, problemOf }: SettingsPanelProps) {
  const { draft, set } = useDraft();
  const { settings } = draft;
  return (
    <Card className="min-w-0 gap-5 p-4">
      <h2 className="text-base font-medium">Settings</h2>
      <div className="grid gap-4 sm:grid-cols-3">
        <SizeField value={size} onChange={(next) => set({ size: next })} />
        <ChoiceField
          label="Quality"
          value={quality}
          choices={QUALITIES}
          onChange={(id) => isQuality(id) && set({ quality: id })}
        />
        <CountField
          label="Images a prompt"
          value={settings.count ?? 1}
          most={1_000}
          onChange={(count) => set({ count: count ?? 1 })}
        />
      </div>
      <ProofFields />
      <LaneFields problemOf={problemOf} />
      <div className="grid gap-4 sm:grid-cols-3">
        <CountField
          label="Budget in credits"
          description="Stops before more is spent."
          placeholder="No limit"
          least={0}
          hasFractions
          value={settings.budget}
          onChange={(budget) => set({ budget })}
        />
        <WordsField
          className="sm:col-span-2"
          label="Negative prompt for every row"
          placeholder="blur, text, watermark"
          value={settings.negative ?? ''}
          problem={problemOf('negative')}
          onChange={(negative) => set({ negative: negative === '' ? undefined : negative })}
        />
      </div>
      <section aria-label="References for every row" className="flex flex-col gap-2">
        <h3 className="text-sm font-medium">References for every row</h3>
        <p className="text-sm text-muted">
          Used by rows without pictures of their own. Pictures can be dropped onto the prompts too.
        </p>
        <ReferencePicker
          value={settings.images ?? []}
          onChange={(images) => set({ images: images.length === 0 ? undefined : [...images] })}
          most={Math.min(16, ...models.map(({ references }) => references.count))}
        />
      </section>
      <Part title={draft.styles.length === 0 ? 'Styles' : `Styles (${draft.styles.length})`}>
        <StylesEditor />
      </Part>
      <Part title="More settings">
        <div className="flex flex-col gap-5">
          <BatchFields models={models} />
          <MoreSettings problemOf={problemOf} />
        </div>
      </Part>
    </Card>
  );
}

function ProofFields() {
  const { draft, set } = useDraft();
  const { proof } = draft.settings;
  const isOn = proof !== 0;
  return (
    <div className="flex flex-wrap items-end gap-x-6 gap-y-3">
      <OnOffField
        label="Proof first"
        description="A few rows are made, then the run waits for your approval."
        isOn={isOn}
        onChange={(on) => set({ proof: on ? 10 : 0 })}
      />
      {isOn && (
        <CountField
          className="w-36"
          label="Rows of the proof"
          value={typeof proof === 'number' ? proof : 10}
          onChange={(rows) => set({ proof: rows ?? 10 })}
        />
      )}
    </div>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Disclosure className="border-t border-separator pt-3">
      <Disclosure.Heading>
        <Button slot="trigger" size="sm" variant="ghost">
          <SlidersHorizontal aria-hidden className="size-4" />
          {title}
          <Disclosure.Indicator />
        </Button>
      </Disclosure.Heading>
      <Disclosure.Content>
        <Disclosure.Body className="pt-3">{children}</Disclosure.Body>
      </Disclosure.Content>
    </Disclosure>
  );
}
