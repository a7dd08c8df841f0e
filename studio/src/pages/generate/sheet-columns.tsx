/** What each column of the sheet is read as, to be chosen; and columns that can be added. */
import { Button, Dropdown, Label } from '@heroui/react';
import { Plus, X } from 'lucide-react';
import type { LargeFile, Source, Table } from '../../parts/draft/draft.ts';
import { ChoiceField } from '../../parts/fields.tsx';
import {
  isMeaning,
  MEANING_NAMES,
  MEANINGS,
  REPEATABLE,
  type Meaning,
} from '../../parts/draft/meanings.ts';
import { withColumn, withMeaning, withoutColumn } from './table.ts';
import { useDraft } from './use-draft.tsx';

const IGNORE = 'ignore';
const CHOICES = [
  { id: IGNORE, text: 'Ignore' },
  ...MEANING_NAMES.map((id) => ({ id, text: MEANINGS[id] })),
];

export function SheetColumns({ source }: { readonly source: Table | LargeFile }) {
  const { step } = useDraft();
  const change = (to: (table: Table | LargeFile) => Source) =>
    step((now) => (now.kind === 'text' ? now : to(now)));
  return (
    <ul className="grid gap-2 sm:grid-cols-2 xl:grid-cols-3" aria-label="Columns">
      {source.columns.map(({ heading, meaning }, place) => (
        <li key={heading} className="flex min-w-0 items-end gap-1">
          <ChoiceField
            className="min-w-0 flex-1"
            label={heading}
            value={meaning === '' ? IGNORE : meaning}
            choices={CHOICES}
            onChange={(id) => change((table) => withMeaning(table, place, isMeaning(id) ? id : ''))}
          />
          {source.kind === 'table' && source.columns.length > 1 && (
            <Button
              isIconOnly
              variant="ghost"
              aria-label={`Delete the column ${heading}`}
              onPress={() =>
                change((table) => (table.kind === 'table' ? withoutColumn(table, place) : table))
              }
            >
              <X aria-hidden className="size-4" />
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}

export function AddColumn({ source }: { readonly source: Table }) {
  const { step } = useDraft();
  const taken = new Set(source.columns.map(({ meaning }) => meaning));
  const free = MEANING_NAMES.filter((each) => !taken.has(each) || REPEATABLE.includes(each));
  return (
    <Dropdown>
      <Button size="sm" variant="ghost">
        <Plus aria-hidden className="size-4" />
        Column
      </Button>
      <Dropdown.Popover>
        <Dropdown.Menu
          aria-label="Add a column"
          onAction={(key) =>
            step((now) => (now.kind === 'table' ? withColumn(now, key as Meaning) : now))
          }
        >
          {free.map((meaning) => (
            <Dropdown.Item key={meaning} id={meaning} textValue={MEANINGS[meaning]}>
              <Label>{MEANINGS[meaning]}</Label>
            </Dropdown.Item>
          ))}
        </Dropdown.Menu>
      </Dropdown.Popover>
    </Dropdown>
  );
}
