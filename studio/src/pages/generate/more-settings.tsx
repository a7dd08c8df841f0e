/** What is rarely changed: pace, bounds, repetition, files. */
import type { Settings } from '../../parts/draft/draft.ts';
import { ChoiceField, CountField, OnOffField, WordsField } from '../../parts/fields.tsx';
import { useDraft } from './use-draft.tsx';

interface MoreSettingsProps {
  readonly problemOf: (setting: string) => string | undefined;
}

export function MoreSettings({ problemOf }: MoreSettingsProps) {
  const { draft, change, set } = useDraft();
  const { settings } = draft;
  const words = (name: 'name_template' | 'finish' | 'fallback') => ({
    value: settings[name] ?? '',
    problem: problemOf(name),
    onChange: (text: string) => set({ [name]: text === '' ? undefined : text }),
  });
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-3">
        <WordsField
          label="Title of the run"
          value={draft.title}
          placeholder="As the sheet"
          onChange={(title) => change({ title })}
        />
        <CountField
          label="Images an hour"
          placeholder="As fast as limits allow"
          value={settings.images_per_hour}
          most={1e9}
          onChange={(next) => set({ images_per_hour: next })}
        />
        <CountField
          label="Requests at a time"
          placeholder="As many as limits allow"
          value={settings.concurrency}
          most={10_000}
          onChange={(next) => set({ concurrency: next })}
        />
        <CountField
          label="Most dollars at vendors"
          placeholder="No limit"
          least={0}
          hasFractions
          value={settings.max_usd}
          onChange={(next) => set({ max_usd: next })}
        />
        <CountField
          label="Seed"
          placeholder="Random"
          least={0}
          most={4_294_967_295}
          value={settings.seed}
          onChange={(seed) => set({ seed })}
        />
        <CountField
          label="Canary every"
          description="Images after which one prompt is repeated, to see a model change. 0: never."
          least={0}
          value={settings.canary ?? 0}
          onChange={(canary) => set({ canary: canary === 0 ? undefined : canary })}
        />
        <Choices
          label="Same row twice"
          name="duplicates"
          choices={[
            { id: 'keep', text: 'Make both' },
            { id: 'collapse', text: 'Make one' },
          ]}
        />
        <Choices
          label="No negative prompts at a model"
          name="negative_unsupported"
          choices={[
            { id: 'append', text: 'Say it in the prompt' },
            { id: 'refuse', text: 'Leave the model out' },
          ]}
        />
        <Choices
          label="Outcome unknown"
          name="on_unknown"
          choices={[
            { id: 'hold', text: 'Wait for a decision' },
            { id: 'retry', text: 'Make again' },
          ]}
        />
      </div>
      <div className="grid gap-4 sm:grid-cols-2">
        <WordsField
          label="If a model refuses, try"
          placeholder="No other model"
          description="The name of a model."
          {...words('fallback')}
        />
        <WordsField
          label="Finish each image"
          placeholder="upscale 2x; webp 82"
          description="Steps of the image tools; the original is kept."
          {...words('finish')}
        />
        <WordsField
          label="Names of files"
          placeholder="{row}-{name|prompt}-{index}.{ext}"
          {...words('name_template')}
        />
        <div className="grid grid-cols-2 gap-4">
          <Choices
            label="Files as"
            name="format"
            choices={[
              { id: '', text: 'As made' },
              ...['png', 'jpeg', 'webp', 'avif'].map((id) => ({ id, text: id.toUpperCase() })),
            ]}
          />
          <Choices
            label="Marks in files"
            name="marks"
            choices={[
              { id: 'all', text: 'All' },
              { id: 'no-prompt', text: 'Not the prompt' },
              { id: 'none', text: 'None' },
            ]}
          />
        </div>
      </div>
      <div className="flex flex-col gap-3">
        <OnOff label="Leave rows with problems out" name="skip_bad_rows" />
        <OnOff label="Mark images that need a second look" name="screen" />
      </div>
    </>
  );
}

interface ChoicesProps {
  readonly label: string;
  readonly name: 'duplicates' | 'negative_unsupported' | 'on_unknown' | 'format' | 'marks';
  readonly choices: readonly { readonly id: string; readonly text: string }[];
}

/** The first choice is the default, and is not sent. */
function Choices({ label, name, choices }: ChoicesProps) {
  const { draft, set } = useDraft();
  const first = choices[0]!.id;
  const put = (id: string) =>
    set({ [name]: id === first ? undefined : id } as Parameters<typeof set>[0]);
  return (
    <ChoiceField
      label={label}
      value={draft.settings[name] ?? first}
      choices={choices}
      onChange={put}
    />
  );
}

interface OnOffProps {
  readonly label: string;
  readonly name: keyof Pick<Settings, 'skip_bad_rows' | 'screen'>;
}

function OnOff({ label, name }: OnOffProps) {
  const { draft, set } = useDraft();
  return (
    <OnOffField
      label={label}
      isOn={draft.settings[name] === true}
      onChange={(on) => set({ [name]: on ? true : undefined })}
    />
  );
}
