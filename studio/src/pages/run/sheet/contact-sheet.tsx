/** The living contact sheet: every image of the run, as it comes. */
import { useDeferredValue, useRef, useState } from 'react';
import { Button } from '@heroui/react';
import { useQuery } from '@tanstack/react-query';
import type { Run } from '../../../../../src/api/client/index.ts';
import { EmptyPanel } from '../../../parts/empty-panel.tsx';
import { ErrorPanel } from '../../../parts/error-panel.tsx';
import { tileCountQuery } from '../../../queries/tiles.ts';
import { filterOf, useRunSearch } from '../run-search.ts';
import { Gallery } from './gallery.tsx';
import { RowsTable } from './rows-table.tsx';
import { SelectionBar } from './selection-bar.tsx';
import { SheetFilters, SIZES } from './sheet-filters.tsx';
import { useSelection } from './use-selection.ts';
import { useWidth } from '../../../parts/use-width.ts';

export function ContactSheet({ run }: { readonly run: Run }) {
  const [search, change] = useRunSearch();
  const [size, setSize] = useState<number>(() => (innerWidth < 640 ? 104 : SIZES.usual));
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const selection = useSelection();
  const filter = filterOf(search);
  const by = search.view === 'rows' ? 'row' : 'item';
  const { data, error, refetch } = useQuery(tileCountQuery(run.run, by, filter));
  const wished = useDeferredValue(size);
  const isFiltered = Object.keys(filter).length > 0;
  const view = {
    run: run.run,
    filter,
    width,
    wished,
    total: data?.total ?? 0,
    showsModel: (data?.models.length ?? 0) > 1,
    selection,
    onOpen: ({ item }: { readonly item: string }) => change({ item }),
  };
  const key = JSON.stringify([by, filter]);
  return (
    <section aria-label="Contact sheet">
      <SheetFilters models={data?.models ?? []} size={size} onSize={setSize}>
        {data && `${data.total.toLocaleString('en-US')} ${wordOf(by, data.total)}`}
      </SheetFilters>
      {error && !data && <ErrorPanel error={error} onRetry={() => void refetch()} />}
      <div ref={box}>
        {data?.total === 0 && <Nothing isFiltered={isFiltered} onClear={() => change(NO_FILTER)} />}
        {view.total > 0 && width > 0 && by === 'item' && <Gallery key={key} {...view} />}
        {view.total > 0 && width > 0 && by === 'row' && (
          <RowsTable key={key} {...view} images={run.settings.count ?? 1} />
        )}
      </div>
      <SelectionBar run={run} selection={selection} />
    </section>
  );
}

const NO_FILTER = {
  state: undefined,
  model: undefined,
  flag: undefined,
  review: undefined,
  search: undefined,
};

function wordOf(by: 'item' | 'row', count: number): string {
  if (by === 'row') return count === 1 ? 'row' : 'rows';
  return count === 1 ? 'image' : 'images';
}

function Nothing({
  isFiltered,
  onClear,
}: {
  readonly isFiltered: boolean;
  readonly onClear: () => void;
}) {
  if (!isFiltered) {
    return <EmptyPanel title="No images" detail="The sheet of this run has no rows." />;
  }
  return (
    <EmptyPanel
      title="Nothing is like this"
      detail="No image of this run has all that is asked for."
    >
      <Button variant="secondary" onPress={onClear}>
        Show all images
      </Button>
    </EmptyPanel>
  );
}
