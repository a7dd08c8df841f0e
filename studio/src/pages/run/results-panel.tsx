/** What may be taken away from a run. */
import { Button, ProgressBar } from '@heroui/react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Download } from 'lucide-react';
import type { Run } from '../../../../src/api/client/index.ts';
import { client } from '../../client.ts';
import { EmptyPanel } from '../../parts/empty-panel.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { timeText } from '../../parts/time.ts';
import { exportsQuery } from '../../queries/runs.ts';

const HAS_ENDED = ['done', 'cancelled'];

export function ResultsPanel({ run }: { readonly run: Run }) {
  const isOver = HAS_ENDED.includes(run.state);
  const base = `/v1/runs/${run.run}`;
  return (
    <div className="grid gap-6 lg:grid-cols-2">
      <section>
        <h2 className="mb-2 text-sm font-medium">Files</h2>
        <ul className="divide-y divide-separator rounded-lg border border-separator bg-surface">
          <FileLink
            href={`${base}/results.csv`}
            title="Results sheet"
            about="As it stands now, with every decision; it can be sent as a sheet again."
          />
          {isOver && run.items.delivered > 0 && (
            <>
              <FileLink
                href={`${base}/manifest?download=true`}
                title="Manifest"
                about="How every delivered file was made, as JSON."
              />
              <FileLink
                href={`${base}/contact-sheet?download=true`}
                title="Contact sheet"
                about="Up to 200 images in one picture."
              />
            </>
          )}
          <li className="flex items-center gap-3 p-3 text-sm">
            <span>
              <span className="font-medium">Image tools</span>
              <span className="block text-muted">Upscale, convert or crop what was delivered.</span>
            </span>
            <Link
              to="/tools"
              search={{ run: run.run }}
              className="ml-auto shrink-0 text-link underline"
            >
              Open
            </Link>
          </li>
        </ul>
        {!isOver && (
          <p className="mt-2 text-sm text-muted">
            The manifest and the contact sheet are there when the run has ended.
          </p>
        )}
      </section>
      <Exports run={run} />
    </div>
  );
}

function FileLink({
  href,
  title,
  about,
}: {
  readonly href: string;
  readonly title: string;
  readonly about: string;
}) {
  return (
    <li className="flex items-center gap-3 p-3 text-sm">
      <span>
        <span className="font-medium">{title}</span>
        <span className="block text-muted">{about}</span>
      </span>
      <a
        href={href}
        download
        className="ml-auto inline-flex min-h-9 shrink-0 items-center gap-1.5 text-link underline"
      >
        <Download aria-hidden className="size-4" />
        Download<span className="sr-only"> {title}</span>
      </a>
    </li>
  );
}

const KINDS = [
  ['zip', 'ZIP archive'],
  ['webdataset', 'WebDataset'],
] as const;
type Kind = (typeof KINDS)[number][0];

function Exports({ run }: { readonly run: Run }) {
  const queries = useQueryClient();
  const { data, error, refetch } = useQuery(exportsQuery(run.run));
  const make = useMutation({
    mutationFn: (as: Kind) => client.results.export(run.run, { as }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['exports', run.run] }),
  });
  return (
    <section>
      <h2 className="mb-2 text-sm font-medium">Everything in one</h2>
      <div className="mb-3 flex flex-wrap gap-2">
        {KINDS.map(([as, words]) => (
          <Button
            key={as}
            variant="secondary"
            size="sm"
            isDisabled={run.items.delivered === 0}
            isPending={make.isPending && make.variables === as}
            onPress={() => make.mutate(as)}
          >
            Make a {words}
          </Button>
        ))}
      </div>
      {error && <ErrorPanel error={error} onRetry={() => void refetch()} />}
      {data?.length === 0 && (
        <EmptyPanel title="Nothing packed yet" detail="It costs nothing, and is kept for a day." />
      )}
      <ul className="flex flex-col gap-2">
        {data?.map((each) => (
          <ExportEntry key={each.export} entry={each} delivered={run.items.delivered} />
        ))}
      </ul>
    </section>
  );
}

type Export = Awaited<ReturnType<typeof client.results.exports>>['data'][number];

function ExportEntry({ entry, delivered }: { readonly entry: Export; readonly delivered: number }) {
  const name = KINDS.find(([as]) => as === entry.as)?.[1] ?? entry.as;
  return (
    <li className="rounded-lg border border-separator bg-surface p-3 text-sm">
      <p className="font-medium">
        {name} <span className="font-normal text-muted">of {timeText(entry.created_at)}</span>
      </p>
      {entry.state === 'working' && (
        <ProgressBar
          aria-label={name}
          size="sm"
          value={entry.images}
          maxValue={Math.max(1, delivered)}
        >
          <ProgressBar.Output>
            {entry.images.toLocaleString('en-US')} of {delivered.toLocaleString('en-US')} images
          </ProgressBar.Output>
          <ProgressBar.Track>
            <ProgressBar.Fill />
          </ProgressBar.Track>
        </ProgressBar>
      )}
      {entry.problem !== null && <p className="text-danger">{entry.problem}</p>}
      {entry.files.map(({ name: file, bytes }) => (
        <a
          key={file}
          download
          href={`/v1/runs/${entry.run}/exports/${entry.export}/files/${encodeURIComponent(file)}`}
          className="mt-1 flex min-h-8 items-center gap-1.5 text-link underline"
        >
          <Download aria-hidden className="size-4" />
          {file} <span className="text-muted">{sizeText(bytes)}</span>
        </a>
      ))}
    </li>
  );
}

function sizeText(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
