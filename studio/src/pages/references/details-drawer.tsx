/** One reference: large, its facts, what models make of it, and what may be done with it. */
import { Button, Drawer, toast } from '@heroui/react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Download, Replace, Trash2, WandSparkles } from 'lucide-react';
import { client } from '../../client.ts';
import { formatName } from '../../../../src/engine/core/media-type.ts';
import { formatBytes } from '../../../../src/engine/core/reference.ts';
import { ChooseFiles } from '../../parts/drop-files.tsx';
import { Picture } from '../../parts/picture.tsx';
import { timeText } from '../../parts/time.ts';
import { PICTURE_TYPES, type Reference, thumbnailOf } from '../../queries/references.ts';
import { useMay } from '../../queries/session.ts';
import { FitList } from './fit-list.tsx';
import { NameForm } from './name-form.tsx';
import { useRemoval } from './use-removal.ts';

interface DetailsDrawerProps {
  readonly reference: Reference;
  /** Another name of it; `undefined`: it is closed. */
  readonly onName: (name: string | undefined) => void;
  readonly onMake: () => void;
}

export function DetailsDrawer({ reference, onName, onMake }: DetailsDrawerProps) {
  const { name, width, height } = reference;
  const mayChange = useMay('runs:write');
  const close = () => onName(undefined);
  return (
    <Drawer isOpen onOpenChange={(isOpen) => isOpen || close()}>
      <Drawer.Backdrop>
        <Drawer.Content
          placement="right"
          className="[&_[role=dialog]]:w-[min(30rem,100vw)] [&_[role=dialog]]:max-w-none"
        >
          <Drawer.Dialog>
            <Drawer.CloseTrigger />
            <Drawer.Header>
              <Drawer.Heading className="truncate pr-8">@{name}</Drawer.Heading>
            </Drawer.Header>
            <Drawer.Body className="flex flex-col gap-5 text-foreground">
              <Picture
                src={thumbnailOf(reference, 720)}
                alt={`Reference ${name}`}
                // A tall one does not push everything else out of sight.
                width={Math.max(width, height)}
                height={height}
                canRetry
                className="shrink-0 rounded-md"
              />
              {mayChange && <Actions reference={reference} onMake={onMake} onRemoved={close} />}
              {mayChange && <NameForm key={name} name={name} onRenamed={onName} />}
              <Facts reference={reference} />
              <FitList reference={reference} />
            </Drawer.Body>
          </Drawer.Dialog>
        </Drawer.Content>
      </Drawer.Backdrop>
    </Drawer>
  );
}

interface ActionsProps {
  readonly reference: Reference;
  readonly onMake: () => void;
  readonly onRemoved: () => void;
}

function Actions({ reference, onMake, onRemoved }: ActionsProps) {
  const { name, url } = reference;
  const remove = useRemoval();
  const replace = useReplacement(name);
  return (
    <div className="flex flex-wrap gap-2">
      <Button size="sm" onPress={onMake}>
        <WandSparkles aria-hidden className="size-4" />
        Make images
      </Button>
      <ChooseFiles
        isSingle
        accept={PICTURE_TYPES}
        onFiles={([file]) => file !== undefined && replace.mutate(file)}
      >
        <Replace aria-hidden className="size-4" />
        {replace.isPending ? 'Replacing…' : 'Replace'}
      </ChooseFiles>
      <a
        href={url}
        download
        className="inline-flex h-8 items-center gap-1.5 rounded-md px-3 text-sm font-medium text-link hover:bg-default"
      >
        <Download aria-hidden className="size-4" />
        Download
      </a>
      <Button
        size="sm"
        variant="danger-soft"
        onPress={() => {
          remove.mutate([name]);
          onRemoved();
        }}
      >
        <Trash2 aria-hidden className="size-4" />
        Remove
      </Button>
    </div>
  );
}

function useReplacement(name: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (file: File) => client.references.upload(name, file),
    onSuccess: async ({ replaced }) => {
      await queries.invalidateQueries({ queryKey: ['references'] });
      toast.success(
        replaced ? `@${name} has another picture` : `@${name} had this picture already`,
      );
    },
  });
}

function Facts({ reference }: { readonly reference: Reference }) {
  const { width, height, bytes, source, hash } = reference;
  const facts = [
    ['Size', `${width} × ${height} px`],
    ['Format', `${formatName(reference.media_type)}, ${formatBytes(bytes)}`],
    ['Source', source],
    ['Added', timeText(reference.added_at)],
    ['SHA-256', hash],
  ] as const;
  return (
    <dl className="grid grid-cols-[5rem_minmax(0,1fr)] gap-x-3 gap-y-1.5 text-sm">
      {facts.map(([term, text]) => (
        <div key={term} className="col-span-2 grid grid-cols-subgrid">
          <dt className="text-muted">{term}</dt>
          <dd
            className={term === 'SHA-256' ? 'font-mono text-xs leading-5 break-all' : 'break-words'}
          >
            {text}
          </dd>
        </div>
      ))}
    </dl>
  );
}
