/** Pictures of the library for the rows that are selected. */
import { type ReactNode, useState } from 'react';
import { Button } from '@heroui/react';
import { ReferenceDialog } from '../../parts/reference-dialog.tsx';
import type { Table } from '../../parts/draft/draft.ts';
import { withReference } from './table.ts';
import { useDraft } from './use-draft.tsx';

interface RowPicturesProps {
  readonly rowIds: ReadonlySet<number>;
  readonly children: ReactNode;
}

export function RowPictures({ rowIds, children }: RowPicturesProps) {
  const { step } = useDraft();
  const [isOpen, setIsOpen] = useState(false);
  const put = (names: readonly string[]) => {
    setIsOpen(false);
    step((now) => (now.kind === 'table' ? withAll(now, rowIds, names) : now));
  };
  return (
    <>
      <Button
        size="sm"
        variant="ghost"
        isDisabled={rowIds.size === 0}
        onPress={() => setIsOpen(true)}
      >
        {children}
      </Button>
      {isOpen && <ReferenceDialog value={[]} onClose={() => setIsOpen(false)} onChoose={put} />}
    </>
  );
}

function withAll(table: Table, rowIds: ReadonlySet<number>, names: readonly string[]): Table {
  let now = table;
  for (const id of rowIds) for (const name of names) now = withReference(now, id, name);
  return now;
}
