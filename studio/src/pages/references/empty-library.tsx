import { Button } from '@heroui/react';
import { DropFiles } from '../../parts/drop-files.tsx';
import { EmptyPanel } from '../../parts/empty-panel.tsx';
import { PICTURE_TYPES } from '../../queries/references.ts';

interface EmptyLibraryProps {
  readonly onFiles?: (files: File[]) => void;
  readonly onAddress?: () => void;
}

/** Before the first picture. */
export function EmptyLibrary({ onFiles, onAddress }: EmptyLibraryProps) {
  if (onFiles === undefined) {
    return (
      <EmptyPanel
        title="No references yet"
        detail="Pictures that prompts are made after will be here, each under a name."
      />
    );
  }
  return (
    <DropFiles
      label="Drop pictures here, or paste them"
      hint="PNG, JPEG, WebP, AVIF, GIF, TIFF or BMP, up to 50 MB each. Prompts use them by name: @hero."
      accept={PICTURE_TYPES}
      onFiles={onFiles}
      className="py-16"
    >
      {onAddress && (
        <Button size="sm" variant="ghost" onPress={onAddress}>
          From an address
        </Button>
      )}
    </DropFiles>
  );
}
