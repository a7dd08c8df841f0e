/** Why planning takes long: a column's addresses are fetched first, each a picture to work from. */
import { Button } from '@heroui/react';
import { useDraft } from './use-draft.tsx';
import { withMeaning } from './table.ts';

export function FetchingNote() {
  const { draft, step } = useDraft();
  const { source } = draft;
  if (source.kind === 'text') return null;
  const place = source.columns.findIndex(
    ({ meaning }, at) =>
      meaning === 'image' && source.rows.some(({ cells }) => isAddress(cells[at])),
  );
  const column = source.columns[place];
  if (column === undefined) return null;
  const ignore = () => step((now) => (now.kind === 'text' ? now : withMeaning(now, place, '')));
  return (
    <div className="flex flex-col items-start gap-2 text-sm">
      <p className="text-muted">
        The pictures of the column “{column.heading}” are fetched first, as references to work from.
        Are they only examples?
      </p>
      <Button size="sm" variant="secondary" onPress={ignore}>
        Ignore this column
      </Button>
    </div>
  );
}

function isAddress(cell: string | undefined): boolean {
  return cell !== undefined && /^https?:\/\//i.test(cell.trim());
}
