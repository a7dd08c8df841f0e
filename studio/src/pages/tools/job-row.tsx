/** One job: what it does to what, how far it is, what it saved. */
import { Button, Chip, Label, ProgressBar, toast } from '@heroui/react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ChevronDown, ChevronRight, Download } from 'lucide-react';
import { client } from '../../client.ts';
import { agoText } from '../../parts/time.ts';
import type { Job } from '../../queries/jobs.ts';
import { useMay } from '../../queries/session.ts';
import { bytesText, changeText } from './bytes.ts';
import { JobDetails } from './job-details.tsx';
import { isOpen, jobCount, jobTitle } from './job-words.ts';
import { useToolNavigate } from './use-pictures.ts';

interface JobRowProps {
  readonly job: Job;
  readonly isOpened: boolean;
}

export function JobRow({ job, isOpened }: JobRowProps) {
  const go = useToolNavigate();
  const title = jobTitle(job);
  const Arrow = isOpened ? ChevronDown : ChevronRight;
  return (
    <li className="py-2" aria-label={title}>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Button
          variant="ghost"
          size="sm"
          className="min-w-0 max-w-full shrink justify-start px-1"
          aria-expanded={isOpened}
          onPress={() => go({ job: isOpened ? undefined : job.job }, true)}
        >
          <Arrow aria-hidden className="size-4 shrink-0 text-muted" />
          <span className="truncate font-medium">{title}</span>
        </Button>
        <StateChip job={job} />
        <span className="text-sm text-muted">
          <Source job={job} /> · {agoText(job.created_at)}
        </span>
        <span className="ml-auto flex items-center gap-2">
          <Saved job={job} />
          <Actions job={job} />
        </span>
      </div>
      {isOpen(job) && <Progress job={job} />}
      {job.problem !== null && <p className="px-2 pt-1 text-sm text-danger">{job.problem}</p>}
      {isOpened && <JobDetails job={job} />}
    </li>
  );
}

const STATES = {
  waiting: { text: 'waits', color: 'default' },
  working: { text: 'working', color: 'accent' },
  done: { text: 'done', color: 'success' },
  failed: { text: 'failed', color: 'danger' },
  cancelled: { text: 'cancelled', color: 'default' },
} as const;

function StateChip({ job }: { readonly job: Job }) {
  const { text, color } = STATES[job.state];
  const { failed } = job.pictures;
  return (
    <>
      <Chip size="sm" variant="soft" color={color}>
        {text}
      </Chip>
      {failed > 0 && (
        <Chip size="sm" variant="soft" color="danger">
          {failed.toLocaleString('en-US')} failed
        </Chip>
      )}
      {job.check !== null && <CheckChips check={job.check} />}
    </>
  );
}

function CheckChips({ check: { failed, flagged } }: { readonly check: NonNullable<Job['check']> }) {
  return (
    <>
      {failed > 0 && (
        <Chip size="sm" variant="soft" color="danger">
          {failed.toLocaleString('en-US')} not right
        </Chip>
      )}
      {flagged > 0 && (
        <Chip size="sm" variant="soft" color="warning">
          {flagged.toLocaleString('en-US')} to look at
        </Chip>
      )}
    </>
  );
}

function Source({ job }: { readonly job: Job }) {
  const count = jobCount(job);
  const figure = `${count.toLocaleString('en-US')} ${count === 1 ? 'picture' : 'pictures'}`;
  if (job.run === null) return <>{figure}</>;
  return (
    <>
      {figure} of{' '}
      <Link to="/runs/$run" params={{ run: job.run }} className="text-link underline">
        run {job.run}
      </Link>
      {job.items !== null && ' (a selection)'}
    </>
  );
}

function Progress({ job }: { readonly job: Job }) {
  const { done, failed } = job.pictures;
  return (
    <ProgressBar value={job.progress * 100} size="sm" className="px-2 pt-2">
      <Label className="text-xs text-muted">
        {job.state === 'waiting'
          ? 'Waits for its turn'
          : `${(done + failed).toLocaleString('en-US')} of ${jobCount(job).toLocaleString('en-US')}`}
      </Label>
      <ProgressBar.Output className="text-xs" />
      <ProgressBar.Track>
        <ProgressBar.Fill />
      </ProgressBar.Track>
    </ProgressBar>
  );
}

function Saved({ job: { bytes } }: { readonly job: Job }) {
  if (bytes.after === 0) return null;
  return (
    <span className="text-sm tabular-nums">
      {bytesText(bytes.before)} → {bytesText(bytes.after)}{' '}
      <span className="text-muted">{changeText(bytes.before, bytes.after)}</span>
    </span>
  );
}

function Actions({ job }: { readonly job: Job }) {
  const queries = useQueryClient();
  const mayWrite = useMay('runs:write');
  const cancel = useMutation({
    mutationFn: () => client.jobs.cancel(job.job),
    onSuccess: () => toast('The job was cancelled', { description: 'What is made stays.' }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['jobs'] }),
  });
  if (isOpen(job)) {
    return mayWrite ? (
      <Button
        size="sm"
        variant="secondary"
        isPending={cancel.isPending}
        onPress={() => cancel.mutate()}
      >
        Cancel
      </Button>
    ) : null;
  }
  if (job.kind === 'check' || job.pictures.done === 0) return null;
  return (
    <a
      href={`/v1/jobs/${job.job}/zip`}
      download
      className="inline-flex min-h-8 items-center gap-1.5 rounded-md border border-separator px-2.5 text-sm font-medium hover:bg-default"
    >
      <Download aria-hidden className="size-4" />
      ZIP
    </a>
  );
}
