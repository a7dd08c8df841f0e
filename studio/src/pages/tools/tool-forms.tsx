/** What can be set for each tool. */
import type { Problem } from '../../../../src/engine/core/errors.ts';
import { CropForm } from './crop-form.tsx';
import { EncodingFields } from './encoding-fields.tsx';
import { OneOf, OneOfExplained } from './fields.tsx';
import { CheckForm, MarkForm } from './mark-and-check-forms.tsx';
import { RecipeForm } from './recipe-form.tsx';
import type { ToolSettings } from './settings.ts';
import type { Tool } from './tool-search.ts';
import type { ChangeSettings } from './use-settings.ts';

export interface FormProps {
  readonly settings: ToolSettings;
  readonly change: ChangeSettings;
  readonly problems: readonly Problem[];
  /** Pictures of a run: what made them is known. */
  readonly isOfRun: boolean;
}

export function ToolForm({ tool, ...form }: FormProps & { readonly tool: Tool }) {
  switch (tool) {
    case 'upscale':
      return (
        <>
          <UpscaleForm {...form} />
          <MarksField {...form} />
        </>
      );
    case 'convert':
      return (
        <>
          <EncodingFields
            isConversion
            value={form.settings.convert.encoding}
            onChange={(encoding) => form.change('convert', { encoding })}
          />
          <MarksField {...form} />
        </>
      );
    case 'crop':
      return (
        <>
          <CropForm {...form} />
          <MarksField {...form} />
        </>
      );
    case 'recipe':
      return (
        <>
          <RecipeForm {...form} />
          <MarksField {...form} />
        </>
      );
    case 'mark':
      return <MarkForm {...form} />;
    case 'check':
      return <CheckForm {...form} />;
    case 'inspect':
      return (
        <p className="text-sm text-muted">
          Everything the file says of itself: size, format, marks of origin, prompt, model, content
          credentials and whether they hold. Nothing is changed.
        </p>
      );
    default:
      return tool satisfies never;
  }
}

function UpscaleForm({ settings: { upscale }, change }: FormProps) {
  const set = (part: Partial<typeof upscale>) => change('upscale', { ...upscale, ...part });
  return (
    <>
      <OneOf
        label="Enlarge"
        value={String(upscale.factor) as '2' | '3' | '4'}
        options={[
          { id: '2', title: '2×' },
          { id: '3', title: '3×' },
          { id: '4', title: '4×' },
        ]}
        onChange={(factor) => set({ factor: Number(factor) as 2 | 3 | 4 })}
      />
      <OneOfExplained
        label="By"
        value={upscale.method}
        options={[
          {
            id: 'learned',
            title: 'Learned',
            about:
              'Clean edges without steps or haloes, on drawings and painted pictures clearly. On photographs it gains less.',
          },
          {
            id: 'lanczos',
            title: 'Lanczos',
            about:
              'Better for fine fur or grass, which learned turns into brush strokes. Takes a third of the time.',
          },
        ]}
        onChange={(method) => set({ method })}
      />
      <EncodingFields value={upscale.encoding} onChange={(encoding) => set({ encoding })} />
    </>
  );
}

function MarksField({ settings: { marks }, change }: FormProps) {
  return (
    <OneOf
      label="Marks of origin in the new files"
      value={marks}
      options={[
        { id: 'all', title: 'All' },
        { id: 'no-prompt', title: 'Without prompts' },
        { id: 'none', title: 'None' },
      ]}
      onChange={(next) => change('marks', next)}
    />
  );
}
