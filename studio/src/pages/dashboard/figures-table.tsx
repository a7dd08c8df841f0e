/** Rows of figures. On a phone it scrolls within itself. */
import type { ReactNode } from 'react';
import { Table } from '@heroui/react';

export interface FigureColumn<Row> {
  readonly id: string;
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  /** Words stand at the left, figures at the right. */
  readonly isText?: boolean;
  /** Long words have several lines. */
  readonly wraps?: boolean;
}

interface FiguresTableProps<Row> {
  readonly label: string;
  readonly columns: readonly FigureColumn<Row>[];
  readonly rows: readonly Row[];
  readonly idOf: (row: Row) => string;
}

export function FiguresTable<Row>({ label, columns, rows, idOf }: FiguresTableProps<Row>) {
  return (
    <Table variant="secondary" className="min-w-0">
      <Table.ScrollContainer>
        <Table.Content aria-label={label}>
          <Table.Header>
            {columns.map(({ id, title, isText }, place) => (
              <Table.Column
                key={id}
                id={id}
                isRowHeader={place === 0}
                className={`px-2 whitespace-nowrap ${isText === true ? '' : 'text-right'}`}
              >
                {title}
              </Table.Column>
            ))}
          </Table.Header>
          <Table.Body>
            {rows.map((row) => (
              <Table.Row key={idOf(row)} id={idOf(row)}>
                {columns.map(({ id, cell, isText, wraps }) => (
                  <Table.Cell
                    key={id}
                    className={`px-2 ${isText === true ? '' : 'text-right tabular-nums'} ${wraps === true ? '' : 'whitespace-nowrap'}`}
                  >
                    {cell(row)}
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
