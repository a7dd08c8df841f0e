/** A run in the list: how far it is, what it has cost, and what may be done at once. */
import { useState } from 'react';
import { Button } from '@heroui/react';
import { Link } from '@tanstack/react-router';
import { Pause, Play, X } from 'lucide-react';
import { totalItems } from '../../../../src/engine/core/outcome.ts';
import { creditsText } from '../../parts/credits.tsx';
import { OutcomeBar } from '../../parts/outcome-bar.tsx';
import { RunStateChip } from '../../parts/run-state-chip.tsx';
import { agoText } from '../../parts/time.ts';
import type { RunSummary } from '../../queries/runs.ts';
import { useMay } from '../../queries/session.ts';
import { CancelDialog } from '../../parts/cancel-dialog.tsx';
import { useRunAction } from '../../parts/use-run-action.ts';

export function RunRow({ run }: { readonly run: RunSummary }) {
  const total = totalItems(run.items);
  const bad = run.items.refused + run.items.failed + run.items.unknown;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-3 py-3 sm:px-4">
      <div className="min-w-0 flex-1 basis-full sm:basis-60">
        <div className="flex items-center gap-2">
          <Link
            to="/runs/$run"
            params={{ run: run.run }}
            className="min-w-0 truncate font-medium outline-focus hover:underline focus-visible:outline-2"
          >
            {run.title}
          </Link>
          <RunStateChip state={run.state} />
        </div>
        <p className="mt-0.5 text-sm text-muted">
          {agoText(run.created_at)} · by {ORIGINS[run.origin]}
        </p>
      </div>
      <div className="min-w-32 flex-1 sm:max-w-64">
        <OutcomeBar items={run.items} isThin />
        <p className="mt-1 text-xs text-muted tabular-nums">
          {run.items.delivered.toLocaleString('en-US')} of {total.toLocaleString('en-US')} images
          {bad > 0 && `, ${bad.toLocaleString('en-US')} not delivered`}
        </p>
      </div>
      <span className="text-right text-sm tabular-nums sm:w-28">
        {creditsText(run.credits.posted)}
      </span>
      <div className="flex justify-end gap-1 sm:w-20">
        <RowActions run={run} />
      </div>
    </li>
  );
}

const ORIGINS: Readonly<Record<RunSummary['origin'], string>> = {
  api: 'studio or API',
  batch: 'batch',
  request: 'one call',
  assistant: 'assistant',
  cli: 'command line',
};

function RowActions({ run }: { readonly run: RunSummary }) {
  const mayWrite = useMay('runs:write');
  const [isCancelling, setIsCancelling] = useState(false);
  const act = useRunAction(run.run);
  if (!mayWrite) return null;
  const may = (action: RunSummary['actions'][number]) => run.actions.includes(action);
  const rests = run.state === 'paused' || run.state === 'stopped';
  return (
    <>
      {may('pause') && (
        <Button
          size="sm"
          variant="ghost"
          isIconOnly
          aria-label={`Pause ${run.title}`}
          isPending={act.isPending}
          onPress={() => act.mutate('pause')}
        >
          <Pause aria-hidden className="size-4" />
        </Button>
      )}
      {may('resume') && rests && (
        <Button
          size="sm"
          variant="ghost"
          isIconOnly
          aria-label={`Resume ${run.title}`}
          isPending={act.isPending}
          onPress={() => act.mutate('resume')}
        >
          <Play aria-hidden className="size-4" />
        </Button>
      )}
      {may('cancel') && (
        <Button
          size="sm"
          variant="ghost"
          isIconOnly
          aria-label={`Cancel ${run.title}`}
          onPress={() => setIsCancelling(true)}
        >
          <X aria-hidden className="size-4" />
        </Button>
      )}
      {isCancelling && <CancelDialog run={run} onClose={() => setIsCancelling(false)} />}
    </>
  );
}
