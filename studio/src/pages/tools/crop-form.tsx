/** One picture, several sizes: what is cut off, the boxes, and how it fits into them. */
import { Button } from '@heroui/react';
import { Plus, Trash2 } from 'lucide-react';
import { CROP_POSITIONS, type CropPosition } from '../../../../src/engine/core/recipe.ts';
import { EncodingFields } from './encoding-fields.tsx';
import { ChoiceField, WordsField } from '../../parts/fields.tsx';
import { OneOfExplained, PixelsField } from './fields.tsx';
import type { OneSize } from './settings.ts';
import type { FormProps } from './tool-forms.tsx';

const RATIOS = ['1:1', '4:5', '3:4', '2:3', '9:16', '5:4', '4:3', '3:2', '16:9', '21:9'];
const MOST_SIZES = 20;

export function CropForm({ settings: { crop }, change, problems }: FormProps) {
  const set = (part: Partial<typeof crop>) => change('crop', { ...crop, ...part });
  const hasBox = crop.sizes.some(({ width, height }) => (width ?? height) !== undefined);
  const hasPosition = crop.ratio !== '' || (hasBox && crop.fit === 'cover');
  return (
    <>
      <ChoiceField
        label="Crop to a ratio"
        value={crop.ratio === '' ? 'none' : crop.ratio}
        choices={[
          { id: 'none', text: 'Nothing is cut off' },
          ...RATIOS.map((ratio) => ({ id: ratio, text: ratio })),
        ]}
        onChange={(ratio) => set({ ratio: ratio === 'none' ? '' : ratio })}
      />
      <Sizes
        sizes={crop.sizes}
        onChange={(sizes) => set({ sizes })}
        isNamed={crop.sizes.length > 1}
      />
      {hasBox && (
        <OneOfExplained
          label="Fit"
          value={crop.fit}
          options={[
            { id: 'cover', title: 'Cover', about: 'Exactly the size; what sticks out is cut off.' },
            { id: 'inside', title: 'Inside', about: 'As large as fits, never enlarged.' },
            { id: 'pad', title: 'Pad', about: 'Exactly the size; what is free is filled.' },
          ]}
          onChange={(fit) => set({ fit })}
        />
      )}
      {hasPosition && (
        <ChoiceField
          label="What stays"
          value={crop.position}
          choices={CROP_POSITIONS.map((each) => ({ id: each, text: PLACES[each] }))}
          onChange={(position) => set({ position: position as CropPosition })}
        />
      )}
      {hasBox && crop.fit === 'pad' && (
        <WordsField
          label="Background"
          description="A colour like #ffffff. Empty: transparent, or white where the format cannot."
          placeholder="#ffffff"
          value={crop.background}
          onChange={(background) => set({ background })}
          problem={problemOf(crop.background, problems)}
        />
      )}
      <EncodingFields value={crop.encoding} onChange={(encoding) => set({ encoding })} />
    </>
  );
}

const COLOUR = /^#(?:[0-9a-f]{6}|[0-9a-f]{8})$/i;

function problemOf(background: string, problems: FormProps['problems']): string | undefined {
  const isWrong = background !== '' && !COLOUR.test(background);
  return isWrong && problems.length > 0 ? 'Write a colour like #ffffff.' : undefined;
}

const PLACES: Readonly<Record<CropPosition, string>> = {
  center: 'The centre',
  top: 'The top',
  bottom: 'The bottom',
  left: 'The left',
  right: 'The right',
  attention: 'What the eye goes to',
};

interface SizesProps {
  readonly sizes: readonly OneSize[];
  /** Several need names, which go into the names of the files. */
  readonly isNamed: boolean;
  readonly onChange: (sizes: readonly OneSize[]) => void;
}

function Sizes({ sizes, isNamed, onChange }: SizesProps) {
  const change = (at: number, part: Partial<OneSize>) =>
    onChange(sizes.map((each, place) => (place === at ? { ...each, ...part } : each)));
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1.5 text-sm font-medium">Sizes in pixels</legend>
      {sizes.map((size, at) => (
        <div
          key={at}
          className={`grid items-end gap-2 ${isNamed ? 'grid-cols-[minmax(0,1fr)_5.5rem_5.5rem_2.25rem]' : 'grid-cols-[minmax(0,1fr)_minmax(0,1fr)_2.25rem]'}`}
        >
          {isNamed && (
            <WordsField
              label="Name"
              placeholder={`${size.width ?? ''}x${size.height ?? ''}`}
              value={size.name}
              onChange={(name) => change(at, { name })}
            />
          )}
          <PixelsField
            label="Width"
            value={size.width}
            onChange={(width) => change(at, { width })}
          />
          <PixelsField
            label="Height"
            value={size.height}
            onChange={(height) => change(at, { height })}
          />
          <Button
            isIconOnly
            variant="ghost"
            aria-label={`Remove size ${at + 1}`}
            onPress={() => onChange(sizes.filter((_, place) => place !== at))}
          >
            <Trash2 aria-hidden className="size-4" />
          </Button>
        </div>
      ))}
      {sizes.length < MOST_SIZES && (
        <Button
          size="sm"
          variant="secondary"
          className="self-start"
          onPress={() => onChange([...sizes, { name: '', width: 256, height: 256 }])}
        >
          <Plus aria-hidden className="size-4" />
          Add a size
        </Button>
      )}
    </fieldset>
  );
}
