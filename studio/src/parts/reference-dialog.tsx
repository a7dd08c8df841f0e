/** The library in a dialog: search it, choose from it, add to it by drop, paste or file. */
import { useState } from 'react';
import { Button, Modal, SearchField } from '@heroui/react';
import { useQuery } from '@tanstack/react-query';
import { PICTURE_TYPES, type Reference, referencesQuery } from '../queries/references.ts';
import { useMay } from '../queries/session.ts';
import { ChooseFiles, DropFiles } from './drop-files.tsx';
import { EmptyPanel } from './empty-panel.tsx';
import { ErrorPanel } from './error-panel.tsx';
import { ReferenceGrid } from './reference-grid.tsx';
import { usePastedFiles } from './use-pasted-files.ts';
import { type UploadProgress, useReferenceUpload } from './use-reference-upload.ts';

interface ReferenceDialogProps {
  readonly value: readonly string[];
  readonly most?: number | undefined;
  readonly onChoose: (next: readonly string[]) => void;
  readonly onClose: () => void;
}

export function ReferenceDialog({ value, most, onChoose, onClose }: ReferenceDialogProps) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(
    () => new Set(value.map((name) => name.slice(1))),
  );
  const [search, setSearch] = useState('');
  const { upload, progress } = useReferenceUpload();
  const mayAdd = useMay('runs:write');
  const add = async (files: readonly File[]) => {
    const added = await upload(files);
    setChosen((was) => new Set([...was, ...added.map(({ name }) => name)]));
  };
  usePastedFiles((files) => void add(files), mayAdd);
  const isOver = most !== undefined && chosen.size > most;
  return (
    <Modal isOpen onOpenChange={(isOpen) => isOpen || onClose()}>
      <Modal.Backdrop>
        <Modal.Container size="lg" className="sm:[&_[role=dialog]]:max-w-3xl">
          <Modal.Dialog>
            <Modal.CloseTrigger />
            <Modal.Header>
              <Modal.Heading>Choose references</Modal.Heading>
            </Modal.Header>
            <Modal.Body className="flex flex-col gap-3 text-foreground">
              <div className="flex flex-wrap items-center gap-2 px-0.5">
                <SearchField
                  aria-label="Search references"
                  value={search}
                  onChange={setSearch}
                  className="min-w-40 grow"
                  variant="secondary"
                >
                  <SearchField.Group>
                    <SearchField.SearchIcon />
                    <SearchField.Input placeholder="Search by name" />
                    <SearchField.ClearButton />
                  </SearchField.Group>
                </SearchField>
                {mayAdd && (
                  <ChooseFiles accept={PICTURE_TYPES} onFiles={(files) => void add(files)}>
                    {uploadText(progress)}
                  </ChooseFiles>
                )}
              </div>
              <Library
                search={search}
                chosen={chosen}
                onChosen={setChosen}
                {...(mayAdd && { onFiles: (files) => void add(files) })}
              />
            </Modal.Body>
            <Modal.Footer>
              <span
                aria-live="polite"
                className={`mr-auto text-sm ${isOver ? 'text-danger' : 'text-muted'}`}
              >
                {isOver
                  ? `${chosen.size} chosen, and at most ${most} are taken`
                  : `${chosen.size} chosen${most === undefined ? '' : ` of ${most}`}`}
              </span>
              <Button variant="tertiary" onPress={onClose}>
                Cancel
              </Button>
              <Button isDisabled={isOver} onPress={() => onChoose(inOrder(value, chosen))}>
                {chosen.size === 0 ? 'Use none' : `Use ${chosen.size}`}
              </Button>
            </Modal.Footer>
          </Modal.Dialog>
        </Modal.Container>
      </Modal.Backdrop>
    </Modal>
  );
}

interface LibraryProps {
  readonly search: string;
  readonly chosen: ReadonlySet<string>;
  readonly onChosen: (names: ReadonlySet<string>) => void;
  readonly onFiles?: (files: File[]) => void;
}

function Library({ search, chosen, onChosen, onFiles }: LibraryProps) {
  const { data, error, isPending, refetch } = useQuery(referencesQuery);
  if (isPending) return <p className="py-10 text-center text-sm text-muted">Loading…</p>;
  if (error) return <ErrorPanel error={error} onRetry={() => void refetch()} />;
  if (data.length === 0 && onFiles !== undefined) {
    return (
      <DropFiles
        label="Drop pictures here, or paste them"
        hint="PNG, JPEG, WebP, AVIF, GIF, TIFF or BMP, up to 50 MB each"
        accept={PICTURE_TYPES}
        onFiles={onFiles}
      />
    );
  }
  const grid = (
    <ReferenceGrid
      label="References"
      references={found(data, search)}
      chosen={chosen}
      onChosen={onChosen}
      className="h-[min(26rem,50dvh)]"
      empty={<EmptyPanel title="Nothing found" detail="No reference is called so." />}
    />
  );
  if (onFiles === undefined) return grid;
  return (
    <DropFiles look="around" label="Drop pictures here" accept={PICTURE_TYPES} onFiles={onFiles}>
      {grid}
    </DropFiles>
  );
}

export function found(references: readonly Reference[], search: string): readonly Reference[] {
  const wanted = search.trim().replace(/^@/, '').toLowerCase();
  return references.filter(({ name, source }) =>
    `${name} ${source.toLowerCase()}`.includes(wanted),
  );
}

function uploadText(progress: UploadProgress | undefined): string {
  return progress === undefined ? 'Add files' : `Adding ${progress.done} of ${progress.total}…`;
}

/** What was chosen before keeps its place. */
function inOrder(before: readonly string[], chosen: ReadonlySet<string>): readonly string[] {
  const now = [...chosen].map((name) => `@${name}`);
  const kept = before.filter((name) => now.includes(name));
  return [...kept, ...now.filter((name) => !kept.includes(name))];
}
