/** The format of new files, and how small they become. */
import { Label, Slider } from '@heroui/react';
import { CountField } from '../../parts/fields.tsx';
import { OneOf } from './fields.tsx';
import type { Encoding } from './settings.ts';

const FORMATS = [
  { id: 'same', title: 'As it is' },
  { id: 'webp', title: 'WebP' },
  { id: 'avif', title: 'AVIF' },
  { id: 'jpeg', title: 'JPEG' },
  { id: 'png', title: 'PNG' },
] as const;

interface EncodingFieldsProps {
  readonly value: Encoding;
  readonly onChange: (value: Encoding) => void;
  /** The format is what is done: it cannot stay as it is. */
  readonly isConversion?: boolean;
}

export function EncodingFields({ value, onChange, isConversion = false }: EncodingFieldsProps) {
  const { format, by, quality, kilobytes } = value;
  const change = (part: Partial<Encoding>) => onChange({ ...value, ...part });
  const hasQuality = format !== 'same' && format !== 'png';
  const shownBy = format === 'jpeg' && by === 'lossless' ? 'quality' : by;
  return (
    <>
      <OneOf
        label="Format"
        value={format}
        options={isConversion ? FORMATS.slice(1) : FORMATS}
        onChange={(next) => change({ format: next })}
      />
      {format === 'png' && (
        <p className="text-xs text-muted">PNG keeps every pixel, and has no quality.</p>
      )}
      {hasQuality && (
        <OneOf
          label="Keep to"
          value={shownBy}
          options={[
            { id: 'quality', title: 'A quality' },
            { id: 'bytes', title: 'A size' },
            ...(format === 'jpeg' ? [] : [{ id: 'lossless' as const, title: 'Every pixel' }]),
          ]}
          onChange={(next) => change({ by: next })}
        />
      )}
      {hasQuality && shownBy === 'quality' && (
        <Slider
          value={quality}
          minValue={1}
          maxValue={100}
          onChange={(next) => change({ quality: Number(next) })}
        >
          <Label>Quality</Label>
          <Slider.Output />
          <Slider.Track>
            <Slider.Fill />
            <Slider.Thumb />
          </Slider.Track>
        </Slider>
      )}
      {hasQuality && shownBy === 'bytes' && (
        <CountField
          label="Most kilobytes of a file"
          description="The best quality that stays within it."
          value={kilobytes}
          most={500_000}
          onChange={(next) => change({ kilobytes: next ?? 1 })}
        />
      )}
    </>
  );
}
