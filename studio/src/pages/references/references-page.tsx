/** The library: pictures under names, added by drop, paste, file or address, and what is made of them. */
import { useState } from 'react';
import { Button } from '@heroui/react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { WandSparkles } from 'lucide-react';
import { ChooseFiles, DropFiles } from '../../parts/drop-files.tsx';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { Page } from '../../parts/page.tsx';
import { PageSkeleton } from '../../parts/page-skeleton.tsx';
import { usePastedFiles } from '../../parts/use-pasted-files.ts';
import { useReferenceUpload } from '../../parts/use-reference-upload.ts';
import { PICTURE_TYPES, referencesQuery } from '../../queries/references.ts';
import { useMay } from '../../queries/session.ts';
import { AddressDialog } from './address-dialog.tsx';
import { DetailsDrawer } from './details-drawer.tsx';
import { EmptyLibrary } from './empty-library.tsx';
import { Library } from './library.tsx';
import { MakeDialog } from './make/make-dialog.tsx';

export function ReferencesPage() {
  const { data, error, isPending, refetch } = useQuery(referencesQuery);
  const { name, make } = useSearch({ from: '/shell/references' });
  const navigate = useNavigate({ from: '/references' });
  const [isAsking, setIsAsking] = useState(false);
  const { upload, progress } = useReferenceUpload();
  const mayAdd = useMay('runs:write');
  const add = (files: File[]) => void upload(files);
  const isFree = name === undefined && make === undefined && !isAsking;
  usePastedFiles(add, mayAdd && isFree);
  if (isPending) return <PageSkeleton />;
  const show = (search: { name?: string; make?: string }) => void navigate({ search });
  const shown = data?.find((each) => each.name === name);
  return (
    <Page
      title="References"
      width="full"
      about={data && <Count count={data.length} adding={progress} />}
      actions={
        mayAdd &&
        data !== undefined &&
        data.length > 0 && (
          <>
            <Button size="sm" variant="tertiary" onPress={() => setIsAsking(true)}>
              From an address
            </Button>
            <ChooseFiles accept={PICTURE_TYPES} onFiles={add}>
              Add files
            </ChooseFiles>
            <Button size="sm" onPress={() => show({ make: '' })}>
              <WandSparkles aria-hidden className="size-4" />
              Make images
            </Button>
          </>
        )
      }
    >
      {error && <ErrorPanel error={error} onRetry={() => void refetch()} />}
      {data?.length === 0 && (
        <EmptyLibrary {...(mayAdd && { onFiles: add, onAddress: () => setIsAsking(true) })} />
      )}
      {data !== undefined && data.length > 0 && (
        <DropFiles
          look="around"
          label="Drop pictures on the library"
          accept={PICTURE_TYPES}
          onFiles={(files) => mayAdd && add(files)}
        >
          <Library
            references={data}
            onOpen={(opened) => show({ name: opened })}
            onMake={(names) => show({ make: names.map((each) => `@${each}`).join(',') })}
          />
        </DropFiles>
      )}
      {shown && (
        <DetailsDrawer
          key={shown.name}
          reference={shown}
          onName={(next) => show(next === undefined ? {} : { name: next })}
          onMake={() => show({ make: `@${shown.name}` })}
        />
      )}
      {isAsking && <AddressDialog onClose={() => setIsAsking(false)} />}
      {make !== undefined && mayAdd && (
        <MakeDialog names={namesOf(make)} onClose={() => show({})} />
      )}
    </Page>
  );
}

function Count({
  count,
  adding,
}: {
  readonly count: number;
  readonly adding: { readonly done: number; readonly total: number } | undefined;
}) {
  return (
    <span role="status" className="text-sm text-muted tabular-nums">
      {adding === undefined ? count : `Adding ${adding.done} of ${adding.total}…`}
    </span>
  );
}

function namesOf(make: string): string[] {
  return make.split(',').filter((name) => /^@./.test(name));
}
