/** A table of words: cells by column, wider than its box where it must be, then it scrolls inside. */
import type { ReactNode } from 'react';
import { Table } from '@heroui/react';

export interface Column<Entry> {
  readonly id: string;
  readonly title: string;
  readonly isNumber?: boolean;
  readonly cell: (entry: Entry) => ReactNode;
}

interface DataTableProps<Entry> {
  readonly label: string;
  /** The first names the row. */
  readonly columns: readonly Column<Entry>[];
  readonly entries: readonly Entry[];
  readonly idOf: (entry: Entry, place: number) => string;
}

export function DataTable<Entry>({ label, columns, entries, idOf }: DataTableProps<Entry>) {
  return (
    <Table>
      <Table.ScrollContainer>
        <Table.Content aria-label={label}>
          <Table.Header>
            {columns.map(({ id, title, isNumber }, place) => (
              <Table.Column
                key={id}
                id={id}
                isRowHeader={place === 0}
                className={isNumber ? 'text-right' : ''}
              >
                {title}
              </Table.Column>
            ))}
          </Table.Header>
          <Table.Body>
            {entries.map((entry, place) => (
              <Table.Row key={idOf(entry, place)} id={idOf(entry, place)}>
                {columns.map(({ id, isNumber, cell }) => (
                  <Table.Cell
                    key={id}
                    className={isNumber ? 'text-right whitespace-nowrap tabular-nums' : ''}
                  >
                    {cell(entry)}
                  </Table.Cell>
                ))}
              </Table.Row>
            ))}
          </Table.Body>
        </Table.Content>
      </Table.ScrollContainer>
    </Table>
  );
}
