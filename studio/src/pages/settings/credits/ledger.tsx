/** Every movement of credits, the newest first; by run and time; as a table to take along. */
import { useState } from 'react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Label, SearchField, TextField, Input } from '@heroui/react';
import { Download } from 'lucide-react';
import { EmptyPanel } from '../../../parts/empty-panel.tsx';
import { ErrorPanel } from '../../../parts/error-panel.tsx';
import { timeText } from '../../../parts/time.ts';
import { type LedgerFilter, ledgerQuery } from '../../../queries/settings.ts';
import { type Column, DataTable } from '../parts/data-table.tsx';
import { Panel, SectionSkeleton } from '../parts/section.tsx';
import { type LedgerLine, kindText, movementText } from './ledger-words.ts';

const COLUMNS: readonly Column<LedgerLine>[] = [
  { id: 'at', title: 'When', cell: ({ at }) => timeText(at) },
  { id: 'kind', title: 'What', cell: kindText },
  { id: 'credits', title: 'Credits', isNumber: true, cell: movementText },
  {
    id: 'run',
    title: 'Run',
    cell: ({ run }) =>
      run && (
        <Link to="/runs/$run" params={{ run }} className="text-link underline">
          {run}
        </Link>
      ),
  },
  { id: 'items', title: 'Images', isNumber: true, cell: ({ items }) => items.length || '' },
  { id: 'reason', title: 'Reason', cell: ({ reason, reference }) => reason ?? reference ?? '' },
];

export function Ledger() {
  const [filter, setFilter] = useState<LedgerFilter>({});
  const ledger = useInfiniteQuery(ledgerQuery(filter));
  const lines = ledger.data?.pages.flatMap((page) => page.data) ?? [];
  const isFiltered = Object.keys(filter).length > 0;
  return (
    <Panel
      title="Ledger"
      about="Double entry: credits leave one account for another, so each movement has two lines."
      actions={
        <a
          href={`/v1/ledger?${new URLSearchParams({ format: 'csv', ...filter })}`}
          download="ledger.csv"
          className="button button--secondary button--sm"
        >
          <Download aria-hidden className="size-4" />
          Download as CSV
        </a>
      }
    >
      <LedgerFilters onChange={setFilter} />
      {ledger.isPending && <SectionSkeleton />}
      {ledger.error && <ErrorPanel error={ledger.error} onRetry={() => void ledger.refetch()} />}
      {ledger.data && lines.length === 0 && (
        <EmptyPanel
          title={isFiltered ? 'No line is of that' : 'Nothing has moved yet'}
          detail={
            isFiltered
              ? 'Clear the run or widen the time.'
              : 'Grants, purchases, and what images cost will stand here.'
          }
        />
      )}
      {lines.length > 0 && (
        <DataTable
          label="Ledger"
          columns={COLUMNS}
          entries={lines}
          idOf={(line, place) => `${line.source} ${line.kind} ${line.account} ${place}`}
        />
      )}
      {ledger.hasNextPage && (
        <Button
          className="mt-3"
          variant="secondary"
          size="sm"
          isPending={ledger.isFetchingNextPage}
          onPress={() => void ledger.fetchNextPage()}
        >
          Show more
        </Button>
      )}
    </Panel>
  );
}

function LedgerFilters({ onChange }: { readonly onChange: (filter: LedgerFilter) => void }) {
  const [run, setRun] = useState('');
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const tell = (next: { run: string; from: string; to: string }) =>
    onChange({
      ...(next.run.trim() && { run: next.run.trim() }),
      ...(next.from && { from: new Date(`${next.from}T00:00`).toISOString() }),
      ...(next.to && { to: new Date(Date.parse(`${next.to}T00:00`) + DAY_MS).toISOString() }),
    });
  return (
    <div className="mb-3 flex flex-wrap items-end gap-3">
      <SearchField
        value={run}
        onChange={setRun}
        onSubmit={() => tell({ run, from, to })}
        onClear={() => tell({ run: '', from, to })}
        className="min-w-40 flex-1"
      >
        <Label>Of the run</Label>
        <SearchField.Group>
          <SearchField.SearchIcon />
          <SearchField.Input placeholder="Its id, then Enter" />
          <SearchField.ClearButton />
        </SearchField.Group>
      </SearchField>
      <DayField
        label="From"
        value={from}
        onChange={(day) => {
          setFrom(day);
          tell({ run, from: day, to });
        }}
      />
      <DayField
        label="To the end of"
        value={to}
        onChange={(day) => {
          setTo(day);
          tell({ run, from, to: day });
        }}
      />
    </div>
  );
}

const DAY_MS = 86_400_000;

interface DayFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (day: string) => void;
}

function DayField({ label, value, onChange }: DayFieldProps) {
  return (
    <TextField type="date" value={value} onChange={onChange}>
      <Label>{label}</Label>
      <Input />
    </TextField>
  );
}
