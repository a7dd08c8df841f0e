/** Where files are dropped, pasted or chosen: a field of its own, or around what is there already. */
import type { ReactNode } from 'react';
import { Button, toast } from '@heroui/react';
import { DropZone, FileTrigger, Text } from 'react-aria-components';
import { Upload } from 'lucide-react';
import { type DroppedItem, filesOfDrop, isAccepted } from './dropped-files.ts';

interface DropFilesProps {
  /** What is wanted: "Drop pictures here". */
  readonly label: string;
  readonly onFiles: (files: File[]) => void;
  /** Media types (`image/*`) and endings (`.csv`). Default: any file. */
  readonly accept?: readonly string[];
  /** Default: several files at once. */
  readonly isSingle?: boolean;
  /** A line below: what is taken, up to which size. */
  readonly hint?: string;
  readonly button?: string;
  /** `around`: the children are there, and files may be dropped on them. Default: a field with a button. */
  readonly look?: 'field' | 'around';
  readonly className?: string;
  readonly children?: ReactNode;
}

export function DropFiles({ look = 'field', className = '', ...props }: DropFilesProps) {
  const { label, children } = props;
  const take = useTaken(props);
  const shape =
    look === 'field'
      ? 'flex flex-col items-center gap-2 rounded-lg border border-dashed border-separator px-4 py-6 text-center'
      : 'rounded-lg';
  return (
    <DropZone
      onDrop={({ items }) => void filesOfDrop(items as readonly DroppedItem[]).then(take)}
      className={`outline-none data-[drop-target]:bg-accent-soft data-[drop-target]:ring-2 data-[drop-target]:ring-accent data-[focus-visible]:ring-2 data-[focus-visible]:ring-focus ${shape} ${className}`}
    >
      {look === 'field' ? (
        <Field {...props} />
      ) : (
        <Text slot="label" className="sr-only">
          {label}
        </Text>
      )}
      {children}
    </DropZone>
  );
}

function Field({ label, hint, button = 'Choose files', ...choice }: DropFilesProps) {
  return (
    <>
      <Upload aria-hidden className="size-5 text-muted" />
      <Text slot="label" className="text-sm font-medium">
        {label}
      </Text>
      {hint && <p className="text-xs text-muted">{hint}</p>}
      <ChooseFiles {...choice}>{button}</ChooseFiles>
    </>
  );
}

interface ChooseFilesProps extends Pick<DropFilesProps, 'onFiles' | 'accept' | 'isSingle'> {
  readonly variant?: 'primary' | 'secondary' | 'ghost';
  readonly size?: 'sm' | 'md';
  readonly children: ReactNode;
}

/** A button that opens the system's choice of files. */
export function ChooseFiles({
  onFiles,
  accept,
  isSingle = false,
  variant = 'secondary',
  size = 'sm',
  children,
}: ChooseFilesProps) {
  const take = useTaken({ onFiles, isSingle, ...(accept && { accept }) });
  return (
    <FileTrigger
      allowsMultiple={!isSingle}
      {...(accept && { acceptedFileTypes: accept })}
      onSelect={(files) => take([...(files ?? [])])}
    >
      <Button variant={variant} size={size}>
        {children}
      </Button>
    </FileTrigger>
  );
}

/** What is of another kind is left out, and said. */
function useTaken({
  onFiles,
  accept,
  isSingle,
}: Pick<DropFilesProps, 'onFiles' | 'accept' | 'isSingle'>) {
  return (files: readonly File[]) => {
    const fit = files.filter((file) => isAccepted(file, accept));
    const [other] = files.filter((file) => !fit.includes(file));
    if (other !== undefined) {
      const more = files.length - fit.length - 1;
      toast.warning(`${other.name}${more > 0 ? ` and ${more} more` : ''}: left out`, {
        description: `Only ${(accept ?? []).join(', ')} can be used here.`,
      });
    }
    if (fit.length > 0) onFiles(isSingle === true ? fit.slice(0, 1) : fit);
  };
}
