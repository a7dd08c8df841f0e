/** What a run may spend, and how fast it may go. */
import { type FormEvent, useId, useState } from 'react';
import { Button, Description, FieldError, Label, NumberField } from '@heroui/react';
import { useMutation } from '@tanstack/react-query';
import type { Run } from '../../../../../src/api/client/index.ts';
import { ApiError, client } from '../../../client.ts';
import { creditsText, usdText } from '../../../parts/credits.tsx';
import { ErrorPanel } from '../../../parts/error-panel.tsx';
import { useTellOfRun } from '../../../parts/use-run-action.ts';
import { RunDialog } from './run-dialog.tsx';

type Change = Parameters<typeof client.runs.change>[1];
const FIELDS = ['budget', 'max_usd', 'images_per_hour', 'concurrency'] as const;
type Field = (typeof FIELDS)[number];
type Bounds = Readonly<Record<Field, number | null>>;

const WORDS: Readonly<Record<Field, { readonly label: string; readonly isWhole: boolean }>> = {
  budget: { label: 'Most credits', isWhole: false },
  max_usd: { label: 'Most dollars at the vendors', isWhole: false },
  images_per_hour: { label: 'Images an hour', isWhole: true },
  concurrency: { label: 'Requests at a time', isWhole: true },
};

export function BoundsDialog({
  run,
  onClose,
}: {
  readonly run: Run;
  readonly onClose: () => void;
}) {
  const form = useId();
  const now = boundsOf(run);
  const [bounds, setBounds] = useState<Bounds>(now);
  const tell = useTellOfRun(run.run);
  const save = useMutation({
    mutationFn: (change: Change) => client.runs.change(run.run, change),
    meta: { showsErrors: true },
    onSuccess: (changed) => {
      tell(changed);
      onClose();
    },
  });
  const changed = FIELDS.filter((field) => bounds[field] !== now[field]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (changed.length === 0) return onClose();
    save.mutate(Object.fromEntries(changed.map((field) => [field, bounds[field]])));
  };
  const about: Readonly<Partial<Record<Field, string>>> = {
    budget: `${creditsText(run.credits.posted)} spent, ${creditsText(run.credits.held)} held. Empty: no bound.`,
    max_usd: `${usdText(run.usd.actual)} billed, ${usdText(run.usd.held)} held. Empty: no bound.`,
    concurrency: 'The pace changes when the run is next taken up: pause and resume it.',
  };
  return (
    <RunDialog
      title="Bounds of this run"
      onClose={onClose}
      action={
        <Button type="submit" form={form} isPending={save.isPending}>
          Save
        </Button>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-4">
        {FIELDS.map((field) => (
          <BoundField
            key={field}
            field={field}
            value={bounds[field]}
            about={about[field]}
            problem={problemAt(save.error, field)}
            onChange={(value) => setBounds({ ...bounds, [field]: value })}
          />
        ))}
        {save.error && !FIELDS.some((field) => problemAt(save.error, field)) && (
          <ErrorPanel error={save.error} />
        )}
      </form>
    </RunDialog>
  );
}

interface BoundFieldProps {
  readonly field: Field;
  readonly value: number | null;
  readonly about: string | undefined;
  readonly problem: string | undefined;
  readonly onChange: (value: number | null) => void;
}

function BoundField({ field, value, about, problem, onChange }: BoundFieldProps) {
  const { label, isWhole } = WORDS[field];
  return (
    <NumberField
      value={value ?? NaN}
      onChange={(next) => onChange(Number.isNaN(next) ? null : next)}
      minValue={isWhole ? 1 : 0}
      formatOptions={{ maximumFractionDigits: isWhole ? 0 : 2 }}
      isInvalid={problem !== undefined}
      fullWidth
    >
      <Label>{label}</Label>
      <NumberField.Group>
        <NumberField.Input className="w-full" />
      </NumberField.Group>
      {about !== undefined && <Description>{about}</Description>}
      <FieldError>{problem}</FieldError>
    </NumberField>
  );
}

function boundsOf({ budget, max_usd, settings }: Run): Bounds {
  return {
    budget,
    max_usd,
    images_per_hour: settings.images_per_hour ?? null,
    concurrency: settings.concurrency ?? null,
  };
}

function problemAt(error: unknown, field: Field): string | undefined {
  if (!(error instanceof ApiError)) return undefined;
  const found = error.problems.find((each) => each.field?.endsWith(field));
  return found && `${found.message} ${found.remedy ?? ''}`;
}
