/** Before all of them: one picture with these settings, and what it says about the rest. */
import { useState } from 'react';
import { Spinner } from '@heroui/react';
import type { NewJob } from '../../../../src/api/job-recipe.ts';
import type { MadePreview } from '../../../../src/api/client/index.ts';
import { CompareSlider } from '../../parts/compare-slider.tsx';
import { EmptyPanel } from '../../parts/empty-panel.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { Picture } from '../../parts/picture.tsx';
import { spanText } from '../../parts/time.ts';
import { bytesText, changeText } from './bytes.ts';
import { OneOf } from './fields.tsx';
import { forecastOf } from './forecast.ts';
import type { OnePicture, Pictures } from './pictures.ts';
import { useObjectUrl } from './use-object-url.ts';
import { type PreviewQuery, usePreview } from './use-preview.ts';

interface PreviewPanelProps {
  /** Absent: the tool makes no file, or something is wrong with what is set. */
  readonly job: NewJob | undefined;
  readonly one: OnePicture | undefined;
  readonly pictures: Pictures;
  readonly count: number;
}

export function PreviewPanel({ job, one, pictures, count }: PreviewPanelProps) {
  const [output, setOutput] = useState<string>();
  const names = outputsOf(job);
  const shown = names.includes(output) ? output : names[0];
  const preview = usePreview({ job, one, output: shown });
  if (one === undefined) {
    return (
      <EmptyPanel
        title="Nothing to try yet"
        detail="Drop pictures or choose a run: one of them is worked on here with your settings before all are."
      />
    );
  }
  return (
    <div className="flex flex-col gap-3" aria-busy={preview.isWorking}>
      {names.length > 1 && (
        <OneOf
          label="File of the recipe"
          value={shown ?? ''}
          options={names.map((name) => ({ id: name ?? '', title: name ?? 'its own' }))}
          onChange={(name) => setOutput(name === '' ? undefined : name)}
        />
      )}
      <Compared one={one} output={shown} preview={preview} />
      {preview.error ? (
        <ErrorPanel error={preview.error} onRetry={() => void preview.refetch()} />
      ) : (
        preview.data && (
          <Figures made={preview.data} output={shown} pictures={pictures} count={count} />
        )
      )}
    </div>
  );
}

/** Names of a recipe's files; one may have none. */
function outputsOf(job: NewJob | undefined): (string | undefined)[] {
  if (job?.kind === 'convert' && job.sizes.length > 1) {
    return job.sizes.map(({ name, size }) => name ?? size);
  }
  if (job?.kind !== 'finish') return [];
  return job.recipe.split('|').map((part) => /^\s*([\w-]+)\s*:/.exec(part)?.[1]);
}

interface ComparedProps {
  readonly one: OnePicture;
  readonly output: string | undefined;
  readonly preview: PreviewQuery;
}

function Compared({ one, output, preview }: ComparedProps) {
  const file = useObjectUrl(one.kind === 'file' ? one.file : undefined);
  const before = one.kind === 'item' ? `/v1/runs/${one.run}/items/${one.item}/image` : file;
  const after = useObjectUrl(preview.data?.picture);
  const made = preview.data && figuresOf(preview.data, output);
  if (before === undefined) return <div className="aspect-square rounded-md bg-default" />;
  return (
    <div className="relative">
      {after !== undefined && made !== undefined && !preview.error ? (
        <CompareSlider
          before={{ src: before, alt: 'The picture as it is', label: 'Before' }}
          after={{ src: after, alt: 'The picture with these settings', label: 'After' }}
          width={made.width ?? 1}
          height={made.height ?? 1}
          className="max-h-[70dvh] w-full"
        />
      ) : (
        <div className="aspect-square max-h-[70dvh] w-full overflow-hidden rounded-md">
          <Picture src={before} alt="The picture as it is" isEager />
        </div>
      )}
      {preview.isWorking && (
        <span
          role="status"
          className="absolute bottom-2 left-2 flex items-center gap-2 rounded bg-overlay px-2 py-1 text-xs text-overlay-foreground shadow"
        >
          <Spinner size="sm" />
          Trying it out
        </span>
      )}
    </div>
  );
}

function figuresOf({ figures: { files } }: MadePreview, output: string | undefined) {
  return files.find((each) => each.output === (output ?? null)) ?? files[0];
}

interface FiguresProps {
  readonly made: MadePreview;
  readonly output: string | undefined;
  readonly pictures: Pictures;
  readonly count: number;
}

function Figures({ made, output, pictures, count }: FiguresProps) {
  const { before, took_ms: tookMs } = made.figures;
  const after = figuresOf(made, output);
  if (after === undefined) return null;
  const isSame = before.width === after.width && before.height === after.height;
  const forecast = forecastOf(made.figures, pictures, count);
  const facts: readonly (readonly [string, string])[] = [
    ['Size', `${bytesText(before.bytes)} → ${bytesText(after.bytes)}`],
    ['Change', changeText(before.bytes, after.bytes)],
    ['Pixels', isSame ? sizeText(after) : `${sizeText(before)} → ${sizeText(after)}`],
    ['Took', tookMs < 1000 ? `${tookMs} ms` : `${(tookMs / 1000).toFixed(1)} s`],
  ];
  return (
    <>
      <dl
        className="grid grid-cols-2 gap-x-4 gap-y-2 text-sm sm:grid-cols-4"
        aria-label="This picture"
      >
        {facts.map(([name, text]) => (
          <div key={name}>
            <dt className="text-xs text-muted">{name}</dt>
            <dd className="font-medium tabular-nums">{text}</dd>
          </div>
        ))}
      </dl>
      {count > 1 && (
        <p className="text-sm text-muted" aria-label="Forecast">
          All {count.toLocaleString('en-US')}: about{' '}
          {forecast.before !== undefined && `${bytesText(forecast.before)} → `}
          <strong className="font-medium text-foreground">
            {bytesText(forecast.after)}
          </strong> in{' '}
          <strong className="font-medium text-foreground">{waitText(forecast.seconds)}</strong>, if
          they are like this one.
        </p>
      )}
    </>
  );
}

function waitText(seconds: number): string {
  return seconds < 1 ? 'less than a second' : spanText(seconds);
}

function sizeText({
  width,
  height,
}: {
  readonly width: number | null;
  readonly height: number | null;
}): string {
  return width === null || height === null ? '?' : `${width}×${height}`;
}
