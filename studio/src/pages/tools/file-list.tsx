/** The files that will go up, each to be taken out again. */
import { Button } from '@heroui/react';
import { useState } from 'react';
import { X } from 'lucide-react';
import { bytesText } from './bytes.ts';

/** More are counted, and shown when somebody asks. */
const FIRST = 5;

interface FileListProps {
  readonly files: readonly File[];
  readonly onRemove: (file: File) => void;
}

export function FileList({ files, onRemove }: FileListProps) {
  const [showsAll, setShowsAll] = useState(false);
  const shown = showsAll ? files : files.slice(0, FIRST);
  if (files.length === 0) return null;
  return (
    <>
      <ul className="max-h-60 divide-y divide-separator overflow-auto text-sm" aria-label="Files">
        {shown.map((file, at) => (
          <li key={`${at} ${file.name}`} className="flex items-center gap-2 py-0.5">
            <span className="min-w-0 truncate">{file.name}</span>
            <span className="ml-auto shrink-0 text-xs text-muted tabular-nums">
              {bytesText(file.size)}
            </span>
            <Button
              isIconOnly
              size="sm"
              variant="ghost"
              aria-label={`Remove ${file.name}`}
              onPress={() => onRemove(file)}
            >
              <X aria-hidden className="size-4" />
            </Button>
          </li>
        ))}
      </ul>
      {files.length > FIRST && !showsAll && (
        <Button size="sm" variant="ghost" onPress={() => setShowsAll(true)}>
          Show all {files.length.toLocaleString('en-US')}
        </Button>
      )}
    </>
  );
}
