/** Marks of origin for pictures that are there, and what a check looks for. */
import { Description, Label, Switch } from '@heroui/react';
import { SOURCE_TYPES } from '../../../../src/engine/core/source-type.ts';
import { ChoiceField, WordsField } from '../../parts/fields.tsx';
import type { FormProps } from './tool-forms.tsx';

const KNOWN = 'known';

export function MarkForm({ settings: { mark }, change, isOfRun }: FormProps) {
  const set = (part: Partial<typeof mark>) => change('mark', { ...mark, ...part });
  const choices = [
    { id: KNOWN, text: isOfRun ? 'As the run knows it' : 'Choose what made them' },
    ...Object.entries(SOURCE_TYPES).map(([id, text]) => ({ id, text })),
  ];
  return (
    <>
      <ChoiceField
        label="What made the pictures"
        description="The IPTC's digital source type, which other software reads."
        value={mark.sourceType === '' ? KNOWN : mark.sourceType}
        choices={choices}
        onChange={(id) => set({ sourceType: id === KNOWN ? '' : id })}
      />
      <WordsField
        label="Model"
        placeholder={isOfRun ? 'as the run knows it' : 'gpt-image-2'}
        value={mark.model}
        onChange={(model) => set({ model })}
      />
      <WordsField
        label="Vendor"
        placeholder={isOfRun ? 'as the run knows it' : 'openai'}
        value={mark.vendor}
        onChange={(vendor) => set({ vendor })}
      />
      {!mark.withoutPrompt && (
        <WordsField
          label="Prompt"
          placeholder={isOfRun ? 'as the run knows it' : ''}
          value={mark.prompt}
          onChange={(prompt) => set({ prompt })}
        />
      )}
      <OnOff
        label="Leave prompts out of the files"
        isOn={mark.withoutPrompt}
        onChange={(withoutPrompt) => set({ withoutPrompt })}
      />
      <p className="text-xs text-muted">
        The pixels stay as they are, byte for byte. A file that its maker has signed is left alone.
      </p>
    </>
  );
}

export function CheckForm({ settings: { check }, change }: FormProps) {
  const set = (part: Partial<typeof check>) => change('check', { ...check, ...part });
  return (
    <>
      <p className="text-sm text-muted">
        Finds broken and blank pictures, duplicates and near-duplicates, less detail than others of
        the same kind, and credentials that do not hold. Of a run its files are looked at, and its
        images get the flags.
      </p>
      <WordsField
        label="Size that all should have"
        description="Empty: of a run its own size, of files none."
        placeholder="1024x1024"
        value={check.size}
        onChange={(size) => set({ size: size.trim() })}
      />
      <OnOff
        label="Screen for review"
        about="Flags pictures by a trained model, where the server has it."
        isOn={check.screen}
        onChange={(screen) => set({ screen })}
      />
    </>
  );
}

interface OnOffProps {
  readonly label: string;
  readonly about?: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

function OnOff({ label, about, isOn, onChange }: OnOffProps) {
  return (
    <Switch isSelected={isOn} onChange={onChange} size="sm">
      <Switch.Content>
        <Switch.Control>
          <Switch.Thumb />
        </Switch.Control>
        <Label elementType="span">{label}</Label>
      </Switch.Content>
      {about !== undefined && <Description>{about}</Description>}
    </Switch>
  );
}
