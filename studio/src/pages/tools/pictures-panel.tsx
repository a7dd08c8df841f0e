/** What is worked on: files that are dropped here, or images of a run. */
import { Button, Chip } from '@heroui/react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { X } from 'lucide-react';
import { DropFiles } from '../../parts/drop-files.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { usePastedFiles } from '../../parts/use-pasted-files.ts';
import { runsQuery } from '../../queries/runs.ts';
import { ChoiceField } from '../../parts/fields.tsx';
import { bytesText } from './bytes.ts';
import { FileList } from './file-list.tsx';
import { MOST_FILES, MOST_UPLOAD_BYTES, PICTURE_KINDS } from './pictures.ts';
import type { Only, ToolSearch } from './tool-search.ts';
import { type useChoices, type useFiles, useToolNavigate } from './use-pictures.ts';

interface PicturesPanelProps {
  readonly search: ToolSearch;
  readonly files: ReturnType<typeof useFiles>;
  readonly choices: ReturnType<typeof useChoices>;
  readonly only: Only;
}

export function PicturesPanel(props: PicturesPanelProps) {
  const go = useToolNavigate();
  const { add } = props.files;
  const take = (files: readonly File[]) => {
    add(files);
    go({ run: undefined, only: undefined });
  };
  usePastedFiles(take);
  return (
    <section aria-labelledby="pictures" className="flex flex-col gap-3">
      <h2 id="pictures" className="leading-8 font-medium">
        Pictures
      </h2>
      <RunField run={props.search.run} />
      {props.search.run === undefined ? (
        <Files files={props.files} onFiles={take} />
      ) : (
        <OfRun {...props} />
      )}
    </section>
  );
}

const OWN = 'own';

function RunField({ run }: { readonly run: string | undefined }) {
  const go = useToolNavigate();
  const { data } = useInfiniteQuery(runsQuery());
  const runs = (data?.pages[0]?.data ?? []).filter(({ items }) => items.delivered > 0);
  const choices = [
    { id: OWN, text: 'Your own files' },
    ...(run === undefined || runs.some((each) => each.run === run)
      ? []
      : [{ id: run, text: `Run ${run}` }]),
    ...runs.map((each) => ({ id: each.run, text: each.title })),
  ];
  return (
    <ChoiceField
      label="From"
      value={run ?? OWN}
      choices={choices}
      onChange={(id) => go({ run: id === OWN ? undefined : id, only: undefined })}
    />
  );
}

function Files({
  files: { files, remove, clear },
  onFiles,
}: {
  readonly files: ReturnType<typeof useFiles>;
  readonly onFiles: (files: readonly File[]) => void;
}) {
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const isTooMuch = files.length > MOST_FILES || bytes > MOST_UPLOAD_BYTES;
  return (
    <>
      <DropFiles
        label={
          files.length === 0 ? 'Drop pictures here, or paste them' : 'Drop more, or paste them'
        }
        hint={`PNG, JPEG, WebP, AVIF, GIF, TIFF, BMP. Up to ${MOST_FILES.toLocaleString('en-US')} files, 512 MB.`}
        accept={PICTURE_KINDS}
        onFiles={onFiles}
      />
      {files.length > 0 && (
        <div className="flex items-center gap-2 text-sm">
          <span className="tabular-nums">
            {files.length.toLocaleString('en-US')} {files.length === 1 ? 'file' : 'files'},{' '}
            {bytesText(bytes)}
          </span>
          <Button size="sm" variant="ghost" className="ml-auto" onPress={clear}>
            <X aria-hidden className="size-4" />
            Remove all
          </Button>
        </div>
      )}
      {isTooMuch && (
        <p role="alert" className="text-sm text-danger">
          That is more than one job takes. Remove some, and start two jobs.
        </p>
      )}
      <FileList files={files} onRemove={remove} />
    </>
  );
}

const TITLES: Readonly<Record<Only, string>> = {
  all: 'All delivered images',
  selected: 'The selection',
  kept: 'Kept',
  rejected: 'Rejected',
  starred: 'Starred',
  noted: 'With a note',
  undecided: 'Undecided',
};
const ORDER = Object.keys(TITLES) as readonly Only[];

function OfRun({ search, choices: { known, counts }, only }: PicturesPanelProps) {
  const go = useToolNavigate();
  if (known.error) return <ErrorPanel error={known.error} onRetry={() => void known.refetch()} />;
  const choices = ORDER.filter((each) => each === only || (counts[each] ?? 0) > 0).map((each) => ({
    id: each,
    text: `${TITLES[each]} · ${(counts[each] ?? 0).toLocaleString('en-US')}`,
  }));
  const count = counts[only];
  return (
    <>
      <ChoiceField
        label="Which of them"
        value={only}
        choices={choices}
        onChange={(id) => go({ only: id as Only })}
      />
      <p className="flex flex-wrap items-center gap-2 text-sm">
        <Chip size="sm" variant="soft">
          {count === undefined ? '…' : `${count.toLocaleString('en-US')} images`}
        </Chip>
        <Link
          to="/runs/$run"
          params={{ run: search.run ?? '' }}
          className="truncate text-link underline"
        >
          {known.data?.title ?? 'The run'}
        </Link>
      </p>
      {count === 0 && (
        <p className="text-sm text-muted">
          {only === 'all'
            ? 'The run has no delivered images yet.'
            : 'No image of the run is this any more. Choose others.'}
        </p>
      )}
    </>
  );
}
